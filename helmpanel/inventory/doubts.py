"""Releases of which it is being found out what is left.

Superseded revisions are in no list and no watch, but one is the newest of a release when somebody deleted what was newer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from helmpanel.errors import Forbidden, HelmPanelError, Overloaded, Unreachable
from helmpanel.inventory.api import METADATA_LIST, Api
from helmpanel.inventory.bulk import STREAMS
from helmpanel.inventory.each import first_fault, in_each
from helmpanel.inventory.kinds import document
from helmpanel.inventory.labels import OLD, Stored, releases_kind, stored
from helmpanel.inventory.patience import Patience
from helmpanel.inventory.revisions import revisions
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.tracker import SUPERSEDED, Release, Tracker
from helmpanel.runtime.tasks import happens, until_one_ends
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
        self._troubles: dict[str, HelmPanelError] = {}
        self._api = api
        self._plural = plural
        self._tracker = tracker
        self._readable = readable
        self._pressing = pressing
        self._resolve = resolved
        self._told = told
        self._settings = settings
        self._must_look = asyncio.Event()
        self._looked_for: set[Release] = set()
        """In doubt, and answered by the look at all superseded revisions that is under way or to come."""
        self._asked: set[Release] | None = None
        """Asked for by themselves while a look is under way: what it brings of them may be older. None while there is none."""
        self._hurried = asyncio.Event()
        self._work = asyncio.Event()
        self._sure = asyncio.Event()
        self._sure.set()

    @property
    def trouble(self) -> HelmPanelError | None:
        """Why superseded revisions could not be asked for; None when they could."""
        return next(iter(self._troubles.values()), None)

    def note(self, changed: set[Release], gone: set[Release], *, is_list: bool) -> None:
        """Releases of which a newer revision is known, and those whose newest is gone.

        Args:
            changed: In doubt no more.
            gone: In doubt from now on.
            is_list: Told by a list: what happened before it is not known, so all are looked through once.
        """
        self.releases -= changed
        self.releases |= gone
        self._looked_for -= changed
        if is_list:
            self._looked_for |= gone
            self._must_look.set()
        if self.releases:
            self._work.set()
            self._sure.clear()
        else:
            self._sure.set()

    def hurry(self) -> None:
        """Ask at once, whatever was being waited for."""
        if self.releases:
            self._sure.clear()
            self._work.set()
        self._hurried.set()
        self._hurried = asyncio.Event()

    async def settled(self) -> None:
        """Wait until nothing is in doubt, or what is could not be asked now."""
        await self._sure.wait()

    async def run(self) -> None:
        """Find out, for ever: a look at all that takes long, or cannot be had, holds up no single answer."""
        await until_one_ends(self._look_always(), self._ask_always(), name="find out what is left of releases")

    # All of them, after each list

    async def _look_always(self) -> None:
        patience = Patience()
        while True:
            await self._must_look.wait()
            if not self.releases:
                await self._pressing()  # nobody waits for this: after everything that is looked at
            self._must_look.clear()
            try:
                trouble = await self._look()
            except BaseException:
                self._must_look.set()  # also when it comes to rest in the middle
                raise
            self._note_trouble("looking", trouble)
            if trouble is None:
                patience.succeeded()
            else:
                self._must_look.set()
                await happens(self._hurried, patience.after(trouble))

    async def _look(self) -> HelmPanelError | None:
        """Find every release whose newest revision is a superseded one; why it could not be done everywhere, if so."""
        self._looked_for, self._asked = set(self.releases), set()
        try:
            found = await in_each(self._readable(), partial(self._look_at, but=self._asked), STREAMS)
        finally:
            self._looked_for, self._asked = set(), None
        self._work.set()  # for those that it did not answer
        if not self.releases:
            self._sure.set()
        return first_fault(found)

    async def _look_at(self, namespace: str | None, *, but: set[Release]) -> None:
        """One namespace; where it cannot be looked at, what was known of it goes on to hold."""
        asked = {release for release in self._looked_for if namespace in (None, release[0])}
        found: dict[Release, Stored] = {}
        try:
            await self._look_in(namespace, found)
        except Forbidden:
            return  # who follows the namespace is refused as well, and says so
        self._resolved(self._tracker.replace_old(namespace, found, but=but), asked & self._looked_for)

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

    # One by one

    async def _ask_always(self) -> None:
        patience = Patience()
        while True:
            old = self._tracker.old
            if not await happens(self._work, self._settings.refresh_interval_s if old else None):
                self.releases |= old
            self._work.clear()
            trouble = await self._ask()
            self._note_trouble("asking", trouble)
            if trouble is None:
                patience.succeeded()
                continue
            # Another one may be answered, but not by a server that wants to be left alone.
            await happens(self._hurried if isinstance(trouble, Overloaded) else self._work, patience.after(trouble))
            self._work.set()

    async def _ask(self) -> HelmPanelError | None:
        """Ask for each that is in doubt; what could not be answered, if anything, holds up nothing else."""
        trouble = None
        for release in sorted(self.releases - self._looked_for):
            try:
                await self._ask_for(release)
            except (Unreachable, Overloaded) as error:
                return error  # nor would it answer for the others
            except HelmPanelError as error:
                trouble = error
        return trouble

    async def _ask_for(self, release: Release) -> None:
        found = [one for one in await revisions(self._api, self._plural, release) if one.status == SUPERSEDED]
        self._tracker.set_old(release, max(found, key=lambda one: one.revision, default=None))
        if self._asked is not None:
            self._asked.add(release)
        self._resolved(set(), {release})

    def _resolved(self, changed: set[Release], asked: set[Release]) -> None:
        self.releases -= asked
        if not self.releases:
            self._sure.set()
        self._resolve(changed | asked)

    def _note_trouble(self, doing: str, trouble: HelmPanelError | None) -> None:
        before = self.trouble
        if trouble is None:
            self._troubles.pop(doing, None)
        else:
            self._troubles[doing] = trouble
            self._sure.set()  # nobody is to wait for ever
        if self.trouble is not before:
            self._told()
