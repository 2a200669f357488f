"""What travels together: news that come within a moment of each other make one frame and one update of a screen. Pure."""

from __future__ import annotations

from dataclasses import dataclass

STEP_S = 0.01
"""Between two looks at the news."""
TOGETHER_S = 0.03
"""Changes of this long travel as one: an upgrade is four writes within a few milliseconds, and a payload follows its labels as quickly."""
SCREEN_S = 0.1
"""So long the rows on a screen wait for each other's charts."""
BULK_S = 0.2
"""News of this long travel as one while payloads come in by the hundred and none of them is on a screen: a frame of all rows is made for each."""
FEW = 5
"""Releases with news at a time: more are taken for a part of a bulk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What waits to be written."""

    count: int
    """Releases with news."""
    is_shown: bool
    """Whether one of them is on a screen."""
    is_screen_waiting: bool
    """Whether a release on a screen has no chart yet."""
    is_last: bool
    """Whether nothing more is under way, or the state is another one than the screen says."""


def is_due(news: News, waited_s: float) -> bool:
    """Whether news are written now, having waited for so long."""
    if waited_s >= BULK_S:
        return True
    if news.is_shown:
        # The rest of a screen follows within milliseconds.
        return not news.is_screen_waiting or waited_s >= SCREEN_S
    return waited_s >= TOGETHER_S and (news.count <= FEW or news.is_last)
