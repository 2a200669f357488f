"""From what is read of releases, their health and what is available for them to records and the frame. CPU-bound: call it in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from helmpanel.inventory.reading import Seen
from helmpanel.inventory.tracker import Release
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.health import Health
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord, releases_frame

if TYPE_CHECKING:
    import pandas as pd

AvailabilityOf: TypeAlias = Callable[[str, str], Availability]
"""Chart name and version to what is known of newer ones. Called in a thread; must not raise."""
NOT_READ = Availability(state=AvailabilityState.UNKNOWN, reason="Its chart has not been read yet.")
UNREADABLE = Availability(state=AvailabilityState.UNKNOWN, reason="Its chart cannot be read.")

Records: TypeAlias = dict[ReleaseKey, ReleaseRecord]


class Assembly:
    """Makes records and frames of one context; asks what is available once for each chart and version.

    Args:
        context: Part of every key.
        availability: See AvailabilityOf.
    """

    def __init__(self, context: str, availability: AvailabilityOf) -> None:
        self._context = context
        self._availability = availability
        self._known: dict[tuple[str, str], Availability] = {}

    def key(self, release: Release) -> ReleaseKey:
        """The release's key in this context."""
        return ReleaseKey(self._context, *release)

    def forget_availability(self) -> None:
        """Ask anew from now on: the chart repositories were read."""
        self._known = {}

    def updated(self, records: Mapping[ReleaseKey, ReleaseRecord], news: Mapping[Release, tuple[Seen | None, Health]]) -> tuple[Records, pd.DataFrame] | None:
        """Records and frame with the news in them; None when they say nothing new.

        Args:
            records: As they were; not changed.
            news: What is known now of releases that may have changed; None for a release that is gone.
        """
        now = dict(records)
        known = self._known
        for release, (seen, health) in news.items():
            key = self.key(release)
            if seen is None:
                now.pop(key, None)
            else:
                now[key] = self._record(key, seen, health, known)
        return (now, releases_frame(now.values())) if now != records else None

    def _record(self, key: ReleaseKey, seen: Seen, health: Health, known: dict[tuple[str, str], Availability]) -> ReleaseRecord:
        if seen.unreadable:
            availability = UNREADABLE
        elif not seen.chart:
            availability = NOT_READ
        else:
            chart = (seen.chart, seen.version)
            if chart not in known:
                known[chart] = self._availability(*chart)
            availability = known[chart]
        return ReleaseRecord(
            key=key,
            revision=seen.revision,
            status=seen.status,
            chart=seen.chart,
            version=seen.version,
            app_version=seen.app_version,
            updated=seen.updated,
            description=seen.description,
            availability=availability,
            health=health,
            is_read=seen.is_read,
            unreadable=seen.unreadable,
        )
