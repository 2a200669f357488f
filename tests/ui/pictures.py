"""The pictures in docs/images: which there are, for the script that takes them and the test that counts them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.ui.screens import SCREENS

THEMES = ("light", "dark")
WIDE, SLIM = 1440, 400

CHANGING = ("toast", "log", "progress", "strip", "cancel")
"""Seen while a release is changed and when that ends."""
STATES = ("empty", "forbidden", "unreachable")
"""In place of the list."""
STALE = "stale"
"""The list while the cluster is away."""
NOTEBOOK = "notebook"
NARROW = ("releases", "selected", "stale", "details-info", "details-history", "upgrade", "rollback", "uninstall", "progress", "strip", "toast")
"""Taken in a narrow window too."""


def widths(screen: str) -> tuple[int, ...]:
    """How wide the window is in a screen's pictures."""
    return (WIDE, SLIM) if screen in NARROW else (WIDE,)


def file_name(screen: str, theme: str, width: int) -> str:
    """A picture's file."""
    return f"{screen}-{theme}{'' if width == WIDE else f'-{width}'}.png"


def all_files() -> Iterator[str]:
    """Every picture's file."""
    for screen in (*SCREENS, *CHANGING, *STATES, STALE, NOTEBOOK):
        for theme in THEMES:
            for width in widths(screen):
                yield file_name(screen, theme, width)
