"""Files of our own: operation logs that only their owner can read."""

from __future__ import annotations

import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

KEPT_LOGS = 200
"""Operation logs kept; older ones are removed. They hold what helm wrote, notes with credentials included."""


def private_dir(path: Path) -> Path:
    """The folder, made with mode 0700 where it is missing; an existing one of ours is closed to others."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def new_log(data_dir: Path, name: str) -> Path:
    """An empty 0600 file `operations/<name>.log`, ready for helm to write to.

    Raises:
        FileExistsError: The name is taken: operation ids are unique.
    """
    path = private_dir(data_dir / "operations") / f"{name}.log"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def prune_logs(data_dir: Path, keep: int = KEPT_LOGS, in_use: frozenset[Path] = frozenset()) -> int:
    """Remove the oldest operation logs beyond `keep`; returns how many went. Logs in use stay."""
    folder = data_dir / "operations"
    dated: list[tuple[float, Path]] = []
    for path in folder.glob("*.log") if folder.is_dir() else ():
        try:
            dated.append((path.stat().st_mtime, path))
        except FileNotFoundError:
            continue  # another process of the same user prunes too
    dated.sort(reverse=True)
    gone = 0
    for _, path in dated[keep:]:
        if path not in in_use:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
