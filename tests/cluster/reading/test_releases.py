"""Releases of the sandbox, read through everything that reading consists of."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helmpanel.errors import Forbidden, NamespaceMissing, Unauthorized, Unreachable
from helmpanel.inventory.inventory import Inventory
from helmpanel.inventory.live import LiveReading
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.sandbox import Sandbox
from tests.waiting import pass_time, until


@contextlib.asynccontextmanager
async def another(**settings) -> AsyncIterator[Sandbox]:
    """A second sandbox. Stopped in a thread: it waits for its clients to hang up, and those live on this loop."""
    box = Sandbox(**settings).start()
    try:
        yield box
    finally:
        await asyncio.to_thread(box.stop)


STATUSES = ["--deployed", "--failed", "--pending", "--superseded", "--uninstalled", "--uninstalling"]


def release_secret(namespace: str, name: str, revision: int = 1, status: str = "deployed", manifest: str = "") -> dict[str, object]:
    """A Secret as helm stores it."""
    release = {
        "name": name,
        "info": {"last_deployed": "2026-05-05T12:00:00Z", "description": "Install complete", "status": status},
        "chart": {"metadata": {"name": "web", "version": "1.0.0", "appVersion": "2"}},
        "manifest": manifest,
        "version": revision,
        "namespace": namespace,
    }
    payload = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release, separators=(",", ":")).encode(), 1))).decode()
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{revision}",
            "namespace": namespace,
            "labels": {"owner": "helm", "name": name, "status": status, "version": str(revision)},
        },
        "data": {"release": payload},
    }


@pytest.fixture
async def inventory_of(connect):
    made = []

    def inventory_of(kubeconfig=None, namespaces=None, fallback=("default",), **limits) -> Inventory:
        api = connect(kubeconfig, **limits)
        nothing = Availability(state=AvailabilityState.NO_SOURCE, reason="Not asked.")
        places = tuple(namespaces) if namespaces is not None else None
        inventory = Inventory(
            lambda changed, told: LiveReading(api, "secrets", places, fallback, changed=changed, told=told),
            ReleaseTable(),
            context="sandbox",
            availability=lambda chart, version: nothing,
        )
        made.append(inventory)
        return inventory

    yield inventory_of
    for inventory in made:
        await inventory.close()


async def test_what_helm_stores_is_what_is_read(helm, helm_home, sandbox, inventory_of, tmp_path):
    """Installed, upgraded, failed and kept after uninstall: as `helm list` says, for either major."""
    chart = tmp_path / "web"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text('apiVersion: v2\nname: web-site\nversion: 1.2.3-rc-1\nappVersion: "1.10"\n')
    (chart / "templates" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\ndata: {a: '{{ .Values.a }}'}\n")
    for namespace, name in (("default", "web"), ("kube-public", "web"), ("default", "gone")):
        await asyncio.to_thread(helm.run, "install", name, str(chart), "-n", namespace, "--set", "a=1", env=helm_home)
    await asyncio.to_thread(helm.run, "upgrade", "web", str(chart), "--set", "a=2", "--description", "second one", env=helm_home)
    await asyncio.to_thread(helm.run, "uninstall", "gone", "--keep-history", env=helm_home)
    inventory = inventory_of(sandbox.kubeconfig)
    await inventory.refresh()
    listed = await asyncio.to_thread(
        helm.run, "list", "-A", *STATUSES, "-o", "json", "--time-format", "2006-01-02T15:04:05Z07:00", env={**helm_home, "TZ": "UTC"}
    )
    frame = inventory.table.frame
    ours = {
        f"{row.namespace}/{row.name}": (
            str(row.revision),
            row.status,
            f"{row.chart}-{row.version}",
            row.app_version,
            row.updated.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for row in frame.itertuples()
    }
    helms = {
        f"{row['namespace']}/{row['name']}": (row["revision"], row["status"], row["chart"], row["app_version"], row["updated"].replace("+00:00", "Z"))
        for row in json.loads(listed.stdout)
    }
    assert ours == helms
    assert set(ours) == {"default/web", "kube-public/web", "default/gone"}
    web = frame.loc["default/web"]
    assert (web.chart, web.version, web.description) == ("web-site", "1.2.3-rc-1", "second one")


async def test_thousand_releases_take_a_listing_of_labels_one_of_payloads_and_a_watch(sandbox, inventory_of):
    bulk = base64.b64encode(bytes(n * n % 251 for n in range(20_000))).decode()
    sandbox.put(
        *(
            release_secret(f"team-{n % 20}", f"app-{n:04}", revision, status, bulk)
            for n in range(1000)
            for revision, status in ((1, "superseded"), (2, "deployed"))
        )
    )
    inventory = inventory_of(sandbox.kubeconfig, request_timeout_s=30)
    await inventory.refresh()
    assert len(inventory.table.frame) == 1000
    assert set(inventory.table.frame["revision"]) == {2}
    await until(lambda: inventory.table.state is TableState.LIVE)
    verbs = lambda part: [each.verb for each in sandbox.requests if part in each.request]  # noqa: E731
    await until(lambda: verbs("status%3Dsuperseded") == ["list"] or verbs("status=superseded") == ["list"])
    assert sorted(each.verb for each in sandbox.requests) == ["list", "list", "list", "watch"], "labels, payloads, superseded ones; no single release"


async def test_failed_or_pending_revision_hides_the_older_deployed_one(sandbox, inventory_of):
    sandbox.put(
        release_secret("a", "web", 1), release_secret("a", "web", 2, "pending-upgrade"), release_secret("a", "db", 9), release_secret("a", "db", 10, "failed")
    )
    inventory = inventory_of(sandbox.kubeconfig)
    await inventory.refresh()
    assert list(inventory.table.frame[["revision", "status"]].itertuples(index=False, name=None)) == [(10, "failed"), (2, "pending-upgrade")]


async def test_empty_cluster_is_ready_and_empty(sandbox, inventory_of):
    inventory = inventory_of(sandbox.kubeconfig)
    await inventory.refresh()
    await until(lambda: inventory.table.state is TableState.LIVE)
    assert len(inventory.table.frame) == 0


async def test_user_who_may_not_list_is_told_to_name_namespaces_and_then_reads_those(sandbox, inventory_of):
    sandbox.grant("viewer", verbs=["get", "list"], resources=["secrets"], namespaces=["team-a"])
    sandbox.put(release_secret("team-a", "web"), release_secret("team-b", "web"))
    kubeconfig = sandbox.kubeconfig_for("viewer")
    with pytest.raises(Forbidden, match=r'User "viewer" cannot list.*Name the namespaces you may read: namespaces=\[\.\.\.\]'):
        await inventory_of(kubeconfig).refresh()
    inventory = inventory_of(kubeconfig, ["team-a", "team-b"])
    await inventory.refresh()
    assert list(inventory.table.frame.index) == ["team-a/web"]
    await until(lambda: inventory.table.state is TableState.READY)
    closed, limit = inventory.table.problems
    assert "You may not list secrets in namespace team-b" in closed
    assert limit.startswith("Changes are seen every 30 s only. You may not watch secrets in namespace team-a")


async def test_user_of_one_namespace_sees_it_without_naming_it_and_is_told(sandbox, inventory_of):
    sandbox.grant("viewer", verbs=["get", "list", "watch"], resources=["secrets"], namespaces=["team-a"])
    sandbox.put(release_secret("team-a", "web"), release_secret("team-b", "web"))
    inventory = inventory_of(sandbox.kubeconfig_for("viewer"), fallback=("team-a",))
    await inventory.refresh()
    assert list(inventory.table.frame.index) == ["team-a/web"]
    await until(lambda: inventory.table.state is TableState.LIVE)
    assert inventory.table.problems[0].startswith("Only namespace team-a can be shown. You may not list secrets in the whole cluster")


async def test_user_who_may_list_but_not_get_a_single_record_reads_the_charts_all_the_same(sandbox, inventory_of):
    sandbox.grant("lister", verbs=["list", "watch"], resources=["secrets"])
    sandbox.put(release_secret("team-a", "web", 1, "failed"), release_secret("team-a", "web", 2))
    inventory = inventory_of(sandbox.kubeconfig_for("lister"))
    await inventory.refresh()
    assert [(record.revision, record.chart, record.unreadable) for record in inventory.records.values()] == [(2, "web", "")]


async def test_namespace_that_does_not_exist_is_told(sandbox, inventory_of):
    with pytest.raises(NamespaceMissing, match="There is no namespace 'team-x'"):
        await inventory_of(sandbox.kubeconfig, ["team-x"]).refresh()


async def test_token_that_is_nobodys_is_refused_with_a_next_step(sandbox, inventory_of, tmp_path):
    path = tmp_path / "kubeconfig"
    document = json.loads(sandbox.kubeconfig.read_text())
    document["users"][0]["user"] = {"token": "nobody"}
    path.write_text(json.dumps(document))
    inventory = inventory_of(path)
    with pytest.raises(Unauthorized, match="Log in again"):
        await inventory.refresh()
    assert inventory.table.state is TableState.FAILED


async def test_rows_stay_while_the_server_hangs_and_follow_it_afterwards(sandbox, inventory_of):
    sandbox.put(release_secret("a", "web"))
    inventory = inventory_of(sandbox.kubeconfig, request_timeout_s=20)
    await inventory.refresh()
    release = inventory.release(next(iter(inventory.records)))
    listing = sandbox.requests[0].request
    sandbox.faults.add("secrets", hang=True)
    refreshing = asyncio.create_task(inventory.refresh())
    await until(lambda: any(each.request == listing and each.status is None for each in sandbox.requests), "it is listed again")
    await pass_time(20)
    with pytest.raises(Unreachable, match="gave no answer within 20 s"):
        await refreshing
    assert (inventory.table.state, list(inventory.table.frame.index)) == (TableState.STALE, ["a/web"])
    sandbox.faults.clear()
    sandbox.put(release_secret("a", "web", 2, "failed"))
    await pass_time(20)  # it has asked once more, and is not answered
    await until(lambda: (inventory.table.state, release.status, release.revision) == (TableState.LIVE, "failed", 2))


async def test_server_that_went_away_leaves_the_rows(inventory_of, tmp_path):
    async with another() as box:
        box.put(release_secret("a", "web"))
        kubeconfig = Path(shutil.copy(box.kubeconfig, tmp_path))
        inventory = inventory_of(kubeconfig)
        await inventory.refresh()
    with pytest.raises(Unreachable, match="cannot be reached: connection refused"):
        await inventory.refresh()
    assert inventory.table.state is TableState.STALE
    assert list(inventory.table.frame.index) == ["a/web"]


async def test_several_kubeconfigs_in_the_variable_reach_the_context_named(sandbox, inventory_of):
    async with another(context="other") as other:
        # A name of its own: of two users of the same name the first file's counts, for client-go and for us.
        other.grant("somebody", verbs=["*"])
        other.put(release_secret("a", "elsewhere"))
        sandbox.put(release_secret("a", "here"))
        listed = f"{sandbox.kubeconfig}:{other.kubeconfig_for('somebody')}"
        for context, name in (("other", "a/elsewhere"), (None, "a/here")):
            inventory = inventory_of(context=context, KUBECONFIG=listed)
            await inventory.refresh()
            assert list(inventory.table.frame.index) == [name]
            await inventory.close()
