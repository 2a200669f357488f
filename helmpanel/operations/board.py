"""All operations of one cluster, for everybody who looks."""

from __future__ import annotations

import param

from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation
from helmpanel.runtime.news import write

KEPT_ENDED = 100
"""Ended operations kept in memory; each may hold 10,000 lines of log."""


class OperationsBoard(param.Parameterized):
    """Running and ended operations of one cluster. Written by the runner only; outlives every browser session."""

    running = param.List(default=[], item_type=Operation, doc="Queued and running operations, newest first. Replaced, never changed in place.")
    ended = param.List(default=[], item_type=Operation, doc="Ended operations, newest first, at most KEPT_ENDED.")

    def on(self, release: ReleaseKey) -> Operation | None:
        """The operation that changes a release now; None when it is free."""
        return next((op for op in self.running if op.release == release), None)

    def begin(self, operation: Operation) -> None:
        """Put an operation on the board."""
        write(self, running=[operation, *self.running])

    def end(self, operation: Operation) -> None:
        """Move an operation to the ended ones."""
        write(self, running=[op for op in self.running if op is not operation], ended=[operation, *self.ended][:KEPT_ENDED])
