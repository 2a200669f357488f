"""Success with damage: exit 0, and yet something was left behind."""

from __future__ import annotations

from collections.abc import Sequence


def damage(command: Sequence[str], stdout: str, stderr: str) -> tuple[str, ...]:
    """Sentences on what a command that exited 0 left behind; empty when nothing."""
    return ()
