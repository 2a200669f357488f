"""Releases read straight from Helm's storage: rows from labels at once, payloads behind them, then a watch."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from helmpanel.errors import HelmPanelError, Unreachable
from helmpanel.inventory.api import METADATA_LIST, Api
from helmpanel.inventory.kinds import document
from helmpanel.inventory.labels import OLD, Stored, is_newer, releases_kind, stored
from helmpanel.inventory.patience import Patience
from helmpanel.inventory.payloads import Payloads
from helmpanel.inventory.places import Places
from helmpanel.inventory.reading import Seen
from helmpanel.inventory.revisions import revisions
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.tracker import SUPERSEDED, Release, Tracker
from helmpanel.model.table import TableState
from helmpanel.runtime.tasks import until_one_ends
from helmpanel.settings import Settings

CONFIRM_S = 2.0
"""A watch tells of a write within milliseconds; after this it is not waited for any longer."""


class LiveReading:
    """See `Reading`.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        namespaces: Where to look, and nowhere else; None for the whole cluster.
        fallback: Namespaces to look in when the whole cluster may not be listed.
        changed: Called with releases of which something else is known now.
        told: Called when the state may have changed.
        way: How it reads, as a sentence.
        settings: Times.
    """

    def __init__(
        self,
        api: Api,
        plural: str,
        namespaces: tuple[str, ...] | None,
        fallback: tuple[str, ...],
        *,
        changed: Callable[[set[Release]], object],
        told: Callable[[], object],
        way: str = "",
        settings: Settings | None = None,
    ) -> None:
        self.way = way
        self._api = api
        self._plural = plural
        self._settings = settings or Settings()
        self._changed = changed
        self._told = told
        self._tracker = Tracker()
        self._places = Places(
            api, releases_kind(plural), namespaces, fallback, listed=self._listed, changed=self._event, told=told, verifies=True, settings=settings
        )
        self._payloads = Payloads(api, plural, newest=self._tracker.newest, namespaces=lambda: self._places.readable, arrived=changed)
        self._doubts: set[Release] = set()
        self._must_look_back = False
        self._work = asyncio.Event()
        self._moved = asyncio.Event()
        self._sure = asyncio.Event()
        self._sure.set()
        self._patience = Patience()
        self._trouble: HelmPanelError | None = None
        """Why superseded revisions could not be asked for."""

    @property
    def state(self) -> TableState:
        """See Reading."""
        return self._places.state

    @property
    def since(self) -> datetime | None:
        """See Reading."""
        return self._places.since

    @property
    def heard(self) -> datetime | None:
        """See Reading."""
        return self._places.heard

    @property
    def error(self) -> HelmPanelError | None:
        """See Reading."""
        return self._places.error

    @property
    def problems(self) -> tuple[str, ...]:
        """See Reading."""
        missing, trouble = self._payloads.error, self._trouble if self.state is TableState.LIVE else None
        found = list(self._places.problems)
        if missing is not None:
            found.append(f"Some charts and versions could not be read. {missing}")
        if trouble is not None:
            found.append(f"Some releases may be missing, or still be shown though they are gone. {trouble}")
        return tuple(found)

    @property
    def is_complete(self) -> bool:
        """See Reading."""
        return self.heard is not None and self._payloads.is_complete

    @property
    def releases(self) -> Iterable[Release]:
        """See Reading."""
        return self._tracker.releases

    def seen(self, release: Release) -> Seen | None:
        """See Reading."""
        newest = self._tracker.newest(release)
        if newest is None:
            return None
        if self._tracker.is_ambiguous(release):
            return _unreadable(newest, f"Two objects claim to be revision {newest.revision} of {newest.name}. Look at the {self._plural} named {newest.name}.")
        head, is_current = self._payloads.head(release)
        if head is None:
            return Seen(revision=newest.revision, status=newest.status, updated=newest.modified, is_read=False)
        return Seen(
            revision=newest.revision,
            status=head.status if is_current else newest.status,
            chart=head.chart,
            version=head.version,
            app_version=head.app_version,
            updated=head.updated,
            description=head.description if is_current else "",
            unreadable=head.unreadable,
        )

    def is_in_doubt(self, release: Release) -> bool:
        """See Reading."""
        return release in self._doubts

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool) -> None:
        """See Reading."""
        self._payloads.on_screen(releases, is_looked_at=is_looked_at)

    @property
    def is_direct(self) -> bool:
        """See Reading."""
        return True

    async def run(self) -> None:
        """See Reading."""
        await until_one_ends(self._places.run(), self._payloads.run(), self._settle_doubts(), name="read releases")

    async def confirm(self, release: Release) -> None:
        """See Reading."""
        found = await revisions(self._api, self._plural, release)
        newest = max((one for one in found), key=lambda one: one.revision, default=None)
        try:
            async with asyncio.timeout(CONFIRM_S):
                while not self._knows(release, newest):
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            await self.refresh()  # the watch is not heard just now
        await self._payloads.settled()

    async def refresh(self) -> None:
        """See Reading."""
        self._payloads.hurry()
        await self._places.hurry()
        await self._payloads.settled()
        await self._sure.wait()

    # What the cluster says

    def _listed(self, namespace: str | None, items: list[Stored]) -> None:
        changed, gone = self._tracker.replace(namespace, items)
        self._must_look_back = True
        self._news(changed, gone)

    def _event(self, event: str, item: Stored) -> None:
        is_changed, is_gone = self._tracker.change(event, item)
        self._news({item.release} if is_changed else set(), {item.release} if is_gone else set())

    def _news(self, changed: set[Release], gone: set[Release]) -> None:
        self._doubts -= changed
        self._doubts |= gone
        self._payloads.want(changed)
        if changed:
            self._changed(changed)
        if self._doubts or self._must_look_back:
            self._work.set()
        if self._doubts:
            self._sure.clear()
        self._moved.set()

    # Superseded revisions are in no list and no watch, but one is the newest of a release when somebody deleted what was newer

    async def _settle_doubts(self) -> None:
        self._work.set()
        while True:
            old = self._tracker.old
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.wait(), self._settings.refresh_interval_s if old else None)
            if not self._work.is_set():
                self._doubts |= old
            self._work.clear()
            trouble = await self._answer_all()
            if trouble is not self._trouble:
                self._trouble = trouble
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
            if not self._doubts:
                await self._payloads.settled()  # nobody waits for this: after everything that is looked at
            trouble = await self._look_back()
        for release in sorted(self._doubts):
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
        asked, trouble = set(self._doubts), None
        found: dict[Release, Stored] = {}
        try:
            for namespace in self._places.readable:
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

    def _knows(self, release: Release, newest: Stored | None) -> bool:
        known = self._tracker.newest(release)
        if newest is None or known is None:
            return newest is None and known is None and release not in self._doubts
        return known.revision > newest.revision or (known.revision == newest.revision and not is_newer(newest.version, known.version))

    def _resolved(self, changed: set[Release], asked: set[Release]) -> None:
        self._doubts -= asked
        if not self._doubts:
            self._sure.set()
        told = changed | asked
        gone = {release for release in told if self._tracker.newest(release) is None}
        self._payloads.forget(gone)
        self._payloads.want(told - gone)
        self._moved.set()
        if told:
            self._changed(told)


def _unreadable(newest: Stored, why: str) -> Seen:
    return Seen(revision=newest.revision, status=newest.status, updated=newest.modified, unreadable=why)
