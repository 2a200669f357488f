"""Releases of which it is being found out what is left.

Superseded revisions are in no list and no watch, but one is the newest of a release when somebody deleted what was newer.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from helmpanel.errors import HelmPanelError, Unreachable
from helmpanel.inventory.api import METADATA_LIST, Api
from helmpanel.inventory.kinds import document
from helmpanel.inventory.labels import OLD, Stored, releases_kind, stored
from helmpanel.inventory.patience import Patience
from helmpanel.inventory.revisions import revisions
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.tracker import SUPERSEDED, Release, Tracker
from helmpanel.settings import Settings


class Doubts:
    """Asks for superseded revisions where they may be the newest. On the I/O thread only.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        tracker: Told what is found.
        readable: Namespaces that may be read now; None in it is the whole cluster.
        pressing: Awaited before what nobody waits for is asked.
        resolved: Called with releases that may have another newest revision, or none, and are in doubt no more.
        told: Called when `trouble` has changed.
        settings: Times.
    """

    def __init__(
        self,
        api: Api,
        plural: str,
        tracker: Tracker,
        *,
        readable: Callable[[], Sequence[str | None]],
        pressing: Callable[[], Awaitable[None]],
        resolved: Callable[[set[Release]], object],
        told: Callable[[], object],
        settings: Settings,
    ) -> None:
        self.releases: set[Release] = set()
        """In doubt now."""
        self.trouble: HelmPanelError | None = None
        """Why superseded revisions could not be asked for."""
        self._api = api
        self._plural = plural
        self._tracker = tracker
        self._readable = readable
        self._pressing = pressing
        self._resolve = resolved
        self._told = told
        self._settings = settings
        self._must_look_back = False
        self._work = asyncio.Event()
        self._sure = asyncio.Event()
        self._sure.set()
        self._patience = Patience()

    def note(self, changed: set[Release], gone: set[Release], *, is_list: bool) -> None:
        """Releases of which a newer revision is known, and those whose newest is gone.

        Args:
            changed: In doubt no more.
            gone: In doubt from now on.
            is_list: Told by a list: what happened before it is not known, so all are looked through once.
        """
        self.releases -= changed
        self.releases |= gone
        self._must_look_back = self._must_look_back or is_list
        if self.releases or self._must_look_back:
            self._work.set()
        if self.releases:
            self._sure.clear()

    async def settled(self) -> None:
        """Wait until nothing is in doubt, or what is could not be asked now."""
        await self._sure.wait()

    async def run(self) -> None:
        """Find out, for ever."""
        self._work.set()
        while True:
            old = self._tracker.old
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.wait(), self._settings.refresh_interval_s if old else None)
            if not self._work.is_set():
                self.releases |= old
            self._work.clear()
            trouble = await self._answer_all()
            if trouble is not self.trouble:
                self.trouble = trouble
                self._told()
            if trouble is not None:
                self._work.set()
                self._sure.set()  # nobody is to wait for ever
                await asyncio.sleep(self._patience.wait_s())
            else:
                self._patience.succeeded()

    async def _answer_all(self) -> HelmPanelError | None:
        """Answer all that is open; what could not be answered, if anything, holds up nothing else."""
        trouble = None
        if self._must_look_back:
            if not self.releases:
                await self._pressing()  # nobody waits for this: after everything that is looked at
            trouble = await self._look_back()
        for release in sorted(self.releases):
            try:
                await self._ask_for(release)
            except Unreachable as error:
                return error  # nor would it answer for the others
            except HelmPanelError as error:
                trouble = error
        return trouble

    async def _look_back(self) -> HelmPanelError | None:
        """Find every release whose newest revision is a superseded one; why it could not be done everywhere, if so."""
        self._must_look_back = False
        asked, trouble = set(self.releases), None
        found: dict[Release, Stored] = {}
        try:
            for namespace in self._readable():
                try:
                    await self._look_in(namespace, found)
                except HelmPanelError as error:
                    trouble = error
                    # What was known of it goes on to hold.
                    known = {release: self._tracker.newest(release) for release in self._tracker.old if namespace in (None, release[0])}
                    found |= {release: one for release, one in known.items() if one is not None and release not in found}
                    asked = {release for release in asked if namespace is not None and release[0] != namespace}
        except BaseException:
            self._must_look_back = True  # also when it comes to rest in the middle
            raise
        self._must_look_back = self._must_look_back or trouble is not None
        self._resolved(self._tracker.replace_old(found), asked)
        return trouble

    async def _look_in(self, namespace: str | None, found: dict[Release, Stored]) -> None:
        splitter = Splitter()
        path = releases_kind(self._plural).path(namespace)
        async with self._api.stream(path, {"labelSelector": OLD}, METADATA_LIST) as chunks:
            async for chunk in chunks:
                for raw in splitter.feed(chunk):
                    self._note_old(raw, found)
        splitter.end()

    def _note_old(self, raw: bytes, found: dict[Release, Stored]) -> None:
        one = stored(document(raw))
        if one is None:
            return
        newest = self._tracker.newest(one.release)
        known = found.get(one.release) or (newest if newest is not None and newest.status != SUPERSEDED else None)
        # Of ten superseded revisions of each of a thousand releases almost none is kept.
        if known is None or one.revision > known.revision:
            found[one.release] = one

    async def _ask_for(self, release: Release) -> None:
        found = [one for one in await revisions(self._api, self._plural, release) if one.status == SUPERSEDED]
        self._tracker.set_old(release, max(found, key=lambda one: one.revision, default=None))
        self._resolved(set(), {release})

    def _resolved(self, changed: set[Release], asked: set[Release]) -> None:
        self.releases -= asked
        if not self.releases:
            self._sure.set()
        self._resolve(changed | asked)
