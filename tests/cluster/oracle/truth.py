"""What helm says, what the inventory says, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd

from tests.conftest import Helm

STATUSES = ("deployed", "failed", "uninstalled", "uninstalling", "superseded", "pending-install", "pending-upgrade", "pending-rollback")
"""All that `helm list` can show: `unknown` is none of its filters."""

# Never `-a`, which Helm 4 has not; without `--max 0` the 257th release would be missing.
_LIST = ("list", "-A", "--max", "0", "--deployed", "--failed", "--pending", "--superseded", "--uninstalled", "--uninstalling", "-o", "json")
_EXACT = ("--time-format", "2006-01-02T15:04:05.999999999Z07:00")


class Row(NamedTuple):
    """One release in the words of `helm list`, the time as a time."""

    namespace: str
    name: str
    revision: int
    updated: datetime | None
    status: str
    chart: str
    app_version: str


Rows = Mapping[str, Row]
"""Rows by `namespace/name`."""


def rows_of_helm(helm: Helm, env: Mapping[str, str]) -> dict[str, Row]:
    """What `helm list` says right now, of every status in every namespace."""
    found = json.loads(helm.run(*_LIST, *_EXACT, env=env).stdout)
    rows = [Row(**{**each, "revision": int(each["revision"]), "updated": datetime.fromisoformat(each["updated"]).astimezone(UTC)}) for each in found]
    return {f"{row.namespace}/{row.name}": row for row in rows}


def descriptions_of_helm(helm: Helm, env: Mapping[str, str], rows: Rows) -> dict[str, str]:
    """The note on the newest revision of each release: the one thing of a row that `helm list` keeps to itself."""
    told = {key: json.loads(helm.run("history", row.name, "-n", row.namespace, "--max", "1", "-o", "json", env=env).stdout) for key, row in rows.items()}
    return {key: revisions[-1]["description"] for key, revisions in told.items()}


def rows_of_frame(frame: pd.DataFrame) -> dict[str, Row]:
    """The same of the frame of a cluster object, as it stands."""
    return {
        str(key): Row(
            namespace=row["namespace"],
            name=row["name"],
            revision=int(row["revision"]),
            updated=None if pd.isna(row["updated"]) else row["updated"].to_pydatetime(warn=False),
            status=row["status"],
            chart=f"{row['chart']}-{row['version']}",
            app_version=row["app_version"],
        )
        for key, row in frame.iterrows()
    }


def difference(helms: Rows, ours: Rows) -> str:
    """A line for each row and field that differ; empty when the two say the same."""
    lines = []
    for key in sorted({*helms, *ours}):
        if key not in ours:
            lines.append(f"{key}: missing; helm says {_told(helms[key])}")
        elif key not in helms:
            lines.append(f"{key}: helm does not list it; ours is {_told(ours[key])}")
        else:
            pairs = zip(Row._fields, helms[key], ours[key], strict=True)
            lines += [f"{key}: {field} is {our}, helm says {helm}" for field, helm, our in pairs if our != helm]
    return "\n".join(lines)


def _told(row: Row) -> str:
    return f"revision {row.revision}, {row.status}, {row.chart}, {row.updated}"
