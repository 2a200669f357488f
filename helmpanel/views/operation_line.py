"""One operation: what, phase, bar, elapsed, live log, Cancel; on a line of the strip or as the body of a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import param

from helmpanel.model.operation import Operation, Phase
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.text import LineMasker
from helmpanel.views.assets import css, esm
from helmpanel.views.outcomes import VERBS, ending
from helmpanel.views.part import Part

FOLLOWED = ("target", "phase", "message", "progress", "started", "elapsed", "outcome", "warnings", "error", "can_kill", "log", "log_dropped")


class OperationLine(Part):
    """Shows one operation of the model; never writes it.

    Messages: `cancel` () and `dismiss` (); the log is sent only while it is open, masked, new lines alone.

    Args:
        operation: What is shown.
        deliver: How news reach this session's document.
        log_lines: Lines of log kept in the browser.
    """

    title = param.String(doc="`Upgrade airflow`.")
    subtitle = param.String(doc="`data-platform, 1.15.0 → 1.16.0`.")
    phase = param.String(doc="In words.")
    why = param.String(doc="Why it ended so and what to do next, masked; empty while it runs and after a plain success.")
    group = param.String(default="pending", doc="StatusGroup value of the shape: pending while it runs.")
    progress = param.Integer(default=-1, doc="Percent of resources ready; -1 while unknown: then the bar only slides.")
    elapsed = param.Number(default=0.0, doc="Seconds when this was sent; the browser counts on while it runs.")
    is_running = param.Boolean(default=True, doc="It has not ended.")
    is_counting = param.Boolean(default=False, doc="helm was started: the time runs.")
    cancel_word = param.String(default="Cancel", doc="Cancel, or Stop now when only SIGKILL is left; empty when neither is possible.")
    is_log_open = param.Boolean(default=False, doc="Written by the browser.")
    is_card = param.Boolean(default=False, doc="As the body of a dialog: larger, with its log open.")
    log_lines = param.Integer(default=10_000, doc="Lines of log kept in the browser.")

    _esm = esm("operation_line")
    _stylesheets: ClassVar[list[str]] = [css("shared", "operation_line")]

    def __init__(self, operation: Operation, deliver: Deliver, **params: Any) -> None:
        self.operation = operation
        self._sent = 0
        self._masker = LineMasker()
        super().__init__(**params)
        self.on("log", self._log_wanted)
        self._stop: Callable[[], None] = subscribe(operation, FOLLOWED, self._news, deliver)
        self._show()

    def stop(self) -> None:
        """Give up the subscription."""
        self._stop()

    def _news(self, changed: frozenset[str]) -> None:
        if changed - {"log", "log_dropped"}:
            self._show()
        if self.is_log_open and changed & {"log", "log_dropped"}:
            self._send_log()

    def _show(self) -> None:
        op = self.operation
        end = ending(op)
        self.param.update(
            title=f"{VERBS[op.kind].capitalize()} {op.release.name}",
            subtitle=", ".join(part for part in (op.release.namespace, op.target) if part),
            phase=end.line if end else (op.message or op.phase.value.capitalize()),
            why=end.text if end and end.stays else "",
            group=end.group if end else "pending",
            progress=op.progress,
            elapsed=op.elapsed,
            is_running=not op.has_ended,
            is_counting=op.started is not None and not op.has_ended,
            cancel_word="" if op.has_ended else "Stop now" if op.can_kill else "" if op.phase is Phase.CANCELLING else "Cancel",
        )

    def _log_wanted(self, **_rest: Any) -> None:
        self._sent = 0
        self._send_log()

    def _send_log(self) -> None:
        """Lines that the browser does not have yet. `log` holds the newest; `log_dropped` counts those cut from its front."""
        log, dropped = self.operation.log, self.operation.log_dropped
        is_new = self._sent < dropped or self._sent == 0
        lines = log if is_new else log[self._sent - dropped :]
        self._sent = dropped + len(log)
        # Each line is masked once: masking all that is kept takes longer than helm takes to say the next line.
        if is_new:
            self._masker = LineMasker()
            if dropped:
                self._masker.begin(lines)
        self._send_msg({"is_new": is_new, "dropped": dropped, "lines": [self._masker.mask(line) for line in lines]})
