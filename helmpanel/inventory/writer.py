"""From news to the release table and to Release objects: the only writer of both."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from helmpanel.errors import HelmPanelError, ReleaseNotFound
from helmpanel.inventory.assembly import Assembly, AvailabilityOf
from helmpanel.inventory.objects import LiveObjects
from helmpanel.inventory.pacing import STEP_S, News, is_due
from helmpanel.inventory.reading import Reading, Seen
from helmpanel.inventory.tracker import Release as Place
from helmpanel.model.availability import SourceState
from helmpanel.model.health import NOT_LOOKED, Health, Workload
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord
from helmpanel.model.release import Release
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.runtime.news import write
from helmpanel.runtime.tasks import end, spawn

log = logging.getLogger(__name__)

Changed: TypeAlias = Callable[[set[Place]], object]
Fault: TypeAlias = tuple[HelmPanelError, datetime]
"""What is wrong, and the UTC time since when."""
MakeReading: TypeAlias = Callable[[Changed, Callable[[], object]], Reading]


class Healths(Protocol):
    """Something that knows how the workloads of releases are; see `health.HealthWatch`."""

    def health(self, namespace: str, name: str) -> Health:
        """Of one release."""
        ...

    def forget(self, namespace: str, name: str) -> None:
        """One release is gone."""
        ...

    def beside(self, releases: Reading) -> None:
        """Where the releases are read, whose rows keep their health while the cluster is away."""
        ...

    def workloads(self, namespace: str, name: str) -> tuple[Workload, ...]:
        """Of one release."""
        ...

    def on_screen(self, releases: Collection[Place]) -> None:
        """What viewers show now."""
        ...

    async def run(self) -> None:
        """Follow, until cancelled."""

    async def refresh(self) -> None:
        """Look anew, at once; back when everything is in, or could not be read. Only while it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the following of a cluster stands."""

    halt: Fault | None
    """Why nothing is followed just now; None while it is."""
    is_running: bool
    is_asked: bool
    """Whether somebody waits for a refresh."""
    sources: SourceState | None
    """How old the chart repositories are; None while that is not known."""


def own_fault(doing: str, fault: BaseException | None) -> Fault:
    """A fault of helmpanel's own, as what is wrong from now on."""
    return HelmPanelError(f"helmpanel itself failed while it {doing} ({type(fault).__name__}); its log has more. Refresh to begin anew."), datetime.now(UTC)


class Writer:
    """Gathers news and writes them. Lives on the I/O thread; `record`, `records` and `release` may be used from any thread.

    Args:
        reading: Makes the way to read, given whom to tell of changed releases and of a changed state.
        healths: Makes what knows the readiness of workloads, given whom to tell; None for nothing.
        table: What is written.
        context: The cluster's.
        availability: See AvailabilityOf.
        standing: How the following stands, whenever it is asked for; `told` says that it changed.
    """

    def __init__(
        self,
        reading: MakeReading,
        healths: Callable[[Changed], Healths] | None,
        table: ReleaseTable,
        *,
        context: str,
        availability: AvailabilityOf,
        standing: Callable[[], Standing],
    ) -> None:
        self.records: Mapping[ReleaseKey, ReleaseRecord] = {}
        """Everything that is known; replaced as a whole, never changed."""
        self.shown: Set[Place] = frozenset()
        """What viewers show now: its news wait for less."""
        self.was_complete = asyncio.Event()
        """All rows have been in the table, charts included."""
        self._table = table
        self._context = context
        self._standing = standing
        self._assembly = Assembly(context, availability)
        self._objects = LiveObjects()
        self._dirty: set[Place] = set()
        self._is_told = False
        self._stumbled: Fault | None = None
        """Why the last news could not be written; None when they were."""
        self._publishing: asyncio.Task[None] | None = None
        self.reading = reading(self.changed, self.told)
        self.healths = healths(self.changed) if healths is not None else None
        if self.healths is not None:
            self.healths.beside(self.reading)

    # What is known

    def record(self, key: ReleaseKey) -> ReleaseRecord:
        """One release.

        Raises:
            ReleaseNotFound: It is not there (any more).
        """
        found = self.records.get(key)
        if found is None:
            raise ReleaseNotFound.of(key)
        return found

    def release(self, key: ReleaseKey) -> Release:
        """The live object of a release, kept up to date as long as somebody holds it; the same one for everybody.

        Raises:
            ReleaseNotFound: It is not there (any more).
        """
        return self._objects.get(key, self.record)

    # What is new

    def changed(self, places: set[Place]) -> None:
        """Something else is known of these releases."""
        self._dirty |= places
        self.told()

    def told(self) -> None:
        """The state may have changed."""
        self._is_told = True
        if self._publishing is None or self._publishing.done():
            self._publishing = spawn(self._publish(), f"write releases of {self._context}")

    def all_changed(self, *, is_available_anew: bool = False) -> None:
        """Something else may be known of any release; also of what is available for it, which is then asked for anew."""
        if is_available_anew:
            self._assembly.forget_availability()
        # Should a fault of ours have ended the following: what it was about to tell is not lost.
        self.changed({*self.reading.releases, *self._places()})

    async def published(self) -> None:
        """Wait until all that was told is written."""
        while self._publishing is not None and not self._publishing.done():
            await asyncio.wait([self._publishing])

    async def close(self) -> None:
        """Write no more."""
        if self._publishing is not None:
            await end(self._publishing)

    # Writing

    def _places(self) -> set[Place]:
        return {(key.namespace, key.name) for key in self.records}

    async def _publish(self) -> None:
        while self._is_told:
            await self._gather()
            self._is_told = False
            dirty, self._dirty = self._dirty, set()
            news = {place: self._known(place) for place in dirty if not self.reading.is_in_doubt(place)}
            self._stumbled = None
            changes = self._state()  # taken together with the news, so that it never says more than they hold
            if news:
                try:
                    made = await asyncio.to_thread(self._assembly.updated, self.records, news)
                except Exception as fault:  # ours: what was about to be told is not lost, and the rows do not look as if nothing were
                    log.exception("the releases of %s could not be put together", self._context)
                    self._dirty |= dirty
                    self._stumbled = own_fault("put the releases together", fault)
                    write(self._table, **self._state())
                    continue
                if made is not None:
                    self.records, changes["frame"] = made
            # Nothing is set again that is the same: every viewer would compare all its rows.
            told = {name: value for name, value in changes.items() if name == "frame" or getattr(self._table, name) != value}
            if told:
                write(self._table, **told)
            if self._table.is_complete:
                self.was_complete.set()
            self._objects.update(map(self._assembly.key, news), self.records)

    async def _gather(self) -> None:
        """Wait for what travels together."""
        if self._table.read_at is None:
            await asyncio.sleep(0)
            return
        clock = asyncio.get_running_loop().time
        begun = clock()
        while True:
            await asyncio.sleep(STEP_S)
            news = News(
                count=len(self._dirty),
                is_shown=not self.shown.isdisjoint(self._dirty),
                is_screen_waiting=any(self._waits(place) for place in self.shown),
                is_last=self.reading.is_complete or self.reading.state != self._table.state,
            )
            if is_due(news, clock() - begun):
                return

    def _waits(self, place: Place) -> bool:
        seen = self.reading.seen(place)
        return seen is not None and not seen.is_read

    def _known(self, place: Place) -> tuple[Seen | None, Health]:
        seen = self.reading.seen(place)
        if self.healths is None:
            return seen, NOT_LOOKED
        if seen is None:
            self.healths.forget(*place)
            return None, NOT_LOOKED
        return seen, self.healths.health(*place)

    def _state(self) -> dict[str, object]:
        reading, standing = self.reading, self._standing()
        state, since, error = reading.state, reading.since, reading.error
        if fault := standing.halt or self._stumbled:
            state = TableState.FAILED if reading.heard is None else TableState.STALE
            error, since = fault
        changes: dict[str, object] = {
            "state": state,
            "since": since,
            "error": error,
            "read_at": reading.heard,
            "problems": list(reading.problems),
            "is_complete": reading.is_complete,
            "is_reading": standing.is_asked or (state is TableState.LOADING and standing.is_running),
            "way": reading.way,
        }
        if standing.sources is not None:
            changes["sources"] = standing.sources
        return changes
