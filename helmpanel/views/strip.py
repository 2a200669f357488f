"""Operations: one line each; stays while the person goes on working."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import param
from panel.custom import Children

from helmpanel.model.operation import Operation
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.views.assets import css, esm
from helmpanel.views.operation_line import OperationLine
from helmpanel.views.part import Part

if TYPE_CHECKING:
    from helmpanel.operations.board import OperationsBoard

SHOWN_ENDED = 20
"""Ended operations in the strip; the rest is in the history of their releases."""


class Strip(Part):
    """Running operations of the cluster, ended ones folded away.

    Args:
        board: Where the operations stand.
        deliver: How news reach this session's document.
        cancel: Called with the operation a person wants to cancel.
        log_lines: Lines of log kept in the browser.
    """

    running = Children(doc="A line for each running operation, newest first.")
    ended = Children(doc="A line for each ended one, newest first.")
    running_count = param.Integer(default=0, doc="Number of running operations.")
    ended_count = param.Integer(default=0, doc="Number of ended operations shown.")
    is_compact = param.Boolean(default=False, doc="In a notebook cell: no heading while one operation runs alone.")

    _esm = esm("strip")
    _stylesheets: ClassVar[list[str]] = [css("shared", "strip")]

    def __init__(self, board: OperationsBoard, deliver: Deliver, cancel: Callable[[Operation], None], log_lines: int = 10_000, **params: Any) -> None:
        self._board = board
        self._deliver = deliver
        self._cancel = cancel
        self._log_lines = log_lines
        self._lines: dict[str, OperationLine] = {}
        super().__init__(**params)
        self._stop = subscribe(board, ["running", "ended"], self._news, deliver)
        self.show()

    def stop(self) -> None:
        """Give up all subscriptions."""
        self._stop()
        for line in self._lines.values():
            line.stop()
        self._lines.clear()

    def show(self) -> None:
        """Draw what the board holds now."""
        running, ended = list(self._board.running), list(self._board.ended)[:SHOWN_ENDED]
        for gone in set(self._lines) - {op.id for op in [*running, *ended]}:
            self._lines.pop(gone).stop()
        lines = {"running": [self._line(op) for op in running], "ended": [self._line(op) for op in ended]}
        changed = {name: made for name, made in lines.items() if made != getattr(self, name)}
        self.param.update(**changed, running_count=len(running), ended_count=len(ended), visible=bool(running or ended))

    def _news(self, _changed: frozenset[str]) -> None:
        self.show()

    def _line(self, operation: Operation) -> OperationLine:
        line = self._lines.get(operation.id)
        if line is None:
            line = OperationLine(operation, self._deliver, log_lines=self._log_lines)
            line.on("cancel", lambda **_rest: self._cancel(operation))
            self._lines[operation.id] = line
        return line
