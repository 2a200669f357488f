"""Releases read straight from Helm's storage: rows from labels at once, payloads behind them, then a watch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.api import Api
from helmpanel.inventory.bulk import Bulk
from helmpanel.inventory.doubts import Doubts
from helmpanel.inventory.labels import Stored, is_newer, releases_kind
from helmpanel.inventory.payloads import Payloads
from helmpanel.inventory.places import Places
from helmpanel.inventory.reading import Seen
from helmpanel.inventory.revisions import revisions
from helmpanel.inventory.singles import Singles
from helmpanel.inventory.tracker import Release, Tracker
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
        self._changed = changed
        self._tracker = Tracker()
        self._places = Places(
            api, releases_kind(plural), namespaces, fallback, listed=self._listed, changed=self._event, told=told, verifies=True, settings=settings
        )
        self._payloads = Payloads(newest=self._tracker.newest, arrived=changed)
        self._singles = Singles(api, plural, self._payloads)
        self._bulk = Bulk(api, plural, self._payloads, namespaces=lambda: self._places.readable)
        self._doubts = Doubts(
            api,
            plural,
            self._tracker,
            readable=lambda: self._places.readable,
            pressing=self._payloads.settled,
            resolved=self._resolved,
            told=told,
            settings=settings or Settings(),
        )
        self._moved = asyncio.Event()

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
        missing, trouble = self._payloads.error, self._doubts.trouble if self.state is TableState.LIVE else None
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
        mark = self._tracker.mark(release)
        if mark is None:
            return None
        newest, is_ambiguous = mark
        if is_ambiguous:
            return _unreadable(newest, f"Two objects claim to be revision {newest.revision} of {newest.name}. Look at the {self._plural} named {newest.name}.")
        head, is_current = self._payloads.head(newest)
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
        return release in self._doubts.releases

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool) -> None:
        """See Reading."""
        self._payloads.on_screen(releases, is_looked_at=is_looked_at)

    @property
    def is_direct(self) -> bool:
        """See Reading."""
        return True

    async def run(self) -> None:
        """See Reading."""
        await until_one_ends(self._places.run(), self._singles.run(), self._bulk.run(), self._doubts.run(), name="read releases")

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
        for them in (self._singles, self._bulk, self._payloads, self._doubts):
            them.hurry()
        await self._places.hurry()
        await self._payloads.settled()
        await self._doubts.settled()

    # What the cluster says

    def _listed(self, namespace: str | None, items: list[Stored]) -> None:
        changed, gone = self._tracker.replace(namespace, items)
        self._news(changed, gone, is_list=True)

    def _event(self, event: str, item: Stored) -> None:
        is_changed, is_gone = self._tracker.change(event, item)
        self._news({item.release} if is_changed else set(), {item.release} if is_gone else set(), is_list=False)

    def _news(self, changed: set[Release], gone: set[Release], *, is_list: bool) -> None:
        self._doubts.note(changed, gone, is_list=is_list)
        self._payloads.want(changed)
        if changed:
            self._changed(changed)
        self._moved.set()

    def _knows(self, release: Release, newest: Stored | None) -> bool:
        known = self._tracker.newest(release)
        if newest is None or known is None:
            return newest is None and known is None and release not in self._doubts.releases
        return known.revision > newest.revision or (known.revision == newest.revision and not is_newer(newest.version, known.version))

    def _resolved(self, releases: set[Release]) -> None:
        gone = {release for release in releases if self._tracker.newest(release) is None}
        self._payloads.forget(gone)
        self._payloads.want(releases - gone)
        self._moved.set()
        if releases:
            self._changed(releases)


def _unreadable(newest: Stored, why: str) -> Seen:
    return Seen(revision=newest.revision, status=newest.status, updated=newest.modified, unreadable=why)
