"""One release that somebody opened, from its stored revisions: history, values, manifest, notes, and its revision right now."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from helmpanel.errors import NotFound, PlanInvalid, ReleaseNotFound, ServerFault
from helmpanel.inventory.api import Api
from helmpanel.inventory.bulk import BATCH
from helmpanel.inventory.kinds import document
from helmpanel.inventory.labels import Stored, releases_kind
from helmpanel.inventory.revisions import revisions
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.storage import Head, StoredRelease, head, stored_release
from helmpanel.inventory.values import as_yaml, computed
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.release import Revision


class StoredOpened:
    """Reads the stored revisions of one release. Lives on the I/O thread.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        helm_major: The user's helm: the majors compute values differently.
    """

    def __init__(self, api: Api, plural: str, *, helm_major: int) -> None:
        self._api = api
        self._plural = plural
        self._helm_major = helm_major

    async def revisions(self, key: ReleaseKey) -> tuple[int, ...]:
        """Numbers of the stored revisions, in rising order; empty when there is no such release.

        Raises:
            HelmPanelError: The cluster cannot be asked, see KubeApi.get.
        """
        return tuple(sorted(await self._objects(key)))

    async def history(self, key: ReleaseKey) -> list[Revision]:
        """Stored revisions, newest first; one that cannot be read says so in its description.

        Raises:
            ReleaseNotFound: There is no such release.
            HelmPanelError: The cluster cannot be asked.
        """
        kind = releases_kind(self._plural, f"owner=helm,name={key.name}")
        splitter, found, waiting, size = Splitter(), list[Head](), list[bytes](), 0
        async with self._api.stream(kind.path(key.namespace), {"labelSelector": kind.selector}, packed=False) as chunks:
            async for chunk in chunks:
                waiting.append(chunk)
                size += len(chunk)
                if size >= BATCH:
                    found += await asyncio.to_thread(_heads, splitter, waiting)
                    waiting, size = [], 0
        found += await asyncio.to_thread(_heads, splitter, waiting)
        splitter.end()
        mine = [one for one in found if (one.namespace, one.name) == (key.namespace, key.name)]
        if not mine:
            raise ReleaseNotFound.of(key)
        return [_revision(one) for one in sorted(mine, key=lambda one: one.revision, reverse=True)]

    async def text(self, key: ReleaseKey, what: str, revision: int | None = None) -> str:
        """One text of a revision.

        Args:
            key: The release.
            what: `values` (supplied by the user, as YAML; empty for none), `computed` (all that the chart was rendered with), `manifest` (as helm prints it) or
                `notes` (without lines around it; untrusted).
            revision: None for the newest.

        Raises:
            ReleaseNotFound: It is not stored (any more).
            ServerFault: It cannot be decoded.
        """
        found = await self._stored(key, revision)
        if what == "manifest":
            return f"{_text(found.get('manifest'))}\n"
        if what == "notes":
            return _text(_mapping(found.get("info")).get("notes")).strip("\n")
        supplied = _mapping(found.get("config"))
        if what not in ("values", "computed"):
            raise PlanInvalid(f"A release has no {what}. Ask for values, computed, manifest or notes.")
        defaults = _mapping(_mapping(found.get("chart")).get("values")) if what == "computed" else None
        try:
            return await asyncio.to_thread(_values, supplied, defaults, self._helm_major)
        except RecursionError:
            raise ServerFault(f"The values of {key} are nested too deeply to be shown. `helm get values` may tell them.") from None

    async def stamp(self, key: ReleaseKey, revision: int) -> str:
        """What is another one when the record of a revision is, by one small request; empty when there is none.

        Raises:
            HelmPanelError: The cluster cannot be asked.
        """
        return next((f"{one.object_name} {one.version}" for one in await self._records(key) if one.revision == revision), "")

    async def parts(self, key: ReleaseKey, revision: int) -> StoredParts:
        """What one revision consists of.

        Raises:
            ReleaseNotFound: It is not stored (any more).
            ServerFault: It cannot be decoded.
        """
        return stored_parts(await self._stored(key, revision))

    async def _objects(self, key: ReleaseKey) -> dict[int, str]:
        """Stored revisions, and the names of the objects that hold them."""
        return {one.revision: one.object_name for one in await self._records(key)}

    async def _records(self, key: ReleaseKey) -> list[Stored]:
        return await revisions(self._api, self._plural, (key.namespace, key.name))

    async def _stored(self, key: ReleaseKey, revision: int | None) -> StoredRelease:
        if revision is None:
            objects = await self._objects(key)
            if not objects:
                raise ReleaseNotFound.of(key)
            revision = max(objects)
            name = objects[revision]
        else:
            name = f"sh.helm.release.v1.{key.name}.v{revision}"
        try:
            body = await self._body(key, name)
        except NotFound as cause:
            other = (await self._objects(key)).get(revision, name)
            if other == name:
                raise ReleaseNotFound.of(key, revision) from cause
            body = await self._body(key, other)  # an object that helm has not named
        try:
            return await asyncio.to_thread(lambda: stored_release(orjson.loads(body)))
        except ValueError as cause:
            raise ServerFault(f"What is stored of {key}, revision {revision}, cannot be read: {cause}. `helm get all` may tell more.") from cause

    async def _body(self, key: ReleaseKey, name: str) -> bytes:
        return await self._api.get(f"/api/v1/namespaces/{quote(key.namespace, safe='')}/{self._plural}/{quote(name, safe='')}")


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
    hooks, files = stored.get("hooks"), _mapping(stored.get("chart")).get("files")
    crds: list[str] = []
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict) and str(file.get("name", "")).startswith("crds/"):
            with contextlib.suppress(ValueError):
                crds.append(base64.b64decode(str(file.get("data") or "")).decode("utf-8", "replace"))
    return StoredParts(
        manifest=_text(stored.get("manifest")),
        hooks=tuple(str(hook.get("manifest") or "") for hook in (hooks if isinstance(hooks, list) else ()) if isinstance(hook, dict)),
        crds=tuple(crds),
    )


def _values(supplied: dict[str, object], defaults: dict[str, object] | None, helm_major: int) -> str:
    """CPU-bound when they are many."""
    return as_yaml(supplied if defaults is None else computed(defaults, supplied, helm_major=helm_major))


def _heads(splitter: Splitter, chunks: list[bytes]) -> list[Head]:
    """Of the whole items in some chunks of a listing. CPU-bound: a payload that is a bomb takes half a second."""
    return [one for raw in splitter.feed(b"".join(chunks)) if (one := head(document(raw))) is not None]


def _revision(one: Head) -> Revision:
    return Revision(
        revision=max(one.revision, 1),
        updated=one.updated,
        status=one.status,
        chart=one.chart,
        version=one.version,
        app_version=one.app_version,
        description=one.unreadable or one.description,
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
