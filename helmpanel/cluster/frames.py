"""Tables for scripts and notebooks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helmpanel.model.release import Revision

HISTORY_COLUMNS = {
    "revision": "int64",
    "updated": "datetime64[ns, UTC]",
    "status": "string",
    "chart": "string",
    "version": "string",
    "app_version": "string",
    "description": "string",
}
"""Columns of a history frame and their dtypes."""


def history_frame(revisions: Sequence[Revision]) -> pd.DataFrame:
    """One row a revision in HISTORY_COLUMNS, in the order given."""
    data = {name: [getattr(revision, name) for revision in revisions] for name in HISTORY_COLUMNS}
    times = pd.to_datetime(pd.Series(data["updated"], dtype="object"), utc=True)
    return pd.DataFrame({**data, "updated": times.array}).astype(HISTORY_COLUMNS)
