"""The stored revisions and the helm command line tell the same of a release, whichever has to be asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from helmpanel.cluster.opened import HelmOpened
from helmpanel.errors import ReleaseNotFound
from helmpanel.helm.argv import Target
from helmpanel.helm.binary import read_binary
from helmpanel.helm.read import HelmReader
from helmpanel.inventory.opened import StoredOpened
from helmpanel.model.keys import ReleaseKey
from helmpanel.planning.uninstall import uninstall_preview

WEB = ReleaseKey("sandbox", "default", "web")
NOBODY = ReleaseKey("sandbox", "default", "nobody")

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, annotations: {helm.sh/hook: WHEN}}\n"


@pytest.fixture
async def ways(helm, helm_home, sandbox, connect, tmp_path: Path):
    """A release with two hooks, and both ways to read it."""
    templates = tmp_path / "web" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "web" / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (templates / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n")
    (templates / "one.yaml").write_text(CONFIG.replace("NAME", "one").replace("WHEN", "post-delete"))
    (templates / "two.yaml").write_text(CONFIG.replace("NAME", "two").replace("WHEN", "pre-rollback"))
    await asyncio.to_thread(helm.run, "install", "web", str(tmp_path / "web"), env=helm_home)
    reader = HelmReader(read_binary(helm.path), Target(context=None, kubeconfig=str(sandbox.kubeconfig)), timeout_s=60, env=helm_home)
    return StoredOpened(connect(sandbox.kubeconfig), "secrets", helm_major=helm.major), HelmOpened(reader)


async def test_uninstall_leaves_the_same_objects_whoever_was_asked(ways):
    previews = []
    for way in ways:
        parts = await way.parts(WEB, 1)
        previews.append(uninstall_preview(parts.manifest, namespace="default", hooks=parts.hooks, crds=parts.crds, revisions=1))
    assert previews[0] == previews[1]
    assert sorted(name for group in previews[1].stays if group.kind == "ConfigMap" for name in group.names) == ["one", "two"]


async def test_what_is_not_there_is_the_same_error_whoever_was_asked(ways):
    for way in ways:
        assert await way.revisions(NOBODY) == ()
        for asking, said in (
            (way.history(NOBODY), "no release default/nobody"),
            (way.text(NOBODY, "values"), "no release"),
            (way.text(WEB, "notes", 9), "Revision 9"),
        ):
            with pytest.raises(ReleaseNotFound, match=said):
                await asking
        with pytest.raises(ReleaseNotFound, match="Revision 9"):
            await way.parts(WEB, 9)
