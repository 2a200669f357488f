"""The release table: everything the cluster says, in one frame."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import param

from helmpanel.errors import HelmPanelError
from helmpanel.model.availability import SourceState
from helmpanel.model.records import releases_frame


class TableState(StrEnum):
    """Whether the table can be believed."""

    LOADING = "loading"
    LIVE = "live"
    """A watch is open: the rows are those of the cluster, now."""
    CATCHING_UP = "catching-up"
    """The watch broke off, and what was missed is being asked for; nothing has failed yet."""
    READY = "ready"
    """Read at `read_at`, and again from time to time, as nothing can be followed: only helm can read the storage, or watching it is forbidden."""
    STALE = "stale"
    """The cluster cannot be read now: the rows are those of `since`, and `error` says why."""
    FAILED = "failed"
    """No reading has succeeded yet."""


class ReleaseTable(param.Parameterized):
    """All releases of one cluster as one identity sees them. Written by the inventory only."""

    frame = param.DataFrame(default=releases_frame(()), doc="One row a release, see RELEASE_COLUMNS.")
    state = param.ClassSelector(class_=TableState, default=TableState.LOADING, doc="Whether the table can be believed.")
    read_at = param.ClassSelector(class_=datetime, allow_None=True, doc="UTC time of the last listing or news; None before the first.")
    since = param.ClassSelector(class_=datetime, allow_None=True, doc="UTC time from which on changes may be missing, while catching up or stale; else None.")
    is_complete = param.Boolean(default=False, doc="The payload of every release has been read; until then some rows hold only what labels tell.")
    way = param.String(doc="How the releases are read, and why that way, as a sentence.")
    error = param.ClassSelector(class_=HelmPanelError, default=None, allow_None=True, doc="Why the table is stale or failed; None when it is neither.")
    problems = param.List(item_type=str, doc="Sentences: what is not read or not followed, such as one namespace of several, while the rest is.")
    sources = param.ClassSelector(class_=SourceState, default=SourceState(), doc="Chart repositories and the age of their indexes.")
    is_reading = param.Boolean(default=False, doc="A reading is under way.")
