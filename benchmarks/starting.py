"""What it costs to begin."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.figure import Figure, Part, median_s


def parts(_kubeconfig: str | None, _helm: str) -> Iterator[Part]:
    """For `make bench`: title, command and figures, which depend neither on a cluster nor on helm."""
    yield "Beginning", "python -m benchmarks.run", figures()


def figures() -> Iterator[Figure]:
    """Import, and the demo's sandbox."""

    def importing(statement: str) -> float:
        return median_s(lambda: subprocess.run([sys.executable, "-c", statement], check=True))

    took = importing("import helmpanel") - importing("pass")
    yield Figure(name="import_ms", value=round(took * 1000, 1), unit="ms", goal=100, what="`import helmpanel`, without the start of Python")

    from helmpanel.sandbox.demo import Demo

    begun = time.perf_counter()
    with Demo():
        took = time.perf_counter() - begun
    yield Figure(name="demo_start_s", value=round(took, 3), unit="s", goal=3, what="the demo's sandbox with its releases and repositories")
