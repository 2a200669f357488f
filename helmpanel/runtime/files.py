"""Files of our own: operation logs that only their owner can read."""

from __future__ import annotations

import contextlib
from pathlib import Path

KEPT_LOGS = 400
"""Log files kept; older ones are removed. They hold what helm wrote, notes with credentials included."""


def private_dir(path: Path) -> Path:
    """The folder, made with mode 0700 where it is missing; an existing one of ours is closed to others."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def log_folder(data_dir: Path) -> Path:
    """Folder of the operation logs (`<id>.err`), made when missing."""
    return private_dir(data_dir / "operations")


def prune_logs(data_dir: Path, keep: int = KEPT_LOGS, in_use: frozenset[str] = frozenset()) -> int:
    """Remove the oldest operation logs; returns how many files went.

    Args:
        data_dir: Folder of our files.
        keep: Files that stay, newest first.
        in_use: Stems that stay however old.
    """
    folder = data_dir / "operations"
    dated: list[tuple[float, Path]] = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix != ".err":
            continue
        try:
            dated.append((path.stat().st_mtime, path))
        except FileNotFoundError:
            continue  # another process of the same user prunes too
    dated.sort(reverse=True)
    gone = 0
    for _, path in dated[keep:]:
        if path.stem not in in_use:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def remove_reports(data_dir: Path) -> None:
    """Remove `<id>.out`, which earlier versions wrote: an upgrade's holds its values, and was left behind when helmpanel was killed."""
    with contextlib.suppress(OSError):  # no folder, or not ours to change: then there is nothing of ours in it
        for path in list((data_dir / "operations").glob("*.out")):
            path.unlink(missing_ok=True)
