"""Which operations run, which wait, and which are refused."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from helmpanel.errors import HelmPanelError, NotAllowed, ReleaseBusy, ReleaseMoved
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation, Outcome, Phase
from helmpanel.model.plan import Plan
from helmpanel.operations.board import OperationsBoard
from helmpanel.operations.run import Launch, Run
from helmpanel.operations.verdict import Ending, failed, lost, never_started
from helmpanel.runtime.news import write
from helmpanel.runtime.tasks import end, spawn
from helmpanel.settings import Settings

log = logging.getLogger(__name__)

RevisionOf = Callable[[ReleaseKey], Awaitable[int | None]]
"""The release's revision as the cluster has it now; None when it is gone."""
Hook = Callable[[Operation], Awaitable[object]]


class Runner:
    """Carries plans out: one operation per release, a limited number side by side, the others in the order they came. On the I/O thread only."""

    def __init__(
        self, *, binary: str, launch: Launch, revision_of: RevisionOf, on_started: Hook, on_ended: Hook, board: OperationsBoard, settings: Settings
    ) -> None:
        """A runner with nothing to do.

        Args:
            binary: Path of helm, for the command shown.
            launch: Starts helm.
            revision_of: Asked right before helm starts.
            on_started: Called in the background once helm runs, and cancelled when helm ended.
            on_ended: Awaited after helm has ended and before anybody is told, so that the release's row is fresh when the notification comes.
            board: Where operations are listed.
            settings: Limits and times.
        """
        self.board = board
        self._binary = binary
        self._launch = launch
        self._revision_of = revision_of
        self._on_started = on_started
        self._on_ended = on_ended
        self._settings = settings
        self._taken: dict[ReleaseKey, str] = {}
        self._queue: deque[Run] = deque()
        self._running: dict[Run, asyncio.Task[None]] = {}
        self._is_closed = False

    async def submit(self, plan: Plan) -> Operation:
        """Take a plan on; returns once it is queued or started.

        Raises:
            NotAllowed: Read-only, or closed.
            ReleaseBusy: An operation of the same release has not ended.
            ReleaseMoved: The release is not at the plan's revision any more.
        """
        if self._settings.read_only:
            raise NotAllowed(f"{plan.release} was not changed: helmpanel is served read-only here. Ask whoever serves it, or use helm yourself.")
        if self._is_closed:
            raise NotAllowed(f"{plan.release} was not changed: this cluster object is closed. Connect again.")
        if plan.release in self._taken:
            raise ReleaseBusy(plan.release, self._taken[plan.release])
        self._taken[plan.release] = f"{plan.kind.value} {plan.target}".strip()
        try:
            await self._check_revision(plan)
            if self._is_closed:
                raise NotAllowed(f"{plan.release} was not changed: this cluster object is closed. Connect again.")
        except BaseException:
            del self._taken[plan.release]
            raise
        run = Run(self._operation(plan), plan, self._launch, self._settings)
        self.board.begin(run.operation)
        self._queue.append(run)
        self._start_next()
        if run in self._queue:
            run.has_waited = True
            write(run.operation, message=f"Waiting: {len(self._running)} operations run already")
        return run.operation

    async def cancel(self, operation: Operation, *, kill: bool = False) -> None:
        """Ask an operation to stop; a queued one never starts. With `kill` end helm by force. Nothing happens to one that has ended.

        Raises:
            NotAllowed: `kill` before it was asked and had its time.
        """
        for run in tuple(self._queue):
            if run.operation is operation:
                self._queue.remove(run)
                await self._end(run, never_started(run.plan))
                return
        for run in tuple(self._running):
            if run.operation is operation:
                run.kill() if kill else run.cancel()

    async def close(self) -> None:
        """Stop watching. A running helm goes on, its operation is lost; queued ones are cancelled."""
        self._is_closed = True
        while self._queue:
            run = self._queue.popleft()
            await self._end(run, never_started(run.plan))
        for task in tuple(self._running.values()):
            await end(task)

    def _operation(self, plan: Plan) -> Operation:
        # The process id keeps two helmpanels that share a data folder apart.
        identifier = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}-{secrets.token_hex(3)}"
        return Operation(
            id=identifier,
            kind=plan.kind,
            release=plan.release,
            command=(self._binary, *plan.argv),
            target=plan.target,
            rolls_back_on_failure=plan.rolls_back_on_failure,
            phase=Phase.QUEUED,
            message="Waiting to start",
        )

    async def _check_revision(self, plan: Plan) -> None:
        found = await self._revision_of(plan.release)
        if found != plan.revision:
            raise ReleaseMoved(plan.release, plan.revision, found)

    def _start_next(self) -> None:
        while self._queue and len(self._running) < self._settings.parallel_operations and not self._is_closed:
            run = self._queue.popleft()
            self._running[run] = spawn(self._carry_out(run), f"operation {run.operation.id}")

    async def _carry_out(self, run: Run) -> None:
        # Should anything unforeseen happen, the operation still ends, and says that its end is not known.
        ending = lost(run.plan)
        background: list[asyncio.Task[None]] = []
        try:
            if run.has_waited:
                await self._check_revision(run.plan)
            ending = await run.carry_out(lambda: background.append(spawn(self._hook(self._on_started, run.operation), f"begun {run.operation.id}")))
        except HelmPanelError as error:
            ending = failed(error)
        except OSError as cause:
            folder = self._settings.data_dir
            ending = failed(HelmPanelError(f"{run.plan.release} was not changed: its log cannot be written to {folder} ({cause.strerror}). Make room there."))
        finally:
            for task in background:
                await end(task)
            self._running.pop(run, None)
            await self._end(run, ending)

    async def _end(self, run: Run, ending: Ending) -> None:
        """Read the release again, then tell: whoever hears of the end finds the row as it is now."""
        operation = run.operation
        if operation.started is not None and ending.outcome is not Outcome.LOST:
            await self._hook(self._on_ended, operation)
        self._taken.pop(run.plan.release, None)
        write(
            operation,
            phase=Phase.ENDED,
            outcome=ending.outcome,
            message=ending.message,
            error=ending.error,
            warnings=ending.warnings,
            finished=datetime.now(UTC),
            can_kill=False,
        )
        self.board.end(operation)
        operation.mark_ended()
        self._start_next()

    async def _hook(self, hook: Hook, operation: Operation) -> None:
        try:
            await hook(operation)
        except HelmPanelError as error:
            # The table says so itself; the operation's own end must not be lost over it.
            log.warning("%s: the releases could not be read again: %s", operation.id, error)
