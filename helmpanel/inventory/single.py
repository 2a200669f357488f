"""One release, asked for by itself: its revision right now, and everything stored of one revision."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from helmpanel.errors import NotFound, ReleaseNotFound, ServerFault
from helmpanel.inventory.reading import Api
from helmpanel.inventory.storage import StoredRelease, stored_release
from helmpanel.model.keys import ReleaseKey

METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""Labels without payloads: a few hundred bytes a revision instead of some 50 KB."""


class SingleReader:
    """Reads the stored revisions of one release. Lives on the I/O thread."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def revisions(self, key: ReleaseKey) -> tuple[int, ...]:
        """Numbers of the stored revisions, in rising order; empty when there is no such release.

        Raises:
            HelmPanelError: The cluster cannot be asked, see KubeApi.get.
        """
        body = await self._api.get(f"{_folder(key)}/secrets", {"labelSelector": f"owner=helm,name={key.name}"}, METADATA)
        try:
            labels = [item["metadata"]["labels"] for item in orjson.loads(body)["items"] or []]
            return tuple(sorted(int(one["version"]) for one in labels))
        except (ValueError, TypeError, KeyError):
            raise ServerFault(f"The API server answered the question for the revisions of {key} with something else. Check proxies in between.") from None

    async def newest(self, key: ReleaseKey) -> int | None:
        """Number of the newest stored revision; None when there is no such release."""
        return max(await self.revisions(key), default=None)

    async def parts(self, key: ReleaseKey, revision: int) -> StoredParts:
        """What one revision consists of.

        Raises:
            ReleaseNotFound: It is not stored (any more).
            ServerFault: It cannot be decoded.
        """
        name = f"sh.helm.release.v1.{key.name}.v{revision}"
        try:
            body = await self._api.get(f"{_folder(key)}/secrets/{quote(name, safe='')}")
        except NotFound as cause:
            raise ReleaseNotFound.of(key, revision) from cause
        try:
            return await asyncio.to_thread(lambda: stored_parts(stored_release(orjson.loads(body))))
        except ValueError as cause:
            raise ServerFault(f"What is stored of {key}, revision {revision}, cannot be read ({cause}). `helm get` may tell more.") from cause


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParts:
    """The texts in a stored revision that say which objects belong to it."""

    manifest: str
    hooks: tuple[str, ...]
    """A manifest each."""
    crds: tuple[str, ...]
    """Files of the chart's own crds folder; those of its dependencies are not stored."""


def stored_parts(stored: StoredRelease) -> StoredParts:
    """The texts, whatever is missing or misshapen left out."""
    manifest, hooks, chart = stored.get("manifest"), stored.get("hooks"), stored.get("chart")
    files = chart.get("files") if isinstance(chart, dict) else None
    crds: list[str] = []
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict) and str(file.get("name", "")).startswith("crds/"):
            with contextlib.suppress(ValueError):
                crds.append(base64.b64decode(str(file.get("data") or "")).decode("utf-8", "replace"))
    return StoredParts(
        manifest=manifest if isinstance(manifest, str) else "",
        hooks=tuple(str(hook.get("manifest") or "") for hook in (hooks if isinstance(hooks, list) else ()) if isinstance(hook, dict)),
        crds=tuple(crds),
    )


def _folder(key: ReleaseKey) -> str:
    return f"/api/v1/namespaces/{quote(key.namespace, safe='')}"
