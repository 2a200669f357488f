"""What goes wrong with an operation says what happened, and leaves nothing frozen. Each on the real helm."""

from __future__ import annotations

import json

import pytest

from helmpanel.errors import (
    FailureKind,
    HelmFailure,
    NotAllowed,
    ReleaseBusy,
    ReleaseMoved,
    ReleaseNotFound,
    ValuesInvalid,
)
from helmpanel.model.operation import Outcome, Phase
from tests.cluster.api.conftest import AIRFLOW, TRINO, UPGRADE, Place, ended
from tests.waiting import until


async def helm_status(place: Place, name: str, namespace: str) -> tuple[int, str]:
    row = json.loads(await place.ask("status", name, "-n", namespace, "-o", "json"))
    return row["version"], row["info"]["status"]


async def test_failed_hook_is_named_and_the_row_says_failed(place: Place):
    cluster = await place.ready()
    operation = await ended(await cluster.upgrade("analytics/superset", chart="data-platform/superset", version="0.15.0", timeout_s=30))
    assert operation.outcome is Outcome.FAILED
    assert isinstance(operation.error, HelmFailure)
    assert operation.error.kind is FailureKind.HOOK_FAILED
    assert "analytics/superset" in str(operation.error)
    assert cluster.releases.loc["analytics/superset", "status"] == "failed"


async def test_image_that_does_not_exist_is_not_ready_and_names_the_resource(place: Place):
    cluster = await place.ready()
    operation = await ended(await cluster.upgrade(TRINO, **UPGRADE, values={"image": {"repository": "does-not-exist"}}, timeout_s=4))
    assert operation.outcome is Outcome.FAILED
    assert operation.error.kind is FailureKind.NOT_READY
    assert "trino-" in str(operation.error)
    assert operation.error.rc == 1
    assert await helm_status(place, "trino", "data-platform") == (10, "failed")


async def test_values_that_the_charts_schema_refuses_are_told_as_such(place: Place):
    cluster = await place.ready()
    operation = await ended(await cluster.upgrade(AIRFLOW, chart="data-platform/airflow", version="1.16.0", values={"config": {"logLevel": "loud"}}))
    assert operation.error.kind is FailureKind.SCHEMA_INVALID
    assert "logLevel" in operation.error.raw
    assert (await helm_status(place, "airflow", "data-platform"))[0] == 14


async def test_invalid_values_start_no_helm(place: Place):
    cluster = await place.ready()
    with pytest.raises(ValuesInvalid) as caught:
        await cluster.upgrade(TRINO, **UPGRADE, values="worker:\n\treplicas: 3\n")
    assert (caught.value.line, caught.value.column) == (2, 1)
    assert cluster.operations.running == cluster.operations.ended == []


async def test_unknown_chart_is_told_as_such(place: Place):
    cluster = await place.ready()
    operation = await ended(await cluster.upgrade(TRINO, chart="data-platform/no-such-chart"))
    assert operation.error.kind is FailureKind.CHART_NOT_FOUND


async def test_cancelled_upgrade_ends_cancelled_and_leaves_a_failed_revision(place: Place):
    cluster = await place.ready()
    operation = await cluster.upgrade(AIRFLOW, chart="data-platform/airflow", version="1.16.0", timeout_s=60)
    # Behind its hook: while one runs Helm 3 may write its pending revision over the failed one (seen).
    await until(lambda: operation.phase is Phase.WAITING and any("resources for changes" in line for line in operation.log))
    await cluster.cancel(operation)
    assert operation.phase in (Phase.CANCELLING, Phase.ENDED)
    await ended(operation)
    assert (operation.outcome, operation.error) == (Outcome.CANCELLED, None)
    assert "roll back to revision 14" in operation.message
    assert cluster.releases.loc[AIRFLOW, "status"] == "failed"
    assert await helm_status(place, "airflow", "data-platform") == (15, "failed")


async def test_cancelled_upgrade_that_was_told_to_roll_back_leaves_a_deployed_revision(place: Place):
    cluster = await place.ready()
    # An image that does not exist: it cannot be done before it is cancelled.
    values = {"image": {"repository": "does-not-exist"}}
    operation = await cluster.upgrade(TRINO, **UPGRADE, values=values, timeout_s=60, rollback_on_failure=True)
    assert operation.rolls_back_on_failure
    await until(lambda: operation.phase is Phase.WAITING and any("resources for changes" in line for line in operation.log))
    await cluster.cancel(operation)
    await ended(operation)
    assert (operation.outcome, operation.error) == (Outcome.CANCELLED, None)
    assert operation.message.endswith("was cancelled, and helm rolled it back to the last revision that had worked, as it was told to.")
    assert await helm_status(place, "trino", "data-platform") == (11, "deployed")
    assert tuple(cluster.releases.loc[TRINO, ["revision", "status", "version"]]) == (11, "deployed", "1.34.0")


async def test_cancelled_rollback_stays_pending_as_its_message_says(place: Place):
    cluster = await place.ready()
    operation = await cluster.rollback(AIRFLOW, revision=13, timeout_s=60)
    await until(lambda: operation.phase is Phase.WAITING)
    await cluster.cancel(operation)
    await ended(operation)
    assert operation.outcome is Outcome.CANCELLED
    assert "roll back again" in operation.message
    assert cluster.releases.loc[AIRFLOW, "status"] == "pending-rollback"


async def test_busy_release_refuses_and_another_one_does_not(place: Place):
    cluster = await place.ready()
    first = await cluster.upgrade(AIRFLOW, chart="data-platform/airflow", version="1.16.0", timeout_s=60)
    with pytest.raises(ReleaseBusy, match=r"upgrade 1\.15\.0 → 1\.16\.0"):
        await cluster.submit(await cluster.plan_uninstall(AIRFLOW))
    other = await ended(await cluster.upgrade(TRINO, **UPGRADE, wait=False))
    assert other.outcome is Outcome.SUCCEEDED
    assert first in cluster.operations.running
    await cluster.cancel(first)
    await ended(first)


async def test_release_that_somebody_else_changed_since_the_plan_is_not_touched(place: Place):
    cluster = await place.ready()
    plan = await cluster.plan_upgrade(TRINO, **UPGRADE)
    await place.ask("rollback", "trino", "8", "-n", "data-platform")
    with pytest.raises(ReleaseMoved, match="revision 9, it is at revision 10 now"):
        await cluster.submit(plan)
    assert await helm_status(place, "trino", "data-platform") == (10, "deployed")
    assert (await ended(await cluster.upgrade(TRINO, **UPGRADE))).outcome is Outcome.SUCCEEDED


async def test_release_that_is_gone_is_told_before_helm_runs(place: Place):
    cluster = await place.ready()
    plan = await cluster.plan_uninstall(TRINO)
    await place.ask("uninstall", "trino", "-n", "data-platform")
    with pytest.raises(ReleaseMoved, match="gone"):
        await cluster.submit(plan)
    with pytest.raises(ReleaseNotFound, match="data-platform/trino"):
        await cluster.uninstall(TRINO)
    await until(lambda: TRINO not in cluster.releases.index)
    with pytest.raises(ReleaseNotFound, match="data-platform/trino"):
        await cluster.values(TRINO)


async def test_read_only_changes_nothing(place: Place):
    cluster = await place.ready(read_only=True)
    with pytest.raises(NotAllowed, match="read-only"):
        await cluster.rollback(TRINO, revision=8)
    assert await cluster.values(TRINO)


async def test_stuck_release_is_busy_to_helm_and_a_rollback_frees_it(place: Place):
    cluster = await place.ready()
    name = "platform-system/external-dns"
    operation = await ended(await cluster.upgrade(name, chart="infrastructure/external-dns", version="1.16.1"))
    assert operation.error.kind is FailureKind.BUSY
    assert (await ended(await cluster.rollback(name, revision=3))).outcome is Outcome.SUCCEEDED
    assert cluster.releases.loc[name, "status"] == "deployed"
