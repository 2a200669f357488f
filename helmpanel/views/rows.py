"""What the releases table shows: from the releases frame to one page of rows. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.filters import groups
from helmpanel.model.status import PENDING, WORDS, ReleaseStatus, StatusGroup, status_group
from helmpanel.text import cut, mask_text
from helmpanel.views.words import exact, millis

COLUMNS = ("status", "name", "namespace", "chart", "version", "app_version", "revision", "updated")
"""Columns one may sort by, in the order shown."""

TEXTS = ("namespace", "name", "status", "chart", "version", "app_version", "description")

RANK = [StatusGroup.FAILED, StatusGroup.PENDING, StatusGroup.UPGRADE, StatusGroup.DEPLOYED, StatusGroup.UNINSTALLED]
"""Sorting by status brings what needs a person to the top."""

_PARTS = re.compile(r"\d+|[^\d]+")


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key for versions, SemVer or not: 1.10 after 1.9, 1.0.0-rc.1 before 1.0.0. Text is compared without case."""
    body, dash, rest = text.removeprefix("v").partition("-")
    key = [(1, int(part), "") if part.isdecimal() else (0, 0, part.casefold()) for part in _PARTS.findall(body)]
    # A pre-release comes before the version it leads to: what ends here is higher than what goes on with a dash.
    key.append((-1, 0, "") if dash else (-1, 1, ""))
    if dash:
        key += [(1, int(part), "") if part.isdecimal() else (0, 0, part.casefold()) for part in _PARTS.findall(rest)]
    return tuple(key)


def ordered(frame: pd.DataFrame, column: str, *, descending: bool) -> pd.DataFrame:
    """The frame sorted by one of COLUMNS; equal rows by name, then namespace, always ascending."""
    rows = frame.sort_values(["name", "namespace"], kind="stable")
    if column == "status":
        ranks = {group.value: rank for rank, group in enumerate(RANK)}
        keys: pd.Series = groups(rows).map(ranks)
    elif column in ("version", "app_version"):
        keys = rows[column].fillna("").map(natural)
    elif column in ("revision", "updated"):
        keys = rows[column]
    else:
        keys = rows[column].fillna("").str.casefold()
    return rows.loc[keys.sort_values(kind="stable", ascending=not descending, na_position="last").index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as the browser gets it. Every text is untrusted but `group`, `chip` and `step`, which are our own words."""

    key: str
    name: str
    namespace: str
    group: str
    """StatusGroup value: shape and colour."""
    word: str
    description: str
    """Helm's note on the revision, masked, as the status's tooltip."""
    chart: str
    version: str
    app_version: str
    revision: int
    updated: float | None
    """Milliseconds since 1970."""
    exact: str
    """The same as a text, for the tooltip."""
    chip: str
    """AvailabilityState value."""
    available: str
    step: str
    why: str
    """Tooltip of the chip."""
    no_upgrade: str
    """Why it cannot be upgraded now; empty when it can."""
    no_rollback: str
    no_uninstall: str


def row(
    *,
    key: str,
    namespace: str,
    name: str,
    revision: int,
    status: str,
    chart: str,
    version: str,
    app_version: str,
    updated: pd.Timestamp | None,
    description: str,
    availability: Availability,
    busy: str = "",
    refused: str = "",
) -> Row:
    """One row of the table.

    Args:
        key: `namespace/name`.
        busy: What is being done to it here, such as `Upgrading`; empty when nothing.
        refused: Why this dashboard changes nothing at all; empty when it may.
        namespace, name, revision, status, chart, version, app_version, updated, description: As in RELEASE_COLUMNS.
        availability: What is known of newer versions.
    """
    newer = availability.state is AvailabilityState.NEWER
    group = status_group(status, newer)
    word = WORDS[ReleaseStatus(status)] if status in list(ReleaseStatus) else (status or "Unknown")
    blocked = refused or (f"{busy} now: one operation at a time" if busy else "")
    no_upgrade = blocked
    if not blocked and status == ReleaseStatus.UNINSTALLED:
        no_upgrade = "Uninstalled: only its history is left"
    elif not blocked and status in PENDING:
        no_upgrade = f"{word} according to the cluster: helm refuses an upgrade until that ends, or until it is rolled back"
    when = updated.to_pydatetime() if updated is not None and not pd.isna(updated) else None
    return Row(
        key=key,
        name=name,
        namespace=namespace,
        group=StatusGroup.PENDING.value if busy else group.value,
        word=busy or ("Upgrade available" if group is StatusGroup.UPGRADE else word),
        description=cut(mask_text(description), 1000),
        chart=chart,
        version=version,
        app_version=app_version,
        revision=int(revision),
        updated=millis(when),
        exact=exact(when),
        chip=availability.state.value,
        available=availability.version,
        step=availability.step if availability.step in ("major", "minor", "patch", "pre-release") else "",
        why=f"{availability.version} is in {availability.source}" if newer else availability.reason,
        no_upgrade=no_upgrade,
        no_rollback=blocked,
        no_uninstall=blocked,
    )


def page_of(
    frame: pd.DataFrame,
    *,
    page: int,
    size: int,
    availability: Callable[[str], Availability],
    busy: Callable[[str], str],
    refused: str = "",
) -> list[dict[str, object]]:
    """Rows of one page, counting from 1, ready for the browser.

    Args:
        frame: Filtered and ordered releases frame.
        page: Which page.
        size: Rows on a page.
        availability: Of a release by its key.
        busy: What is being done to a release here, by its key.
        refused: Why this dashboard changes nothing at all.
    """
    part = frame.iloc[(page - 1) * size : page * size]
    out = []
    for key, values in zip(part.index.astype(str), _records(part), strict=True):
        texts = {column: "" if pd.isna(values[column]) else str(values[column]) for column in TEXTS}
        known, doing = availability(key), busy(key)
        made = row(key=key, revision=values["revision"], updated=values["updated"], availability=known, busy=doing, refused=refused, **texts)
        out.append(asdict(made))
    return out


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[Any] = frame.to_dict("records")
    return records


def pages(total: int, size: int) -> int:
    """Number of pages; 1 for an empty table."""
    return max(1, -(-total // size))
