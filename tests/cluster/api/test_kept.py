"""Texts that were read already belong to whoever read them."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.api.conftest import TRINO, Place


async def test_text_is_asked_for_anew_once_the_kubeconfig_brings_another_user(place: Place, tmp_path: Path):
    """Also while the login of the user before still goes on."""
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(place.demo.box.kubeconfig.read_text())
    cluster = await place.ready(kubeconfig=kubeconfig)
    revision = cluster.release(TRINO).revision

    async def requests_for_manifest() -> int:
        before = len(place.demo.box.requests)
        assert "kind:" in await cluster.manifest(TRINO, revision=revision)
        return sum(each.verb == "get" and f".trino.v{revision}" in each.request for each in place.demo.box.requests[before:])

    assert [await requests_for_manifest() for _ in range(3)] == [1, 0, 0]
    place.demo.box.grant("other", verbs=["get", "list"], resources=["secrets"])
    kubeconfig.write_text(place.demo.box.kubeconfig_for("other").read_text())
    assert [await requests_for_manifest() for _ in range(2)] == [1, 0]
