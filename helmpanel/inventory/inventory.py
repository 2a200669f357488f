"""What is known of the releases of one cluster: the only writer of the release table and of Release objects."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import weakref
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Set
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from helmpanel.errors import HelmPanelError, ReleaseNotFound
from helmpanel.inventory.assembly import Assembly, AvailabilityOf
from helmpanel.inventory.reading import Reading
from helmpanel.inventory.tracker import Release as Place
from helmpanel.model.availability import SourceState
from helmpanel.model.health import NOT_LOOKED, Health, HealthState, Workload
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord
from helmpanel.model.release import Release
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.runtime.news import write
from helmpanel.runtime.tasks import end, spawn, until_one_ends
from helmpanel.settings import Settings

log = logging.getLogger(__name__)

TOGETHER_S = 0.03
"""Changes of this long travel as one: an upgrade is four writes within a few milliseconds, and a payload follows its labels as quickly."""

STEP_S = 0.01
SCREEN_S = 0.1
"""So long the rows on a screen wait for each other's charts."""
BULK_S = 0.2
"""News of this long travel as one while payloads come in by the hundred and none of them is on a screen: a frame of all rows is made for each."""
FEW = 5
"""Releases with news at a time: more are taken for a part of a bulk."""
HEALTH_AFTER_S = 1.0
"""Workloads are asked for when the releases are complete, or after this: the first rows and their charts come first."""
HEALTH_PATIENCE_S = 5.0
"""Workloads that have not answered by then hold up no refresh: they are told of when they have."""

Changed: TypeAlias = Callable[[set[Place]], object]
Fault: TypeAlias = tuple[HelmPanelError, datetime]
"""What is wrong, and the UTC time since when."""
MakeReading: TypeAlias = Callable[[Changed, Callable[[], object]], Reading]


class Healths(Protocol):
    """Something that knows how the workloads of releases are; see `health.HealthWatch`."""

    def health(self, namespace: str, name: str) -> Health:
        """Of one release."""
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


def _own_fault(doing: str, fault: BaseException | None) -> Fault:
    return HelmPanelError(f"helmpanel itself failed while it {doing} ({type(fault).__name__}); its log has more. Refresh to begin anew."), datetime.now(UTC)


class Inventory:
    """Follows the releases and writes what it finds. Lives on the I/O thread; `release`, `record`, `records` and `workloads` may be used from any thread.

    It follows from `start` on; once viewers have come and gone, for `Settings.rest_after_s` after the last, until somebody looks or asks again.

    Args:
        reading: Makes the way to read, given whom to tell of changed releases and of a changed state.
        table: What is written.
        context: The cluster's.
        availability: See AvailabilityOf.
        healths: Makes what knows the readiness of workloads, given whom to tell; None for nothing.
        settings: Times.
    """

    def __init__(
        self,
        reading: MakeReading,
        table: ReleaseTable,
        *,
        context: str,
        availability: AvailabilityOf,
        healths: Callable[[Changed], Healths] | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.table = table
        self._settings = settings or Settings()
        self._context = context
        self._assembly = Assembly(context, availability)
        self._records: dict[ReleaseKey, ReleaseRecord] = {}
        self._objects: weakref.WeakValueDictionary[ReleaseKey, Release] = weakref.WeakValueDictionary()
        self._objects_lock = threading.Lock()
        self._dirty: set[Place] = set()
        self._is_told = False
        self._is_away = False
        """The cluster could not be heard when the table was written last."""
        self._publishing: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._over: asyncio.Task[None] | None = None
        self._halt: Fault | None = None
        """Why nothing is followed just now; None while it is."""
        self._stumbled: Fault | None = None
        """Why the last news could not be written; None when they were."""
        self._refreshing = 0
        self._lookers = 0
        self._screens: dict[object, tuple[Place, ...]] = {}
        self._shown: Set[Place] = frozenset()
        self._was_complete = asyncio.Event()
        """All rows have been in the table, charts included."""
        self._resting: asyncio.TimerHandle | None = None
        self._sources: SourceState | None = None
        self._reading = reading(self._changed, self._told)
        self._healths = healths(self._changed) if healths is not None else None

    # What is known

    @property
    def records(self) -> Mapping[ReleaseKey, ReleaseRecord]:
        """Everything that is known; replaced as a whole, never changed."""
        return self._records

    def record(self, key: ReleaseKey) -> ReleaseRecord:
        """One release.

        Raises:
            ReleaseNotFound: It is not there (any more).
        """
        found = self._records.get(key)
        if found is None:
            raise ReleaseNotFound.of(key)
        return found

    def release(self, key: ReleaseKey) -> Release:
        """The live object of a release, kept up to date as long as somebody holds it; the same one for everybody.

        Raises:
            ReleaseNotFound: It is not there (any more).
        """
        with self._objects_lock:
            found = self._objects.get(key)
            if found is None:
                found = Release(key=key, namespace=key.namespace, name=key.name, **_parameters(self.record(key)))
                self._objects[key] = found
            return found

    @property
    def is_direct(self) -> bool:
        """Whether helm's storage is read, and not helm asked."""
        return self._reading.is_direct

    def workloads(self, key: ReleaseKey) -> tuple[Workload, ...]:
        """Workloads of a release with their readiness; empty where there are none, or none may be seen."""
        return self._healths.workloads(key.namespace, key.name) if self._healths is not None else ()

    # Following

    def start(self) -> None:
        """Follow from now on."""
        if self._running is None:
            self._halt = None
            self._running = spawn(self._run(self._over), f"follow releases of {self._context}")
            self._running.add_done_callback(self._ended)
            # Should a fault of ours have ended it: what it was about to tell is not lost.
            self._changed({*self._reading.releases, *self._places()})

    def look(self) -> Callable[[], None]:
        """Say that somebody looks; the function returned says that they do not any more."""
        self._lookers += 1
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        self.start()
        self._tell_screens()
        is_over = False

        def stop() -> None:
            nonlocal is_over
            if is_over:
                return
            is_over = True
            self._lookers -= 1
            self._tell_screens()
            if not self._lookers:
                self._resting = asyncio.get_running_loop().call_later(self._settings.rest_after_s, self.rest)

        return stop

    def on_screen(self, viewer: object, releases: Iterable[Place]) -> None:
        """Which releases a viewer shows now; none when it goes."""
        shown = tuple(releases)
        if shown:
            self._screens[viewer] = shown
        else:
            self._screens.pop(viewer, None)
        self._tell_screens()

    async def refresh(self) -> None:
        """Read everything anew, payloads included, and wait until it is in the table; for the health of workloads at most HEALTH_PATIENCE_S.

        Raises:
            HelmPanelError: It could not be read; the table says so too and keeps the rows it had.
        """
        self.start()
        self._refreshing += 1
        self._told()
        looking = spawn(self._look_at_health(), f"look at workloads of {self._context}")
        try:
            await self._while_followed(self._reading.refresh())
            if self._reading.error is None:
                await asyncio.wait([looking])
        finally:
            await end(looking)
            self._refreshing -= 1
            self._told()
        await self._published()
        if self.table.state in (TableState.FAILED, TableState.STALE) and self.table.error is not None:
            raise self.table.error

    async def _look_at_health(self) -> None:
        if self._healths is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEALTH_PATIENCE_S):
                    await self._healths.refresh()

    async def confirm(self, key: ReleaseKey) -> None:
        """Wait until the table holds what the cluster says of a release now, as after an operation that has just ended.

        Raises:
            HelmPanelError: It cannot be known.
        """
        self.start()
        await self._while_followed(self._reading.confirm((key.namespace, key.name)))
        await self._published()

    async def reconsider(self, sources: SourceState | None = None) -> None:
        """Ask anew what is available for each release, after the chart repositories were read; `sources` says how old they are."""
        self._assembly.forget_availability()
        self._sources = sources
        self._changed(self._places())
        await self._published()

    async def close(self) -> None:
        """End what is under way."""
        if self._resting is not None:
            self._resting.cancel()
        running, self._running = self._running, None
        for task in (running, self._over, self._publishing):
            if task is not None:
                await end(task)

    # Carrying out

    async def _run(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])  # it may still be coming to rest
        await until_one_ends(self._reading.run(), self._follow_health(), name=f"read releases of {self._context}")

    async def _follow_health(self) -> None:
        if self._healths is None:
            await asyncio.Event().wait()
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._was_complete.wait(), HEALTH_AFTER_S)
            await self._healths.run()

    async def _while_followed(self, waiting: Coroutine[object, object, None]) -> None:
        """Wait, but not for what nobody does any more."""
        running = self._running
        assert running is not None  # started just before
        if self._over is not None:
            await asyncio.wait([self._over])  # it gives up whoever waits for it
        task = spawn(waiting, f"wait for releases of {self._context}")
        try:
            await asyncio.wait({task, running}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not task.done():
                await end(task)
        if task.cancelled():
            await asyncio.wait({running})  # it is coming to its end, and the table will say why
        else:
            task.result()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Cancelled, it rests or is closed. Else a fault of ours ended it: what is shown is not followed any more, and must not look as if it were."""
        if task is self._running and not task.cancelled():
            self._running = None
            self._halt = _own_fault("followed the releases", task.exception())
            self._told()

    def rest(self) -> None:
        """Follow no more, until somebody looks or asks; what is known is kept, and gone on from."""
        if self._resting is not None:
            self._resting.cancel()
        self._resting = None
        if self._lookers or self._running is None:
            return
        self._over, self._running = self._running, None
        self._over.cancel()
        self._halt = HelmPanelError("Nobody was looking, so the cluster is not followed at the moment. Refresh to go on."), datetime.now(UTC)
        self._told()

    def _tell_screens(self) -> None:
        shown = dict.fromkeys(place for screen in self._screens.values() for place in screen)
        self._shown = shown.keys()
        self._reading.on_screen(tuple(shown), is_looked_at=self._lookers > 0)
        if self._healths is not None:
            self._healths.on_screen(shown.keys())

    # Writing

    def _places(self) -> set[Place]:
        return {(key.namespace, key.name) for key in self._records}

    def _changed(self, places: set[Place]) -> None:
        self._dirty |= places
        self._told()

    def _told(self) -> None:
        self._is_told = True
        if self._publishing is None or self._publishing.done():
            self._publishing = spawn(self._publish(), f"write releases of {self._context}")

    async def _published(self) -> None:
        while self._publishing is not None and not self._publishing.done():
            await asyncio.wait([self._publishing])

    async def _publish(self) -> None:
        while self._is_told:
            await self._gather_news()
            self._is_told = False
            was_away, self._is_away = self._is_away, self._reading.state is TableState.STALE
            if was_away and not self._is_away:
                self._dirty |= self._places()
            dirty, self._dirty = self._dirty, set()
            news = {place: (self._reading.seen(place), self._health(place)) for place in dirty if not self._reading.is_in_doubt(place)}
            self._stumbled = None
            changes = self._state()  # taken together with the news, so that it never says more than they hold
            if news:
                try:
                    made = await asyncio.to_thread(self._assembly.updated, self._records, news)
                except Exception as fault:  # ours: what was about to be told is not lost, and the rows do not look as if nothing were
                    log.exception("the releases of %s could not be put together", self._context)
                    self._dirty |= dirty
                    self._stumbled = _own_fault("put the releases together", fault)
                    write(self.table, **self._state())
                    continue
                if made is not None:
                    self._records, changes["frame"] = made
            # Nothing is set again that is the same: every viewer would compare all its rows.
            told = {name: value for name, value in changes.items() if name == "frame" or getattr(self.table, name) != value}
            if told:
                write(self.table, **told)
            if self.table.is_complete:
                self._was_complete.set()
            self._update_objects(news)

    async def _gather_news(self) -> None:
        """Wait for what travels together."""
        if self.table.read_at is None:
            await asyncio.sleep(0)
            return
        begun = asyncio.get_running_loop().time()
        while (waited_s := asyncio.get_running_loop().time() - begun) < BULK_S:
            await asyncio.sleep(STEP_S)
            if not self._shown.isdisjoint(self._dirty):
                # The rest of a screen follows within milliseconds.
                if not any(self._waits(place) for place in self._shown) or waited_s >= SCREEN_S:
                    return
            elif waited_s >= TOGETHER_S and (len(self._dirty) <= FEW or self._reading.is_complete or self._reading.state != self.table.state):
                return

    def _waits(self, place: Place) -> bool:
        seen = self._reading.seen(place)
        return seen is not None and not seen.is_read

    def _health(self, place: Place) -> Health:
        if self._healths is None:
            return NOT_LOOKED
        health = self._healths.health(*place)
        # While the cluster is away rows stay as they were, and the table says since when: 40 healthy ones that all change would say less.
        before = self._records.get(self._assembly.key(place)) if self._is_away else None
        return before.health if before is not None and health.state is HealthState.UNKNOWN else health

    def _state(self) -> dict[str, object]:
        reading = self._reading
        state, since, error = reading.state, reading.since, reading.error
        if fault := self._halt or self._stumbled:
            state = TableState.FAILED if reading.heard is None else TableState.STALE
            error, since = fault
        changes: dict[str, object] = {
            "state": state,
            "since": since,
            "error": error,
            "read_at": reading.heard,
            "problems": list(reading.problems),
            "is_complete": reading.is_complete,
            "is_reading": self._refreshing > 0 or (state is TableState.LOADING and self._running is not None),
            "way": reading.way,
        }
        if self._sources is not None:
            changes["sources"] = self._sources
        return changes

    def _update_objects(self, places: Iterable[Place]) -> None:
        with self._objects_lock:
            objects = dict(self._objects)
        for key in [self._assembly.key(place) for place in places]:
            release, record = objects.get(key), self._records.get(key)
            if release is None:
                continue
            changes = {"is_gone": True} if record is None else {"is_gone": False, **_parameters(record)}
            changed = {name: value for name, value in changes.items() if getattr(release, name) != value}
            if changed:
                write(release, **changed)


def _parameters(record: ReleaseRecord) -> dict[str, object]:
    return {
        "revision": record.revision,
        "status": record.status,
        "chart": record.chart,
        "version": record.version,
        "app_version": record.app_version,
        "updated": record.updated,
        "description": record.description,
        "availability": record.availability,
        "health": record.health,
        "unreadable": record.unreadable,
    }
