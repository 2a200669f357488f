"""docs/performance.md, written from figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figure import Figure

TOP_LINES = """# What things cost

Written by `make bench` on {date}: {machine}.
Medians over fresh processes or fresh pages, helm and helmpanel alternating in one run. The sandbox's payloads are as large as real ones; the goals are for a
real API server, which the first command measures when it is given `--kubeconfig FILE` (a cluster is only read)."""


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one command."""

    title: str
    command: str
    figures: Sequence[Figure]


def table(figures: Sequence[Figure]) -> list[str]:
    """Figures as lines of Markdown."""
    rows = [f"| {f.name} | {f.value:g} {f.unit}".rstrip() + f" | {f.wanted} | {f.what} |" for f in figures]
    return ["| figure | value | goal | what |", "|---|---|---|---|", *rows]


def missed(sections: Sequence[Section]) -> str:
    """One sentence on the goals."""
    names = [f"{f.name} ({section.title}): {f.value:g} {f.unit}" for section in sections for f in section.figures if not f.is_met]
    if not names:
        return "Every goal is reached."
    return f"{len(names)} {'goal is' if len(names) == 1 else 'goals are'} missed: {'; '.join(names)}."


def written(sections: Sequence[Section], *, machine: str, date: str) -> str:
    """The whole page."""
    lines = [TOP_LINES.format(date=date, machine=machine), "", missed(sections), ""]
    for section in sections:
        lines += [f"## {section.title}", "", f"`{section.command}`", "", *table(section.figures), ""]
    return "\n".join(lines)
