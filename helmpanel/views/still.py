"""Which rows stand on the page: while somebody's pointer or focus is in the table no row moves. Decided here, without a clock, a screen or a frame."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

HELD_FOR_S = 7.0
"""A browser says every 2 s that somebody is in the table. One that went without a word, such as a page loaded anew, holds nothing after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The rows of a page."""

    keys: tuple[str, ...]
    """Releases in the order shown."""
    gone: frozenset[str] = frozenset()
    """Those of `keys` that are not in the cluster any more: shown as they last were."""
    new: int = 0
    """Releases that will stand on this page once it is let in."""

    @property
    def waits(self) -> str:
        """What is not shown yet, such as `2 new, 1 gone`; empty when the page is as the cluster is."""
        return ", ".join(f"{number:,} {word}" for number, word in ((self.new, "new"), (len(self.gone), "gone")) if number)


def standing(*, shown: Sequence[str], listed: Container[str], page: Sequence[str], there: Container[str], is_held: bool) -> Standing:
    """The rows to show.

    Args:
        shown: Releases on the page now, in order.
        listed: All that were listed, on whatever page, when `shown` was chosen: one that moves here from another page is not new.
        page: Releases on the page by filters and order now.
        there: All that are in the cluster now. One that only fits the filters no more is not gone: it keeps its place, and its cells change.
        is_held: Whether somebody is in the table.
    """
    if not is_held or not shown:
        return Standing(keys=tuple(page))
    kept = set(shown)
    return Standing(
        keys=tuple(shown),
        gone=frozenset(key for key in shown if key not in there),
        new=sum(key not in kept and key not in listed for key in page),
    )
