"""For how long what was known of workloads counts where they cannot be read any more. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeAlias

Place: TypeAlias = str | None
"""A namespace; None for the whole cluster."""

KEPT_S = 20.0
"""What was known counts until releases were heard of for so long while it could not be read."""


class Kept:
    """Places that fail, and whether what was known of them still counts.

    A cluster that goes away is noticed by one connection after the other, and comes back to one after the other: half a minute may lie between them. So no
    time of the clock counts, but whether the releases were heard of meanwhile, and for how long: then it is not the cluster that is away. What is not believed
    any more is not until it was read again.
    """

    def __init__(self) -> None:
        self._failing: dict[Place, datetime | None] = {}
        """Since when it fails beside releases that are heard of; None where nothing is believed any more."""

    def note(self, failing: Collection[Place], now: datetime) -> None:
        """Which places fail now."""
        self._failing = {place: self._failing.get(place, now) for place in failing}

    def weigh(self, now: datetime, *, heard: datetime | None, is_away: bool) -> bool:
        """Whether what was known of some place counts no more from now on.

        Args:
            now: UTC time.
            heard: Up to when the releases are known; None before they are.
            is_away: The releases cannot be heard of either.
        """
        lost = []
        for place, since in self._failing.items():
            if since is None:
                continue
            if is_away:
                self._failing[place] = now
            elif heard is not None and heard - since >= timedelta(seconds=KEPT_S):
                lost.append(place)
        self._failing |= dict.fromkeys(lost)
        return bool(lost)

    def is_believed(self, place: Place) -> bool:
        """Whether what was known of a place counts."""
        return place not in self._failing or self._failing[place] is not None
