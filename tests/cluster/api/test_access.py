"""Missing rights, refused credentials, servers that do not answer, kubeconfigs that say nothing: each a sentence, on the real helm."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from helmpanel.cluster import connect
from helmpanel.errors import (
    FailureKind,
    Forbidden,
    KubeconfigInvalid,
    NamespaceMissing,
    Unauthorized,
    Unreachable,
)
from helmpanel.model.operation import Outcome
from helmpanel.model.table import TableState
from helmpanel.settings import Settings
from tests.cluster.api.conftest import TRINO, UPGRADE, Place, ended
from tests.waiting import until


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


async def test_namespaces_of_the_settings_are_shown_where_the_whole_cluster_is_forbidden(place: Place):
    """Health too; what is closed is named."""
    place.demo.box.grant("team", verbs=["get", "list", "watch"], namespaces=["ml", "storage"])
    settings = Settings(data_dir=place.data_dir, namespaces=("ml", "storage", "shop"))
    cluster = connect(place.demo.box.kubeconfig_for("team"), helm=place.helm.path, settings=settings)
    place.clusters.append(cluster)
    await cluster.ready()
    assert set(cluster.releases["namespace"]) == {"ml", "storage"}
    whole, closed = cluster.table.problems
    assert whole.startswith("Only namespaces ml, storage can be shown. You may not list secrets in the whole cluster")
    assert "secrets in namespace shop" in closed
    assert cluster.releases.loc["ml/mlflow", "health"] == "healthy"


async def test_refused_credentials_are_told_and_the_rows_stay(place: Place):
    cluster = await place.ready()
    place.demo.box.faults.add("secrets", status=401)
    with pytest.raises(Unauthorized):
        await cluster.refresh()
    assert cluster.table.state is TableState.STALE
    assert len(cluster.releases) == place.demo.size
    place.demo.box.faults.clear()
    await until(lambda: cluster.table.state is TableState.LIVE)


async def test_server_that_never_answers_is_told_in_time_and_reads_are_not_stuck_behind_it(place: Place):
    place.demo.box.faults.add("secrets", hang=True)
    cluster = place.connect(request_timeout_s=1.0, read_timeout_s=2.0)
    with pytest.raises(Unreachable):
        await asyncio.wait_for(cluster.ready(), 20)
    with pytest.raises(Unreachable):
        await asyncio.wait_for(cluster.values(TRINO), 20)
    with pytest.raises(Unreachable):
        await asyncio.wait_for(cluster.history(TRINO), 20)
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
