"""A sandbox of many releases in a process of its own, so that what is measured does not share its interpreter with the server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

PER_NAMESPACE = 50


@contextmanager
def many_releases(releases: int, revisions: int) -> Iterator[str]:
    """Path of the kubeconfig; the sandbox ends with the block."""
    command = [sys.executable, "-m", "benchmarks.cluster", str(releases), str(revisions)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


def main(releases: int, revisions: int) -> None:
    """Serve until standard input ends."""
    from helmpanel.sandbox import Sandbox
    from helmpanel.sandbox.demo import StoredRevision, charts, seed_release

    catalogue = list(charts().values())
    now = datetime.now(UTC)
    box = Sandbox()
    for number in range(releases):
        chart = catalogue[number % len(catalogue)][0]
        history = [
            StoredRevision(chart=chart, status="superseded" if behind else "deployed", deployed=now - timedelta(days=behind, minutes=number))
            for behind in reversed(range(revisions))
        ]
        seed_release(box, f"team-{number // PER_NAMESPACE:03d}", f"{chart.name}-{number:05d}", history)
    with box:
        print(box.kubeconfig, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
