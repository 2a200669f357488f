"""Pieces of the sentences that say what a plan will do. Pure."""

from __future__ import annotations

import math

from helmpanel.errors import PlanInvalid


def span(seconds: float) -> str:
    """A time to wait, as a person says it: "45 s", "5 min", "1 h 30 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if n)


def waiting(wait: bool, timeout_s: float) -> str:
    """How the sentence ends: "waits up to 5 min" or "does not wait until it is ready"."""
    return f"waits up to {span(timeout_s)}" if wait else "does not wait until it is ready"


def checked_timeout(timeout_s: float) -> float:
    """The timeout, fit for helm.

    Raises:
        PlanInvalid: Below a second, above a day, or no number.
    """
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not math.isfinite(timeout_s) or not 1 <= timeout_s <= 86_400:
        raise PlanInvalid(f"A timeout of {timeout_s!r} cannot be used. Give seconds between 1 and 86400.")
    return float(timeout_s)
