"""Slim records and the one DataFrame: 10,000 releases cost a few MB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.health import NOT_LOOKED, Health, HealthState
from helmpanel.model.keys import ReleaseKey

RELEASE_COLUMNS = {
    "namespace": "string",
    "name": "string",
    "revision": "int64",
    "status": "string",
    "chart": "string",
    "version": "string",
    "app_version": "string",
    "updated": "datetime64[ns, UTC]",
    "description": "string",
    "available": "string",
    "source": "string",
    "availability": "string",
    "health": "string",
    "ready": "Int64",
    "wanted": "Int64",
    "reason": "string",
    "unreadable": "string",
}
"""Columns of the releases frame and their dtypes. The index, `release`, is `namespace/name`.

`status` is Helm's own word. `chart`, `version`, `app_version` and `description` are empty, and `updated` is only as exact as its label (seconds), while the
payload has not been read; `description` also where helm is asked, whose list does not tell it. `available` is NA when nothing newer is known, `source` when no
repository answers; `availability` is one of AvailabilityState. `health` is one of HealthState; `ready` of `wanted` pods (a Job counts as one) are ready, of
those workloads that may be seen, both NA where there are none to count; `reason` says why a release is not healthy, or why that is not known, NA when it is
healthy or has no workloads. `unreadable` is a sentence saying why the stored payload cannot be read; NA when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRecord:
    """One release as the inventory holds it."""

    key: ReleaseKey
    revision: int
    status: str
    chart: str = ""
    version: str = ""
    app_version: str = ""
    updated: datetime | None = None
    description: str = ""
    availability: Availability = field(default=Availability(state=AvailabilityState.UNKNOWN))
    health: Health = NOT_LOOKED
    is_read: bool = True
    """Whether the payload was read (or found unreadable); until then only labels are known."""
    unreadable: str = ""
    """Why the payload cannot be read, as a sentence; empty when it can."""


def releases_frame(records: Iterable[ReleaseRecord]) -> pd.DataFrame:
    """One row a release in RELEASE_COLUMNS, sorted by namespace and name."""
    # Not by the keys themselves: a dataclass compares ten times slower than a tuple.
    rows = sorted(records, key=lambda r: (r.key.namespace, r.key.name))
    counted = [r.health.state not in (HealthState.NONE, HealthState.UNKNOWN) or r.health.wanted > 0 for r in rows]
    columns: dict[str, list[object]] = {
        "namespace": [r.key.namespace for r in rows],
        "name": [r.key.name for r in rows],
        "revision": [r.revision for r in rows],
        "status": [r.status for r in rows],
        "chart": [r.chart for r in rows],
        "version": [r.version for r in rows],
        "app_version": [r.app_version for r in rows],
        "updated": [r.updated for r in rows],
        "description": [r.description for r in rows],
        "available": [r.availability.version or None for r in rows],
        "source": [r.availability.source or None for r in rows],
        "availability": [r.availability.state.value for r in rows],
        "health": [r.health.state.value for r in rows],
        "ready": [r.health.ready if is_counted else None for r, is_counted in zip(rows, counted, strict=True)],
        "wanted": [r.health.wanted if is_counted else None for r, is_counted in zip(rows, counted, strict=True)],
        "reason": [r.health.reason or None for r in rows],
        "unreadable": [r.unreadable or None for r in rows],
    }
    index = pd.Index([str(r.key) for r in rows], name="release", dtype="string")
    # Each column at once as what it is: to let pandas guess first and to cast then takes twice as long.
    return pd.DataFrame({name: pd.Series(columns[name], index=index, dtype=dtype) for name, dtype in RELEASE_COLUMNS.items()}, index=index, copy=False)
