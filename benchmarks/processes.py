"""The processes of a benchmark: the sandbox, what is measured, and helm. Each is ended by its own id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
ENDING_S = 20


class Child:
    """A module of this folder as a process that is talked to line by line."""

    def __init__(self, module: str, *args: object) -> None:
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, args)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TOP)

    def line(self) -> str:
        """What it says next."""
        assert self.process.stdout
        told = self.process.stdout.readline()
        if not told:
            raise RuntimeError(f"{' '.join(map(str, self.process.args))} ended with {self.process.wait()} before it answered")
        return told.strip()

    def ask(self, text: str) -> str:
        """Say a line to it; its answer."""
        assert self.process.stdin
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.line()

    def end(self) -> None:
        """Its standard input ends, which ends it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        try:
            self.process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@contextmanager
def child(module: str, *args: object) -> Iterator[Child]:
    """One that ends with the block."""
    started = Child(module, *args)
    try:
        yield started
    finally:
        started.end()


def told_by(module: str, *args: object) -> dict[str, Any]:
    """The one JSON object that a module prints."""
    with child(module, *args) as started:
        found: dict[str, Any] = json.loads(started.line())
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One `helm list`."""

    seconds: float
    rss_mb: float
    count: int


def helm4(named: str | None = None) -> str:
    """Path of the named helm, else of HELMPANEL_TEST_HELM4, else of the managed Helm 4, fetched where it is missing."""
    from helmpanel.helm.managed import fetch

    return named or os.environ.get("HELMPANEL_TEST_HELM4") or str(fetch(4))


def helm_list(helm: str, cluster: Sequence[str]) -> Listed:
    """Run it to its end. `cluster`: its --kubeconfig and --kube-context."""
    command = [helm, "list", "--all-namespaces", "--output", "json", "--max", "0", *cluster]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    with process.stdout as output:
        listed = output.read()
    # Not wait(): only this tells the memory of this process alone.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
    return Listed(seconds, used.ru_maxrss / 1024, len(json.loads(listed)))
