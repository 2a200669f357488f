"""One measured figure."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure, and what it should be."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    """The value should not be above it; None where there is none."""
    what: str = ""
    """One sentence for docs/performance.md."""

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached; true where there is none."""
        return self.goal is None or self.value <= self.goal


def median_s(work: Callable[[], object], rounds: int = 5) -> float:
    """Median seconds of one call, the first one left out."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
