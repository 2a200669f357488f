"""The dialogs of one operation: its progress while it runs, its log when it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helmpanel.model.operation import Operation
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.views.dialog import Form
from helmpanel.views.operation_line import OperationLine
from helmpanel.views.outcomes import DOING, ending


class OperationForm(Form):
    """Bar, phase, elapsed, log and Cancel of one operation.

    Args:
        operation: What is shown.
        deliver: How news reach this session's document.
        cancel: Called when the person wants to cancel it.
        log_lines: Lines of log kept in the browser.
        leave: Word of the button that closes the dialog.
    """

    def __init__(
        self, operation: Operation, deliver: Deliver, cancel: Callable[[Operation], None], log_lines: int = 10_000, leave: str = "Close", **params: Any
    ) -> None:
        self.line = OperationLine(operation, deliver, is_card=True, is_log_open=True, log_lines=log_lines)
        self.line.on("cancel", lambda **_rest: cancel(operation))
        release = operation.release
        super().__init__(
            where=release.namespace,
            facts=[operation.target] if operation.target else [],
            context=release.context,
            size="lg",
            cancel=leave,
            start_at="cancel",
            body=[self.line],
            **params,
        )

    def closed(self) -> None:
        """Give up the subscription."""
        self.line.stop()


class ProgressForm(OperationForm):
    """An operation that was just started. Leaving it leaves the operation running; when that ends, however it ends, the dialog goes.

    The end is told once, by its notification, which offers the log: a dialog that stayed would say the same beside it.
    """

    def __init__(self, operation: Operation, deliver: Deliver, cancel: Callable[[Operation], None], log_lines: int = 10_000) -> None:
        super().__init__(
            operation,
            deliver,
            cancel,
            log_lines,
            title=f"{DOING[operation.kind]} {operation.release.name}",
            leave="Go on working",
            note="It goes on when you leave this dialog.",
        )
        self._operation = operation
        self._stop = subscribe(operation, ["outcome"], lambda _changed: self._leave(), deliver)
        self._leave()

    def closed(self) -> None:
        """Give up the subscriptions."""
        self._stop()
        super().closed()

    def _leave(self) -> None:
        if ending(self._operation) is not None:
            self.dismiss()


def log_form(operation: Operation, deliver: Deliver, cancel: Callable[[Operation], None], log_lines: int = 10_000) -> OperationForm:
    """How an operation ended, why, and its log: what its notification offers, on top of whatever is open."""
    end = ending(operation)
    return OperationForm(
        operation,
        deliver,
        cancel,
        log_lines,
        title=end.title if end else f"{DOING[operation.kind]} {operation.release.name}",
        status=[end.group, end.line] if end else [],
    )
