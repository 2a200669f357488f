"""How a release that somebody opened is read: from its stored revisions, or by helm where only helm can read them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol, TypeVar

from helmpanel.errors import FailureKind, HelmFailure, ReleaseNotFound
from helmpanel.helm.read import HelmReader
from helmpanel.inventory.opened import StoredParts
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.release import Revision

T = TypeVar("T")


class Opened(Protocol):
    """See `inventory.opened.StoredOpened`."""

    async def revisions(self, key: ReleaseKey) -> tuple[int, ...]:
        """Numbers of the stored revisions, in rising order; empty when there is no such release."""
        ...

    async def history(self, key: ReleaseKey) -> list[Revision]:
        """Stored revisions, newest first."""
        ...

    async def text(self, key: ReleaseKey, what: str, revision: int | None = None) -> str:
        """Values, computed values, manifest or notes."""
        ...

    async def stamp(self, key: ReleaseKey, revision: int) -> str:
        """What is another one when the record of a revision is; empty where that cannot be told cheaply."""
        ...

    async def parts(self, key: ReleaseKey, revision: int) -> StoredParts:
        """What one revision consists of."""
        ...


class HelmOpened:
    """The same by the helm command line."""

    def __init__(self, reader: HelmReader) -> None:
        self._reader = reader

    async def revisions(self, key: ReleaseKey) -> tuple[int, ...]:
        """See Opened."""
        try:
            return tuple(sorted(one.revision for one in await self.history(key)))
        except ReleaseNotFound:
            return ()

    async def history(self, key: ReleaseKey) -> list[Revision]:
        """See Opened."""
        return await _told(self._reader.history(key), key)

    async def text(self, key: ReleaseKey, what: str, revision: int | None = None) -> str:
        """See Opened."""
        if what == "manifest":
            return await _told(self._reader.manifest(key, revision=revision), key, revision)
        if what == "notes":
            return await _told(self._reader.notes(key, revision=revision), key, revision)
        return await _told(self._reader.values(key, computed=what == "computed", revision=revision), key, revision)

    async def stamp(self, key: ReleaseKey, revision: int) -> str:
        """See Opened; helm tells no such thing."""
        return ""

    async def parts(self, key: ReleaseKey, revision: int) -> StoredParts:
        """See Opened; of a chart's crds folder helm tells nothing once it is installed."""
        manifest = await self.text(key, "manifest", revision)
        return StoredParts(manifest=manifest, hooks=(await _told(self._reader.hooks(key, revision=revision), key, revision),), crds=())


async def _told(answer: Awaitable[T], key: ReleaseKey, revision: int | None = None) -> T:
    """helm's answer; that there is no such release, or revision of it, as the one error it is whoever reads."""
    try:
        return await answer
    except HelmFailure as failure:
        if failure.kind not in (FailureKind.NOT_FOUND, FailureKind.NO_SUCH_REVISION):
            raise
        raise ReleaseNotFound.of(key, revision) from failure
