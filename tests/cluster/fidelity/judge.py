"""Compares a replayed row with the recorded one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from .calls import Call, differences
from .normal import normal
from .recording import Row

_WAITING_FLAGS = frozenset({"--wait", "--atomic", "--rollback-on-failure"})


def waits(row: Row) -> bool:
    """Whether a command waits for the cluster: asked to, or for a hook or a test (which it watches)."""
    return bool(_WAITING_FLAGS & set(row.argv)) or row.argv[0] == "test" or any(call.verb == "watch" for call in row.calls)


def verdict(recorded: Row, replayed: Row, paths: Mapping[str, str], beside: Iterable[Call] = ()) -> list[str]:
    """What differs, one line each; empty when the row is identical.

    Args:
        recorded: What the real server made of the command.
        replayed: What the sandbox makes of it.
        paths: Paths of this run to their placeholders in the recording.
        beside: Calls of a helm that ran in the background.
    """
    found = [] if recorded.rc == replayed.rc else [f"exit code {replayed.rc}, recorded {recorded.rc}"]
    for stream in ("stdout", "stderr"):
        was, now = normal(getattr(recorded, stream)), normal(getattr(replayed, stream), paths)
        if was != now:
            lines = difflib.unified_diff(was.splitlines(), now.splitlines(), lineterm="", n=0)
            found += [f"{stream}: {line}" for line in lines if not line.startswith(("---", "+++", "@@"))] or [f"{stream}: ends differently"]
    return found + [f"call {line}" for line in differences(recorded.calls, replayed.calls, waits=waits(recorded), background=beside)]
