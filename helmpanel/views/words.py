"""Words for times, counts and states: pure functions."""

from __future__ import annotations

from datetime import UTC, datetime

from helmpanel.model.status import WORDS, ReleaseStatus


def count(number: int, one: str, many: str = "") -> str:
    """`1 release`, `3 releases`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def status_word(status: str) -> str:
    """The word for a status of Helm's; Helm's own where we know none."""
    try:
        return WORDS[ReleaseStatus(status)]
    except ValueError:
        return status or "Unknown"


def ago(when: datetime | None, now: datetime | None = None) -> str:
    """`18 min ago`; empty when not known. The same words as `ago` in js/common.js."""
    if when is None:
        return ""
    seconds = max(0.0, ((now or datetime.now(UTC)) - when).total_seconds())
    if seconds < 10:
        return "Just now"
    if seconds < 60:
        return f"{int(seconds)} s ago"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    days = int(seconds // 86400)
    return "1 day ago" if days == 1 else f"{days} days ago"


def exact(when: datetime | None) -> str:
    """`22 Nov 2026, 14:21:07 UTC`; empty when not known."""
    return f"{when.day} {when:%b %Y, %H:%M:%S} UTC" if when is not None else ""


def duration(seconds: float) -> str:
    """`52 s`, `4 min`, `1 min 12 s`."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 10 and rest:
        return f"{minutes} min {rest} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def millis(when: datetime | None) -> float | None:
    """The browser's time stamp; None when not known."""
    return when.timestamp() * 1000 if when is not None else None
