"""What a failed helm command means."""

from __future__ import annotations

from helmpanel.errors import FailureKind, HelmFailure


def classify(command: list[str], rc: int, stderr: str) -> HelmFailure:
    """The failure of a helm command, from its words; see `rules` for how."""
    return HelmFailure(f"helm failed: {stderr.strip()[-300:]}", kind=FailureKind.UNKNOWN, command=command, rc=rc, raw=stderr)
