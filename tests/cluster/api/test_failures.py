"""What goes wrong says what happened, and leaves nothing frozen. Each on the real helm."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from helmpanel.errors import (
    FailureKind,
    Forbidden,
    HelmFailure,
    HelmMissing,
    HelmTooOld,
    KubeconfigInvalid,
    NamespaceMissing,
    NotAllowed,
    ReleaseBusy,
    ReleaseMoved,
    ReleaseNotFound,
    Unauthorized,
    Unreachable,
    ValuesInvalid,
)
from helmpanel.model.operation import Outcome, Phase
from helmpanel.model.table import TableState
from tests.cluster.api.conftest import Place, ended
from tests.waiting import until

TRINO = "data-platform/trino"
AIRFLOW = "data-platform/airflow"
UPGRADE = {"chart": "data-platform/trino", "version": "1.35.0"}


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
    assert TRINO not in cluster.releases.index
    with pytest.raises(HelmFailure) as caught:
        await cluster.values(TRINO)
    assert caught.value.kind is FailureKind.NOT_FOUND


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


async def test_uninstall_without_the_right_to_delete_objects_is_no_plain_success(place: Place):
    """Helm 4 exits 0 and leaves the objects, Helm 3 fails and leaves the release uninstalling."""
    place.demo.box.grant("secrets-only", verbs=["*"], resources=["secrets"])
    cluster = await place.ready(kubeconfig=place.demo.box.kubeconfig_for("secrets-only"))
    operation = await ended(await cluster.uninstall(TRINO))
    if place.helm.major == 4:
        assert operation.outcome is Outcome.SUCCEEDED
        assert operation.warnings
        assert "left behind" in operation.message
    else:
        assert (operation.outcome, operation.error.kind) == (Outcome.FAILED, FailureKind.FORBIDDEN)
    assert place.demo.box.get("Deployment", "data-platform", "trino-coordinator") is not None


async def test_write_without_the_right_says_which_right(place: Place):
    place.demo.box.grant("viewer", verbs=["get", "list", "watch"])
    cluster = await place.ready(kubeconfig=place.demo.box.kubeconfig_for("viewer"))
    operation = await ended(await cluster.upgrade(TRINO, **UPGRADE))
    assert operation.error.kind is FailureKind.FORBIDDEN
    assert "secrets" in str(operation.error)


async def test_listing_without_the_right_says_which_right(place: Place):
    place.demo.box.grant("nobody")
    cluster = place.connect(kubeconfig=place.demo.box.kubeconfig_for("nobody"))
    with pytest.raises(Forbidden, match="secrets"):
        await cluster.ready()
    assert cluster.table.state is TableState.FAILED
    place.demo.box.grant("nobody", verbs=["get", "list"], resources=["secrets", "namespaces"], namespaces=["ml"])
    one = await place.ready(kubeconfig=place.demo.box.kubeconfig_for("nobody"), namespaces=["ml"])
    assert set(one.releases["namespace"]) == {"ml"}


async def test_refused_credentials_are_told_and_the_rows_stay(place: Place):
    cluster = await place.ready()
    place.demo.box.faults.add("secrets", status=401)
    with pytest.raises(Unauthorized):
        await cluster.refresh()
    assert cluster.table.state is TableState.STALE
    assert len(cluster.releases) == place.demo.size
    place.demo.box.faults.clear()
    await cluster.refresh()
    assert cluster.table.state is TableState.READY


async def test_server_that_never_answers_is_told_in_time_and_reads_are_not_stuck_behind_it(place: Place):
    place.demo.box.faults.add("secrets", hang=True)
    cluster = place.connect(request_timeout_s=1.0, read_timeout_s=2.0)
    with pytest.raises(Unreachable):
        await asyncio.wait_for(cluster.ready(), 20)
    with pytest.raises(HelmFailure) as caught:
        await asyncio.wait_for(cluster.values(TRINO), 20)
    assert caught.value.kind is FailureKind.TIMEOUT
    await asyncio.wait_for(cluster.close(), 10)


async def test_server_that_is_gone_is_unreachable(place: Place, tmp_path: Path):
    kubeconfig = tmp_path / "copy.yaml"
    kubeconfig.write_text(place.demo.box.kubeconfig.read_text().replace(place.demo.box.host_port, "127.0.0.1:9"))
    with pytest.raises(Unreachable):
        await place.connect(kubeconfig=kubeconfig).ready()


@pytest.mark.parametrize(
    ("text", "word"),
    [(None, "does not exist"), ("", "empty|no context"), ("a: b: c", "YAML"), ("- just\n- a list\n", "kubeconfig")],
    ids=["missing", "empty", "broken", "list"],
)
async def test_unusable_kubeconfig_is_a_sentence_and_mends_itself(place: Place, tmp_path: Path, text: str | None, word: str):
    kubeconfig = tmp_path / "config"
    if text is not None:
        kubeconfig.write_text(text)
    cluster = place.connect(kubeconfig=kubeconfig)
    with pytest.raises(KubeconfigInvalid, match=word):
        await cluster.ready()
    assert (cluster.table.state, cluster.server) == (TableState.FAILED, "")
    with pytest.raises(KubeconfigInvalid):
        await cluster.values(TRINO)
    kubeconfig.write_text(place.demo.box.kubeconfig.read_text())
    stop = cluster.look()
    await cluster.refresh()
    assert len(cluster.releases) == place.demo.size
    assert cluster.context == "demo"
    stop()


async def test_context_and_namespace_that_do_not_exist_are_named(place: Place):
    with pytest.raises(KubeconfigInvalid, match="'nowhere'"):
        await place.connect(context="nowhere").ready()
    with pytest.raises(NamespaceMissing, match="'nowhere'"):
        await place.connect(namespaces=["nowhere"]).ready()


async def test_several_kubeconfigs_are_left_to_helm(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "other.yaml"
    other.write_text("apiVersion: v1\nkind: Config\ncurrent-context: nothing\ncontexts: []\nclusters: []\nusers: []\n")
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join([str(other), str(place.demo.box.kubeconfig)]))
    cluster = await place.ready(context="demo")
    operation = await ended(await cluster.rollback(TRINO, revision=8))
    assert operation.outcome is Outcome.SUCCEEDED
    assert "--kubeconfig" not in operation.command
    assert operation.command[operation.command.index("--kube-context") + 1] == "demo"


async def test_releases_are_listed_without_helm_and_changes_say_what_is_missing(place: Place, tmp_path: Path):
    cluster = await place.ready(helm=tmp_path / "no-helm")
    assert len(cluster.releases) == place.demo.size
    assert isinstance(cluster.helm_error, HelmMissing)
    with pytest.raises(HelmMissing, match="no-helm"):
        await cluster.upgrade(TRINO, **UPGRADE)
    assert cluster.operations.running == []


async def test_helm_that_is_too_old_is_refused(place: Place, tmp_path: Path):
    old = tmp_path / "helm"
    old.write_text("#!/bin/sh\necho v3.13.3\n")
    old.chmod(0o755)
    cluster = await place.ready(helm=old)
    with pytest.raises(HelmTooOld, match=r"3\.14"):
        await cluster.rollback(TRINO, revision=8)


async def test_megabyte_of_values_goes_through(place: Place):
    cluster = await place.ready()
    text = "".join(f"key{i:06}: {'x' * 40}\n" for i in range(20_000))
    operation = await ended(await cluster.upgrade(TRINO, **UPGRADE, values=text, wait=False))
    assert (operation.outcome, operation.error) == (Outcome.SUCCEEDED, None)
    assert (await cluster.values(TRINO)).count("\n") > 20_000
    assert not any("key000001" in line for line in operation.log)


async def test_ten_thousand_lines_of_log_are_all_there_and_delay_nothing(place: Place, tmp_path: Path):
    """No chart makes the real helm say so much: this one asks helm for its version and then talks."""
    chatty = tmp_path / "helm"
    chatty.write_text(
        f'#!{sys.executable}\nimport sys, subprocess\nif sys.argv[1] == "rollback":\n'
        '    for i in range(12000): print(f"line {i}", file=sys.stderr)\n    sys.exit(0)\n'
        f"sys.exit(subprocess.call([{str(place.helm.path)!r}, *sys.argv[1:]]))\n"
    )
    chatty.chmod(0o755)
    cluster = await place.ready(helm=chatty)
    operation = await ended(await cluster.rollback(TRINO, revision=8))
    assert operation.outcome is Outcome.SUCCEEDED
    assert (operation.log[-1], len(operation.log), operation.log_dropped) == ("line 11999", 10_000, 2_000)
    assert Path(operation.log_path).read_text().count("\n") == 12_000
    assert Path(operation.log_path).stat().st_mode & 0o777 == 0o600
