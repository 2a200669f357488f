"""Runs every benchmark of this folder: `make bench`, or `python -m benchmarks.run [--kubeconfig FILE] [--json] [--write FILE]`."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure

HERE = Path(__file__).parent
PARTS = ("figure", "cluster", "run", "__init__")
"""Modules of this folder that are no benchmarks."""


def goal(figure: Figure) -> str:
    """The goal as text, and whether it was missed."""
    return ("–" if figure.goal is None else f"{figure.goal:g}") + ("" if figure.is_met else " **missed**")


def page(found: list[Figure], helm: str, command: str) -> str:
    """The figures as a page for docs."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, helm {helm}"
    lines = [
        "# What things cost",
        "",
        f"Measured with `{command}` on {datetime.now(UTC):%Y-%m-%d}: {machine}.",
        "Medians of five rounds. A goal is an upper bound. `make bench` writes this page; with `--kubeconfig FILE` it measures any cluster.",
        "",
        "| figure | value | goal | what |",
        "|---|---|---|---|",
        *(f"| {f.name} | {f.value:g} {f.unit} | {goal(f)} | {f.what} |" for f in found),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", help="measure this cluster (read only) in place of the sandbox")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--write", type=Path, help="write the figures to this page")
    chosen = parser.parse_args()
    from helmpanel.helm.binary import locate, read_binary

    helm = read_binary(locate())
    found = []
    for name in sorted(path.stem for path in HERE.glob("*.py") if path.stem not in PARTS):
        for figure in importlib.import_module(f"benchmarks.{name}").figures(chosen.kubeconfig, str(helm.path)):
            found.append(figure)
            if not chosen.json:
                print(f"{figure.name:20} {figure.value:10g} {figure.unit:14} goal {goal(figure)}", flush=True)
    if chosen.json:
        print(json.dumps({f.name: {"value": f.value, "unit": f.unit, "goal": f.goal, "met": f.is_met} for f in found}, indent=2))
    if chosen.write:
        command = "make bench" if not chosen.kubeconfig else "python -m benchmarks.run --kubeconfig FILE"
        chosen.write.write_text(page(found, helm.text.removeprefix("v"), command), encoding="utf-8")
    return 0 if all(f.is_met for f in found) else 1


if __name__ == "__main__":
    sys.exit(main())
