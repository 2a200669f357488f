"""The dialog of an operation that was just started; leaving it leaves the operation running."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helmpanel.model.operation import Operation
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.views.dialog import Form
from helmpanel.views.operation_line import OperationLine
from helmpanel.views.outcomes import DOING, ending


class ProgressForm(Form):
    """Bar, phase, elapsed, live log and Cancel. Closes by itself after a plain success; stays when there is something to read.

    Args:
        operation: Just submitted.
        deliver: How news reach this session's document.
        cancel: Called when the person wants to cancel it.
        log_lines: Lines of log kept in the browser.
    """

    def __init__(self, operation: Operation, deliver: Deliver, cancel: Callable[[Operation], None], log_lines: int = 10_000, **params: Any) -> None:
        self._operation = operation
        self.line = OperationLine(operation, deliver, is_card=True, is_log_open=True, log_lines=log_lines)
        self.line.on("cancel", lambda **_rest: cancel(operation))
        release = operation.release
        super().__init__(
            title=f"{DOING[operation.kind]} {release.name}",
            where=release.namespace,
            facts=[operation.target] if operation.target else [],
            context=release.context,
            size="lg",
            cancel="Go on working",
            start_at="cancel",
            note="It goes on when you leave this dialog.",
            body=[self.line],
            **params,
        )
        self._stop = subscribe(operation, ["outcome"], self._news, deliver)
        self._news(frozenset())

    def closed(self) -> None:
        """Give up the subscriptions."""
        self._stop()
        self.line.stop()

    def _news(self, _changed: frozenset[str]) -> None:
        end = ending(self._operation)
        if end is None:
            return
        if not end.stays:
            self.dismiss()
            return
        # Why, and what to do next, stands on the line in the body, which outlives the notification.
        self.param.update(title=end.title, status=[end.group, end.line], note="", cancel="Close")
