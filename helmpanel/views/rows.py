"""What the releases table shows: from the releases frame to one page of rows. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.filters import Positions, groups
from helmpanel.model.health import HealthState
from helmpanel.model.status import PENDING, ReleaseStatus, StatusGroup, status_group, status_words
from helmpanel.text import cut, mask_text
from helmpanel.views.words import count, exact, millis

COLUMNS = ("status", "name", "namespace", "chart", "version", "app_version", "revision", "ready", "updated")
"""Columns one may sort by, in the order shown."""

TEXTS = ("namespace", "name", "status", "chart", "version", "app_version", "description", "health", "reason", "unreadable")

RANK = [StatusGroup.FAILED, StatusGroup.DEGRADED, StatusGroup.PENDING, StatusGroup.DEPLOYED, StatusGroup.HEALTHY, StatusGroup.UNINSTALLED]
"""Sorting by status brings what needs a person to the top."""
HEALTH_RANK = [HealthState.DEGRADED, HealthState.PROGRESSING, HealthState.UNKNOWN, HealthState.HEALTHY, HealthState.NONE]
"""And so does sorting by readiness."""

_PARTS = re.compile(r"\d+|[^\d]+")


@lru_cache(maxsize=20_000)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key for versions, SemVer or not: 1.10 after 1.9, 1.0.0-rc.1 before 1.0.0. Text is compared without case."""
    body, dash, rest = text.removeprefix("v").partition("-")
    key = [(1, int(part), "") if part.isdecimal() else (0, 0, part.casefold()) for part in _PARTS.findall(body)]
    # A pre-release comes before the version it leads to: what ends here is higher than what goes on with a dash.
    key.append((-1, 0, "") if dash else (-1, 1, ""))
    if dash:
        key += [(1, int(part), "") if part.isdecimal() else (0, 0, part.casefold()) for part in _PARTS.findall(rest)]
    return tuple(key)


class Order:
    """Sorts rows of releases frames. What depends on the names alone is kept while no release comes or goes: news change cells ten times a second."""

    def __init__(self) -> None:
        self._index = pd.Index([])
        self._ties = np.zeros(0, dtype=np.int64)
        self._names = np.zeros(0, dtype=np.int64)

    def of(self, frame: pd.DataFrame, rows: Positions, column: str, *, descending: bool) -> Positions:
        """Some rows of a frame sorted by one of COLUMNS; equal rows by name, then namespace, always ascending, and what is missing comes last."""
        self._know(frame)
        missing = np.zeros(len(rows), dtype=bool)
        if column == "name":
            keys = self._names[rows]
        elif column == "status":
            ranks = {group.value: rank for rank, group in enumerate(RANK)}
            keys = _ranks(groups(frame).iloc[rows], ranks.__getitem__)
        elif column == "ready":
            places = {state.value: place for place, state in enumerate(HEALTH_RANK)}
            keys = _ranks(frame["health"].iloc[rows], lambda health: places.get(health, len(places)))
        elif column in ("version", "app_version"):
            keys = _ranks(frame[column].iloc[rows], natural)
        elif column in ("revision", "updated"):
            values = frame[column].iloc[rows]
            missing = values.isna().to_numpy(dtype=bool)
            keys = np.asarray(values.array if column == "revision" else values.array.asi8, dtype=np.int64)
        else:
            keys = _ranks(frame[column].iloc[rows], str.casefold)
        return rows[np.lexsort((self._ties[rows], -keys if descending else keys, missing))]

    def _know(self, frame: pd.DataFrame) -> None:
        if frame.index is self._index or frame.index.equals(self._index):
            return
        self._names = _ranks(frame["name"], str.casefold)
        self._ties = _ranks(frame["name"], str) * len(frame) + _ranks(frame["namespace"], str)
        self._index = frame.index


def _ranks(texts: pd.Series, key: Callable[[str], Any]) -> npt.NDArray[np.int64]:
    """The place of each text among all, by its key, which is worked out once for each distinct text; equal keys have equal places."""
    of_rows, distinct = pd.factorize(texts.fillna(""))
    keys = [key(str(text)) for text in distinct]
    places = {each: place for place, each in enumerate(sorted(set(keys)))}
    return np.array([places[each] for each in keys], dtype=np.int64)[of_rows] if keys else np.zeros(0, dtype=np.int64)


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
    waits: bool
    """Its payload has not been read yet: chart and versions are still to come."""
    unreadable: str
    """Why its payload cannot be read; empty when it can."""
    revision: int
    health: str
    """HealthState value."""
    ready: str
    """Such as `3/3`; a dash where there is nothing to count."""
    reason: str
    """Why it is degraded, in a few words; empty for any other group."""
    ready_why: str
    """The same as a sentence, for the tooltip."""
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
    health: str = HealthState.UNKNOWN.value,
    ready: int | None = None,
    wanted: int | None = None,
    reason: str = "",
    unreadable: str = "",
    busy: str = "",
    refused: str = "",
) -> Row:
    """One row of the table.

    Args:
        key: `namespace/name`.
        busy: What is being done to it here, such as `Upgrading`; empty when nothing.
        refused: Why this dashboard changes nothing at all; empty when it may.
        namespace, name, revision, status, chart, version, app_version, updated, description, health, ready, wanted, reason, unreadable: As in RELEASE_COLUMNS.
        availability: What is known of newer versions.
    """
    newer = availability.state is AvailabilityState.NEWER
    group = status_group(status, health)
    word = status_words(status, health)
    why_not = cut(mask_text(unreadable), 400)
    blocked = refused or (f"{busy} now: one operation at a time" if busy else "")
    no_upgrade = blocked
    if not blocked and status == ReleaseStatus.UNINSTALLED:
        no_upgrade = "Uninstalled: only its history is left"
    elif not blocked and status in PENDING:
        no_upgrade = f"{word} according to the cluster: helm refuses an upgrade until that ends, or until it is rolled back"
    elif not blocked and why_not:
        no_upgrade = why_not
    when = updated.to_pydatetime() if updated is not None and not pd.isna(updated) else None
    return Row(
        key=key,
        name=name,
        namespace=namespace,
        group=StatusGroup.PENDING.value if busy else group.value,
        word=busy or word,
        description=cut(mask_text(description), 1000),
        chart=chart,
        version=version,
        app_version=app_version,
        waits=not chart and not why_not,
        unreadable=why_not,
        revision=int(revision),
        health=health,
        ready=_ready(health, ready, wanted),
        reason=cut(mask_text(reason), 80) if group is StatusGroup.DEGRADED and not busy else "",
        ready_why=_ready_why(health, ready, wanted, cut(mask_text(reason), 400)),
        updated=millis(when),
        exact=exact(when),
        chip="" if why_not or not chart else availability.state.value,
        available=availability.version,
        step=availability.step if availability.step in ("major", "minor", "patch", "pre-release") else "",
        why=f"{availability.version} is in {availability.source}" if newer else availability.reason,
        no_upgrade=no_upgrade,
        no_rollback=blocked,
        no_uninstall=blocked,
    )


def _ready(health: str, ready: int | None, wanted: int | None) -> str:
    if ready is not None and wanted is not None:
        return f"{ready}/{wanted}"
    return "?" if health == HealthState.UNKNOWN else "–"


def _ready_why(health: str, ready: int | None, wanted: int | None, reason: str) -> str:
    counted = f"{ready} of {count(wanted, 'pod')} ready" if ready is not None and wanted is not None else ""
    if health == HealthState.NONE:
        return "It has no workloads"
    if reason == f"{ready} of {wanted} ready":  # says no more than the count
        reason = ""
    return ". ".join(part for part in (reason.rstrip("."), counted) if part)


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
        made = row(
            key=key,
            revision=values["revision"],
            updated=values["updated"],
            ready=_number(values["ready"]),
            wanted=_number(values["wanted"]),
            availability=known,
            busy=doing,
            refused=refused,
            **texts,
        )
        out.append(asdict(made))
    return out


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[Any] = frame.to_dict("records")
    return records


def pages(total: int, size: int) -> int:
    """Number of pages; 1 for an empty table."""
    return max(1, -(-total // size))
