"""What a script does: list, upgrade in three ways, look, roll back, uninstall. Checked by asking helm itself."""

from __future__ import annotations

import asyncio
import json
import threading

import pandas as pd
import pytest
import yaml

from helmpanel.model.operation import Outcome, Phase
from helmpanel.model.records import RELEASE_COLUMNS
from tests.cluster.api.conftest import TRINO, Place, ended
from tests.waiting import until

WHERE = ("trino", "-n", "data-platform")


async def helm_values(place: Place) -> dict[str, object]:
    return json.loads(await place.ask("get", "values", *WHERE, "-o", "json")) or {}


async def test_releases_are_one_frame_with_documented_columns_and_what_is_available(place: Place):
    cluster = await place.ready()
    frame = cluster.releases
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == RELEASE_COLUMNS
    assert len(frame) == place.demo.size
    row = frame.loc[TRINO]
    assert (row["chart"], row["version"], row["revision"], row["available"]) == ("trino", "1.34.0", 9, "1.35.0")
    assert cluster.context == "demo"
    assert cluster.helm_version.startswith(f"v{place.helm.major}.")
    frame.loc[TRINO, "version"] = "mine"
    assert cluster.releases.loc[TRINO, "version"] == "1.34.0"


async def test_upgrade_on_top_of_the_stored_values_keeps_them(place: Place):
    cluster = await place.ready()
    before = await helm_values(place)
    release = cluster.release(TRINO)
    operation = await cluster.upgrade(TRINO, chart="data-platform/trino", version="1.35.0", values="worker:\n  replicas: 3\n", timeout_s=30)
    await ended(operation)
    assert (operation.outcome, operation.error, operation.warnings) == (Outcome.SUCCEEDED, None, ())
    assert await helm_values(place) == {**before, "worker": {"replicas": 3}}
    # The row, and the object held, are fresh when the end is told.
    assert tuple(cluster.releases.loc[TRINO, ["version", "revision", "status"]]) == ("1.35.0", 10, "deployed")
    assert (release.version, release.revision) == ("1.35.0", 10)
    status = json.loads(await place.ask("status", *WHERE, "-o", "json"))
    assert (status["version"], status["info"]["status"]) == (10, "deployed")


async def test_values_given_as_a_dict_on_the_new_defaults(place: Place):
    cluster = await place.ready()
    before = await helm_values(place)
    operation = await cluster.upgrade(
        TRINO, chart="data-platform/trino", version="1.35.0", values={"worker": {"replicas": 3}, "note": "on"}, mode="reset-then-reuse", timeout_s=30
    )
    assert (await ended(operation)).outcome is Outcome.SUCCEEDED
    assert await helm_values(place) == {**before, "worker": {"replicas": 3}, "note": "on"}


async def test_exactly_the_values_given_and_nothing_else(place: Place):
    cluster = await place.ready()
    operation = await cluster.upgrade(TRINO, chart="data-platform/trino", version="1.35.0", values="worker: {replicas: 1}\n", mode="reset", timeout_s=30)
    assert (await ended(operation)).outcome is Outcome.SUCCEEDED
    assert await helm_values(place) == {"worker": {"replicas": 1}}


async def test_rollback_brings_back_version_and_values(place: Place):
    cluster = await place.ready()
    before = await helm_values(place)
    await ended(await cluster.upgrade(TRINO, chart="data-platform/trino", version="1.35.0", values="worker: {replicas: 1}\n", mode="reset", timeout_s=30))
    operation = await ended(await cluster.rollback(TRINO, revision=9))
    assert (operation.outcome, operation.target) == (Outcome.SUCCEEDED, "to revision 9")
    assert tuple(cluster.releases.loc[TRINO, ["version", "revision", "status"]]) == ("1.34.0", 11, "deployed")
    assert await helm_values(place) == before


async def test_uninstall_keeps_the_history_when_asked_and_then_takes_it_too(place: Place):
    cluster = await place.ready()
    assert (await ended(await cluster.uninstall(TRINO, keep_history=True))).outcome is Outcome.SUCCEEDED
    assert cluster.releases.loc[TRINO, "status"] == "uninstalled"
    release = cluster.release(TRINO)
    assert (await ended(await cluster.uninstall(TRINO))).outcome is Outcome.SUCCEEDED
    assert TRINO not in cluster.releases.index
    assert release.is_gone
    assert "trino" not in json.dumps([row["name"] for row in json.loads(await place.ask("list", "-A", "-o", "json", "--filter", "^trino$"))])


async def test_history_values_manifest_and_notes_are_helms(place: Place):
    cluster = await place.ready()
    history = await cluster.history(TRINO)
    assert list(history.columns) == ["revision", "updated", "status", "chart", "version", "app_version", "description"]
    assert history["revision"].is_monotonic_decreasing
    assert isinstance(history["updated"].dtype, pd.DatetimeTZDtype)
    assert tuple(history.loc[0, ["revision", "status", "chart", "version", "app_version"]]) == (9, "deployed", "trino", "1.34.0", "467")
    assert yaml.safe_load(await cluster.values(TRINO)) == await helm_values(place)
    assert "service" in yaml.safe_load(await cluster.values(TRINO, computed=True))
    older = int(history["revision"].iloc[-1])
    assert await cluster.manifest(TRINO, revision=older) != await cluster.manifest(TRINO)
    assert "trino" in await cluster.notes(TRINO)


async def test_uninstall_is_previewed_from_what_is_stored(place: Place):
    cluster = await place.ready()
    preview = await cluster.uninstall_preview("identity/harbor")
    goes = {group.kind: group.names for group in preview.goes}
    stays = {(group.kind, group.reason.split(":")[0]): group.names for group in preview.stays}
    assert "harbor-core" in goes["Deployment"]
    assert "harbor-shared" in stays["PersistentVolumeClaim", "kept by its resource policy"]
    assert any("harbor-registry" in name for name in stays["PersistentVolumeClaim", "holds the data of a StatefulSet"])
    assert ("identity",) in stays.values()
    assert preview.revisions == 4
    crds = await cluster.uninstall_preview("platform-system/cert-manager")
    assert any(group.kind == "CustomResourceDefinition" for group in crds.stays)


async def test_pending_shows_in_the_row_while_helm_works_and_progress_is_told(place: Place):
    cluster = await place.ready()
    slow = {"podAnnotations": {"fake-kubelet/ready-after": "5"}}
    operation = await cluster.upgrade(TRINO, chart="data-platform/trino", version="1.35.0", values=slow, timeout_s=60)
    await until(lambda: cluster.releases.loc[TRINO, "status"] == "pending-upgrade")
    await until(lambda: operation.phase is Phase.WAITING)
    assert operation.progress == -1
    assert "Waiting for" in operation.message
    assert (await ended(operation)).outcome is Outcome.SUCCEEDED
    assert operation.elapsed > 5
    assert any("waiting for resource" in line.lower() or "is not ready" in line for line in operation.log)


async def test_choices_and_defaults_come_from_the_repositories(place: Place):
    cluster = await place.ready()
    choices = await cluster.chart_choices(TRINO)
    assert choices.reference == "data-platform/trino"
    assert [one.version for one in choices.versions][:2] == ["1.35.0", "1.34.0"]
    assert "worker" in await cluster.chart_defaults("data-platform/trino", "1.35.0")


async def test_refreshed_repositories_bring_new_versions(place: Place):
    cluster = await place.ready()
    assert pd.isna(cluster.releases.loc["ml/mlflow", "available"])
    from helmpanel.sandbox.demo import charts, repositories

    place.demo.repository.serve("data-platform", [*repositories()["data-platform"], charts()["mlflow"][0]])
    state = await cluster.refresh_repositories()
    assert "data-platform" in state.names
    assert cluster.releases.loc["ml/mlflow", "available"] == "1.8.0"
    assert cluster.table.sources == state


async def test_one_object_serves_several_threads_and_event_loops(place: Place):
    cluster = await place.ready()
    got: list[str] = []

    def elsewhere() -> None:
        async def work() -> None:
            await cluster.ready()
            got.append(await cluster.values(TRINO))

        asyncio.run(work())

    threads = [threading.Thread(target=elsewhere) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join, 30)
    assert got == [await cluster.values(TRINO)] * 3


async def test_context_manager_is_ready_inside_and_closed_after(place: Place):
    async with place.connect() as cluster:
        assert len(cluster.releases) == place.demo.size
    with pytest.raises(Exception, match="closed"):
        await cluster.refresh()
