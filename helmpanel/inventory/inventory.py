"""What is known of the releases of one cluster, followed as long as somebody looks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.assembly import AvailabilityOf
from helmpanel.inventory.tracker import Release as Place
from helmpanel.inventory.writer import Changed, Fault, Healths, MakeReading, Standing, Writer, own_fault
from helmpanel.model.availability import SourceState
from helmpanel.model.health import Workload
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord
from helmpanel.model.release import Release
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.runtime.tasks import end, happens, spawn, until_one_ends
from helmpanel.settings import Settings

HEALTH_AFTER_S = 1.0
"""Workloads are asked for when the releases are complete, or after this: the first rows and their charts come first."""
HEALTH_PATIENCE_S = 5.0
"""Workloads that have not answered by then hold up no refresh: they are told of when they have."""


class Inventory:
    """Follows the releases and has what it finds written. Lives on the I/O thread; `release`, `record`, `records` and `workloads` may be used from any thread.

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
        self._running: asyncio.Task[None] | None = None
        self._over: asyncio.Task[None] | None = None
        self._halt: Fault | None = None
        """Why nothing is followed just now; None while it is."""
        self._refreshing = 0
        self._lookers = 0
        self._screens: dict[object, tuple[Place, ...]] = {}
        self._resting: asyncio.TimerHandle | None = None
        self._sources: SourceState | None = None
        self._writer = Writer(reading, healths, table, context=context, availability=availability, standing=self._standing)
        self._reading, self._healths = self._writer.reading, self._writer.healths

    # What is known

    @property
    def records(self) -> Mapping[ReleaseKey, ReleaseRecord]:
        """Everything that is known; replaced as a whole, never changed."""
        return self._writer.records

    def record(self, key: ReleaseKey) -> ReleaseRecord:
        """See Writer.record."""
        return self._writer.record(key)

    def release(self, key: ReleaseKey) -> Release:
        """See Writer.release."""
        return self._writer.release(key)

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
            self._writer.all_changed()

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
        self._writer.told()
        looking = spawn(self._look_at_health(), f"look at workloads of {self._context}")
        try:
            await self._while_followed(self._reading.refresh())
            if self._reading.error is None:
                await asyncio.wait([looking])
        finally:
            await end(looking)
            self._refreshing -= 1
            self._writer.told()
        await self._writer.published()
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
        await self._writer.published()

    async def reconsider(self, sources: SourceState | None = None) -> None:
        """Ask anew what is available for each release, after the chart repositories were read; `sources` says how old they are."""
        self._sources = sources
        self._writer.all_changed(is_available_anew=True)
        await self._writer.published()

    async def close(self) -> None:
        """End what is under way."""
        if self._resting is not None:
            self._resting.cancel()
        running, self._running = self._running, None
        for task in (running, self._over):
            if task is not None:
                await end(task)
        await self._writer.close()

    # Carrying out

    async def _run(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            try:
                await asyncio.wait([before])  # it may still be coming to rest
            except asyncio.CancelledError:
                await asyncio.wait([before])  # whoever comes next waits for this one alone
                raise
        await until_one_ends(self._reading.run(), self._follow_health(), name=f"read releases of {self._context}")

    async def _follow_health(self) -> None:
        if self._healths is None:
            await asyncio.Event().wait()
        else:
            await happens(self._writer.was_complete, HEALTH_AFTER_S)
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
            self._halt = own_fault("followed the releases", task.exception())
            self._writer.told()

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
        self._writer.told()

    def _tell_screens(self) -> None:
        shown = dict.fromkeys(place for screen in self._screens.values() for place in screen)
        self._writer.shown = shown.keys()
        self._reading.on_screen(tuple(shown), is_looked_at=self._lookers > 0)
        if self._healths is not None:
            self._healths.on_screen(shown.keys())

    def _standing(self) -> Standing:
        return Standing(halt=self._halt, is_running=self._running is not None, is_asked=self._refreshing > 0, sources=self._sources)
