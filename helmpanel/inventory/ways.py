"""One way to read the releases, and another for when the first is forbidden: behind the same seam."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from helmpanel.errors import Forbidden, HelmPanelError
from helmpanel.inventory.polled import PolledReading
from helmpanel.inventory.reading import Reading, Seen
from helmpanel.inventory.tracker import Release
from helmpanel.model.table import TableState
from helmpanel.runtime.tasks import end, spawn, until_one_ends

AGAIN_S = 300.0
"""Between two tries of the first way while the second is in use."""


class EitherReading:
    """See `Reading`. The second way is tried once, when the first may read nothing at all; where it works it is kept, else the first one's refusal is told.

    A right may be granted later, or have been refused by mistake: with every refresh, and now and then, the first way is tried again.

    Args:
        first: Makes the first way, given whom to tell.
        second: Makes the second, given whom to tell and what the first was refused.
        changed: Called with releases of which something else is known now.
        told: Called when the state may have changed.
    """

    def __init__(
        self,
        first: Callable[[Callable[[set[Release]], object], Callable[[], object]], Reading],
        second: Callable[[Callable[[set[Release]], object], Callable[[], object], HelmPanelError], PolledReading],
        *,
        changed: Callable[[set[Release]], object],
        told: Callable[[], object],
    ) -> None:
        self._changed = changed
        self._told = told
        self._make_first = first
        self._make_second = second
        self._leave = asyncio.Event()
        """The current way is left."""
        self._decided = asyncio.Event()
        self._decided.set()
        self._trying = asyncio.Lock()
        self._was_tried = False
        self._turns = 0
        """How often a way was left."""
        self._screen: tuple[Sequence[Release], bool] = ((), False)
        self._current: Reading = first(changed, self._first_told)

    @property
    def way(self) -> str:
        """See Reading."""
        return self._current.way

    @property
    def state(self) -> TableState:
        """See Reading."""
        return self._current.state if self._decided.is_set() else TableState.LOADING

    @property
    def since(self) -> datetime | None:
        """See Reading."""
        return self._current.since

    @property
    def heard(self) -> datetime | None:
        """See Reading."""
        return self._current.heard

    @property
    def error(self) -> HelmPanelError | None:
        """See Reading."""
        return self._current.error if self._decided.is_set() else None

    @property
    def problems(self) -> tuple[str, ...]:
        """See Reading."""
        return self._current.problems

    @property
    def is_complete(self) -> bool:
        """See Reading."""
        return self._current.is_complete

    @property
    def releases(self) -> Iterable[Release]:
        """See Reading."""
        return self._current.releases

    def seen(self, release: Release) -> Seen | None:
        """See Reading."""
        return self._current.seen(release)

    def is_in_doubt(self, release: Release) -> bool:
        """See Reading."""
        return self._current.is_in_doubt(release)

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool) -> None:
        """See Reading."""
        self._current.on_screen(releases, is_looked_at=is_looked_at)
        self._screen = (releases, is_looked_at)

    @property
    def is_direct(self) -> bool:
        """See Reading."""
        return self._current.is_direct

    async def run(self) -> None:
        """See Reading."""
        while True:
            await until_one_ends(self._current.run(), self._leave.wait(), self._look_again(), name="read releases one way or another")
            self._leave.clear()
            self._turns += 1
            if self._decided.is_set():
                continue  # back to the first
            try:
                await self._try_second()
            except asyncio.CancelledError:
                self._was_tried = False  # it comes to rest: begun again, it is refused again
                raise
            finally:
                self._decided.set()
            self._told()

    async def confirm(self, release: Release) -> None:
        """See Reading."""
        if not await self._asked(self._current.confirm(release)):
            await self._current.confirm(release)

    async def refresh(self) -> None:
        """See Reading."""
        self._was_tried = False
        if isinstance(self._current, PolledReading) and await self._try_first():
            return
        await self._asked(self._current.refresh())

    async def _asked(self, question: Awaitable[None]) -> bool:
        """Wait until the current way has answered, or is given up for the other one and that is in use. Returns whether it answered."""
        turns, is_answered = self._turns, True
        try:
            await question
        except asyncio.CancelledError:
            task = asyncio.current_task()
            is_answered = not (self._leave.is_set() or self._turns > turns)
            if is_answered or (task is not None and task.cancelling()):
                raise
        await self._decided.wait()
        return is_answered

    async def _try_second(self) -> None:
        refusal = self._current.error
        second = self._make_second(self._changed, self._told, refusal or HelmPanelError("The releases could not be read."))
        await second.read()
        if second.error is None:
            second.on_screen(self._screen[0], is_looked_at=self._screen[1])
            self._current = second

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_S)
            if isinstance(self._current, PolledReading):
                await self._try_first()

    async def _try_first(self) -> bool:
        """Whether the first way reads now; what the second knows is shown until it does."""
        async with self._trying:
            second = self._current
            if not isinstance(second, PolledReading):
                return True  # somebody else has just been here
            first = self._make_first(self._changed, self._told)
            first.on_screen(self._screen[0], is_looked_at=self._screen[1])
            reading = spawn(first.run(), "try to read releases directly again")
            try:
                await first.refresh()
            finally:
                await end(reading)
            if first.heard is None:
                return False
            self._current = first
            self._leave.set()
            self._changed({*first.releases, *second.releases})
            return True

    def _first_told(self) -> None:
        first = self._current
        if first.state is TableState.FAILED and isinstance(first.error, Forbidden) and not self._was_tried and not isinstance(first, PolledReading):
            self._was_tried = True
            self._decided.clear()
            self._leave.set()
        self._told()
