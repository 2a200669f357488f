"""The oracle: takes the steps of a walk, asks helm what is true after each, and has it judged what is shown."""

from __future__ import annotations

import contextlib

from tests.cluster.oracle.actions import Ground
from tests.cluster.oracle.faults import Line
from tests.cluster.oracle.judge import Judge
from tests.cluster.oracle.truth import Rows, rows_of_helm
from tests.cluster.oracle.walk import Step, Walk


class Oracle:
    """One walk over one cluster. Whatever fails tells the seed and the steps so far."""

    def __init__(self, ground: Ground, line: Line, walk: Walk) -> None:
        self.before: Rows = {}
        """What helm listed before the last step."""
        self.rows: Rows = {}
        """What it lists now."""
        self.statuses: set[str] = set()
        """Every status that it ever listed."""
        self._ground = ground
        self._line = line
        self._walk = walk

    def step(self, judge: Judge) -> None:
        """Let the next thing happen, and have it judged."""
        try:
            begun = len(self._line.box.requests)
            fault = self.happen().fault
            judge.judge(self.before, self.rows, lambda: self._line.box.requests[begun:], fault)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{self._walk}") from None

    def happen(self) -> Step:
        """Let the next thing happen, and ask helm what became of it."""
        step = self._walk.next(before := self._ground.histories())
        with step.fault.during(self._line) if step.fault else contextlib.nullcontext():
            step.action.do(self._ground, step.key, self._walk.chance)
        self.before, self.rows = self.rows, rows_of_helm(self._ground.helm, self._ground.env)
        self.statuses |= {row.status for row in self.rows.values()}
        found = self.rows.get(str(step.key))
        promised = step.action.leaves(before.get(step.key, ()))
        assert (found.status if found else None) == promised, f"{step}: left {found}, was to leave {promised}: the test itself is wrong"
        return step
