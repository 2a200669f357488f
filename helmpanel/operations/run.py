"""One operation being carried out: helm is started, listened to, and stopped when somebody asks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from helmpanel.errors import NotAllowed
from helmpanel.helm.process import HelmProcess, LogLine
from helmpanel.model.operation import Operation, Phase
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.operations.states import UNKNOWN, Course, advance, is_trace, shown
from helmpanel.operations.verdict import Ending, never_started, verdict
from helmpanel.runtime.news import write
from helmpanel.runtime.tasks import end, spawn
from helmpanel.settings import Settings

log = logging.getLogger(__name__)


Launch = Callable[[Plan, str], HelmProcess]
"""Starts helm for a plan; the second argument names its log files. Raises HelmMissing or OSError."""

# Processes that outlived their cluster object: kept so that they are reaped, and nobody warns of a child left alone. That is what was asked for.
_outliving: list[HelmProcess] = []


class Run:
    """Carries one plan out. On the I/O thread only; the sole writer of its operation until the runner ends it."""

    def __init__(self, operation: Operation, plan: Plan, launch: Launch, settings: Settings) -> None:
        self.operation = operation
        self.plan = plan
        self.has_waited = False
        self.is_cancelled = False
        self._launch = launch
        self._settings = settings
        self._process: HelmProcess | None = None
        self._course = Course()
        self._lines: deque[str] = deque(maxlen=settings.log_lines_kept)
        self._count = 0
        self._is_overdue = False
        self._mutes_output = False
        self._is_tracing = False
        self._started_at = 0.0
        self._asked_at: float | None = None

    async def carry_out(self, on_started: Callable[[], object]) -> Ending:
        """Start helm, keep the operation up to date, and tell how it ended.

        Raises:
            HelmMissing: helm cannot be run.
            OSError: The log files cannot be made.
        """
        # Nothing is awaited between this question and the start, so a cancel cannot slip in between.
        if self.is_cancelled:
            return never_started(self.plan)
        process = self._process = self._launch(self.plan, self.operation.id)
        self._started_at = time.monotonic()
        write(
            self.operation,
            phase=self._course.phase,
            message=self._course.message,
            started=datetime.now(UTC),
            log_path=str(process.stderr_path),
        )
        on_started()
        listener = spawn(self._listen(process), f"log of {self.operation.id}")
        clock = spawn(self._tick(process), f"clock of {self.operation.id}")
        try:
            rc = await process.wait()
            await asyncio.wait([listener])
        finally:
            await end(clock)
            if not listener.done():
                await end(listener)
            if process.returncode is None:
                _outliving[:] = [p for p in _outliving if p.returncode is None] + [process]
        stdout, stderr = await asyncio.to_thread(process.output)
        write(self.operation, elapsed=self._elapsed(), can_kill=False, **self._heard())
        return verdict(self.plan, rc, stdout, stderr, was_asked_to_stop=self.is_cancelled, is_overdue=self._is_overdue)

    def cancel(self) -> None:
        """Ask helm to stop (SIGTERM). Asking again changes nothing."""
        if self.is_cancelled:
            return
        self.is_cancelled = True
        if self._process is not None:
            self._ask_to_stop(self._process, "Asked helm to stop")

    def kill(self) -> None:
        """End helm by force.

        Raises:
            NotAllowed: It was not asked to stop yet, or its grace is not over.
        """
        if self._process is None or not self.operation.can_kill:
            raise NotAllowed(
                f"helm may be stopped by force only after it was asked to stop and had {self._settings.grace_s:g} s for it: "
                f"force leaves {self.plan.release} pending. Cancel first, then wait."
            )
        self._process.kill()

    def _ask_to_stop(self, process: HelmProcess, message: str) -> None:
        self._asked_at = time.monotonic()
        self._course = replace(self._course, phase=Phase.CANCELLING, message=message, progress=UNKNOWN)
        process.terminate()
        write(self.operation, phase=Phase.CANCELLING, message=message, progress=UNKNOWN)

    async def _listen(self, process: HelmProcess) -> None:
        async for batch in process.batches():
            for line in batch:
                self._hear(line)

    def _hear(self, line: LogLine) -> None:
        if not line.is_error and self.plan.kind is OperationKind.UPGRADE:
            # From here on it is the report: values, hooks and manifest.
            self._mutes_output = self._mutes_output or line.text.startswith("NAME: ")
            if self._mutes_output:
                return
        if line.is_error:
            self._is_tracing = self._is_tracing or is_trace(line.text)
            if self._is_tracing:
                return
        self._count += 1
        self._lines.append(shown(line.text) if line.is_error else line.text)
        if line.is_error and self._course.phase is not Phase.CANCELLING:
            self._course = advance(self._course, line.text)

    def _heard(self) -> dict[str, object]:
        """Changes to the operation that follow from the lines so far."""
        return {
            "phase": self._course.phase,
            "message": self._course.message,
            "progress": self._course.progress,
            "log": tuple(self._lines),
            "log_dropped": self._count - len(self._lines),
        }

    def _elapsed(self) -> float:
        return time.monotonic() - self._started_at

    async def _tick(self, process: HelmProcess) -> None:
        """Tell what was heard ten times a second at most, the time once a second, and look after the deadlines."""
        told_lines, told_s = 0, 0
        deadline_s = 2 * self.plan.timeout_s + self._settings.watchdog_margin_s
        while True:
            await asyncio.sleep(self._settings.flush_interval_s)
            changes: dict[str, object] = {}
            if self._count != told_lines:
                told_lines = self._count
                changes |= self._heard()
            if int(self._elapsed()) != told_s:
                told_s = int(self._elapsed())
                changes["elapsed"] = self._elapsed()
            if self._asked_at is None and self._elapsed() > deadline_s:
                self._is_overdue = True
                log.warning("helm for %s is overdue after %.0f s: SIGTERM", self.operation.id, self._elapsed())
                self._ask_to_stop(process, "helm runs longer than its own limits allow: asked it to stop")
            if self._asked_at is not None and not self.operation.can_kill and time.monotonic() - self._asked_at >= self._settings.grace_s:
                self._course = replace(self._course, message="helm has not stopped yet: go on waiting, or stop it by force")
                changes |= {"can_kill": True, "message": self._course.message}
            if changes:
                write(self.operation, **changes)
