"""Runs every benchmark of this folder: `make bench`, or `python -m benchmarks.run [--kubeconfig FILE] [--json] [--write FILE]`."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure, told
from benchmarks.page import Section, written
from benchmarks.processes import helm4

HERE = Path(__file__).parent


def names() -> list[str]:
    """Modules of this folder that measure something: those with `parts`."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef parts(" in path.read_text(encoding="utf-8"))


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", help="measure this cluster (read only) in place of the sandbox")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--write", type=Path, help="write the figures to this page")
    chosen = parser.parse_args()
    helm = helm4()
    sections: list[Section] = []

    def measured() -> Iterator[Figure]:
        for name in names():
            for title, command, figures in importlib.import_module(f"benchmarks.{name}").parts(chosen.kubeconfig, helm):
                if not chosen.json:
                    print(f"\n{title}: {command}", flush=True)
                found: list[Figure] = []
                sections.append(Section(title, command, found))
                for each in figures:
                    found.append(each)
                    yield each

    code = told(measured(), is_json=chosen.json)
    if chosen.write:
        from helmpanel.helm.binary import read_binary

        version = read_binary(Path(helm)).text.removeprefix("v")
        machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, helm {version}"
        chosen.write.write_text(written(sections, machine=machine, date=f"{datetime.now(UTC):%Y-%m-%d}"), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
