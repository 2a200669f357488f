"""One measured figure, what it should be, and how it is printed."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure, and what it should be."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    """The value should not be above it (below it for a floor); None where there is none."""
    is_floor: bool = False
    """The goal is the least that is wanted, as for "so many times sooner"."""
    what: str = ""
    """One sentence for docs/performance.md."""

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached; true where there is none."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.is_floor else self.value <= self.goal

    @property
    def wanted(self) -> str:
        """The goal as text, and whether it was missed."""
        bound = "–" if self.goal is None else f"{'at least' if self.is_floor else 'at most'} {self.goal:g}"
        return bound + ("" if self.is_met else " **missed**")


Part = tuple[str, str, Iterable[Figure]]
"""One table of docs/performance.md: its title, the command that makes it, and the figures, measured when they are asked for."""


def replaced(figures: Iterable[Figure], ending: str) -> Iterator[Figure]:
    """With an ending to each name, where one object holds those of several sizes."""
    return (replace(each, name=each.name + ending) for each in figures)


def as_json(figures: Iterable[Figure]) -> str:
    """All of them as one object by name."""
    return json.dumps({each.name: {"value": each.value, "unit": each.unit, "goal": each.goal, "met": each.is_met} for each in figures}, indent=2)


def told(figures: Iterable[Figure], *, is_json: bool) -> int:
    """Print figures, each as soon as it is there, or all as JSON; 1 when a goal is missed."""
    found = []
    for each in figures:
        found.append(each)
        if not is_json:
            print(f"{each.name:28} {each.value:10g} {each.unit:12} {each.wanted:24} {each.what}", flush=True)
    if is_json:
        print(as_json(found))
    return 0 if all(each.is_met for each in found) else 1


def rounded(value: float) -> float:
    """Three digits that count: the rest is noise."""
    return float(f"{value:.3g}")


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]


def median_s(work: Callable[[], object], rounds: int = 5) -> float:
    """Median seconds of one call, the first one left out."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
