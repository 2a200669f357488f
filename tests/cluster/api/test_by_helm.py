"""Releases read by the helm command line, where their storage cannot be read: behind the same interface, and said so."""

from __future__ import annotations

import stat

import pytest

from helmpanel.errors import Forbidden, SettingsInvalid
from helmpanel.model.table import TableState
from tests.cluster.api.conftest import AIRFLOW, TRINO, UPGRADE, Place, ended
from tests.waiting import until

IN_MEMORY = """
- name: web
  namespace: default
  version: 3
  info: {status: deployed, last_deployed: "2026-05-05T12:00:00Z", description: In memory}
  chart: {metadata: {name: web-site, version: 1.2.3-rc-1, appVersion: "7"}}
"""


async def test_driver_that_only_helm_can_read_is_read_by_helm_and_said_so(place: Place, tmp_path, monkeypatch: pytest.MonkeyPatch):
    """The memory driver holds what a file says; nothing of it is in the cluster."""
    (tmp_path / "releases.yaml").write_text(IN_MEMORY)
    monkeypatch.setenv("HELM_MEMORY_DRIVER_DATA", str(tmp_path / "releases.yaml"))
    cluster = await place.ready(driver="memory")
    [row] = cluster.releases.itertuples()
    assert (row.Index, row.revision, row.status, row.chart, row.version, row.app_version) == ("default/web", 3, "deployed", "web-site", "1.2.3-rc-1", "7")
    assert cluster.table.state is TableState.READY
    assert "by the helm command line" in cluster.table.way
    assert "memory" in cluster.table.way
    (tmp_path / "releases.yaml").write_text(IN_MEMORY.replace("deployed,", "failed,"))
    await cluster.refresh()
    assert cluster.release("default/web").status == "failed"


async def test_configmaps_are_followed_like_secrets(place: Place, tmp_path):
    chart = tmp_path / "small"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: small\nversion: 0.1.0\n")
    (chart / "templates" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n")
    cluster = await place.ready(driver="configmap")
    assert len(cluster.releases) == 0
    place.env["HELM_DRIVER"] = "configmap"
    await place.ask("install", "small", str(chart))
    await until(lambda: list(cluster.releases.index) == ["default/small"])
    await until(lambda: cluster.release("default/small").version == "0.1.0")
    operation = await ended(await cluster.upgrade("default/small", chart=str(chart), values={"a": 1}))
    assert operation.error is None
    assert cluster.release("default/small").revision == 2
    assert await cluster.values("default/small") == "a: 1\n"
    assert "ConfigMaps" in cluster.table.way


async def test_identity_that_may_not_list_secrets_but_whose_helm_can_reads_by_helm(place: Place, tmp_path):
    """A helm of the site's own, which brings its own rights."""
    place.demo.box.grant("viewer", verbs=["get", "list"], resources=["pods"])
    wrapper = tmp_path / "helm"
    theirs, ours = place.demo.box.kubeconfig_for("viewer"), place.demo.box.kubeconfig
    swap = f'for arg; do shift; case "$arg" in {theirs}) arg={ours};; esac; set -- "$@" "$arg"; done'
    wrapper.write_text(f'#!/bin/sh\n{swap}\nexec {place.helm.path} "$@"\n')
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    cluster = await place.ready(kubeconfig=place.demo.box.kubeconfig_for("viewer"), helm=wrapper)
    assert len(cluster.releases) == place.demo.size
    trino = cluster.releases.loc[TRINO]
    assert (trino["chart"], trino["version"]) == ("trino", "1.34.0")
    assert cluster.table.state is TableState.READY
    assert cluster.table.way.startswith("Read by the helm command line from time to time, because its storage may not be read: You may not list secrets")
    assert (await cluster.history(TRINO))["revision"].max() == trino["revision"]
    assert "kind:" in await cluster.manifest(AIRFLOW)
    operation = await ended(await cluster.upgrade(TRINO, **UPGRADE))
    assert operation.error is None
    assert cluster.release(TRINO).version == "1.35.0"


async def test_identity_whose_helm_cannot_either_is_told_the_refusal(place: Place):
    place.demo.box.grant("nobody")
    cluster = place.connect(kubeconfig=place.demo.box.kubeconfig_for("nobody"))
    with pytest.raises(Forbidden, match="secrets"):
        await cluster.ready()
    assert cluster.table.state is TableState.FAILED


async def test_driver_that_helm_does_not_have_is_told(place: Place):
    cluster = place.connect(driver="etcd")
    with pytest.raises(SettingsInvalid, match="'etcd'"):
        await cluster.ready()
