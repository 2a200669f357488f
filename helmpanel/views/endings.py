"""Exactly one notification for each operation that ended while this dashboard was looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helmpanel.model.operation import Operation
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.views.outcomes import ending, next_steps
from helmpanel.views.toasts import Toasts

if TYPE_CHECKING:
    from helmpanel.operations.board import OperationsBoard


class Endings:
    """Tells the person how operations ended, whoever started them.

    Args:
        board: Where the operations stand. Those that had ended before are not told.
        toasts: Where it is told.
        deliver: How news reach this session's document.
        step: Called with the key of a next step and its operation.
    """

    def __init__(self, board: OperationsBoard, toasts: Toasts, deliver: Deliver, step: Callable[[str, Operation], None]) -> None:
        self._board = board
        self._toasts = toasts
        self._step = step
        self._told = {op.id for op in board.ended}
        self.stop = subscribe(board, ["ended"], self._news, deliver)
        """Give up the subscription."""

    def _news(self, _changed: frozenset[str]) -> None:
        for operation in reversed(self._board.ended):
            if operation.id not in self._told:
                self._told.add(operation.id)
                self._tell(operation)

    def _tell(self, operation: Operation) -> None:
        end = ending(operation)
        if end is None:
            return
        self._toasts.show(end.title, end.text, group=end.group, stays=end.stays, actions=next_steps(operation), on_act=lambda key: self._step(key, operation))
