"""Slim records and the one DataFrame: 10,000 releases cost a few MB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from helmpanel.model.availability import Availability, AvailabilityState
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
}
"""Columns of the releases frame and their dtypes. `available` and `source` are NA when nothing newer is known;
`availability` is one of AvailabilityState. The index, `release`, is `namespace/name`."""


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


def releases_frame(records: Iterable[ReleaseRecord]) -> pd.DataFrame:
    """One row a release in RELEASE_COLUMNS, sorted by namespace and name."""
    rows = sorted(records, key=lambda r: r.key)
    data = {
        "namespace": [r.key.namespace for r in rows],
        "name": [r.key.name for r in rows],
        "revision": [r.revision for r in rows],
        "status": [r.status for r in rows],
        "chart": [r.chart for r in rows],
        "version": [r.version for r in rows],
        "app_version": [r.app_version for r in rows],
        "updated": pd.to_datetime(pd.Series([r.updated for r in rows], dtype="object"), utc=True).array,
        "description": [r.description for r in rows],
        "available": [r.availability.version or None for r in rows],
        "source": [r.availability.source or None for r in rows],
        "availability": [r.availability.state.value for r in rows],
    }
    index = pd.Index([str(r.key) for r in rows], name="release", dtype="string")
    return pd.DataFrame(data, index=index).astype(RELEASE_COLUMNS)
