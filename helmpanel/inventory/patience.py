"""How long to wait before asking again. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable

from helmpanel.errors import HelmPanelError, Overloaded

FIRST_S = 0.5
LONGEST_S = 30.0
"""A cluster that comes back is seen within half a minute, and one that is down is asked twice a minute by each of us."""
ASKED_S = 120.0
"""Longest wait that a server may ask for (Retry-After): a mistaken one must not stop us for a day."""


class Patience:
    """Waits that double from one failure to the next, with jitter, so that many clients do not come back in step.

    Args:
        jitter: A number from 0 to 1 each time.
    """

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._failures = 0

    def succeeded(self) -> None:
        """The next failure is a first one again."""
        self._failures = 0

    def after(self, error: HelmPanelError) -> float:
        """Seconds to wait after one more failure, for as long at least as the server asked for."""
        return self.wait_s(asked_s(error))

    def wait_s(self, asked_s: float | None = None) -> float:
        """Seconds to wait after one more failure: none after the first of a row, then from a quarter to half a second, up to LONGEST_S.

        Args:
            asked_s: What the server asked for; waited at least.
        """
        self._failures += 1
        doubled = min(LONGEST_S, FIRST_S * 2.0 ** min(self._failures - 2, 10))
        own = 0.0 if self._failures == 1 else doubled * (0.5 + 0.5 * self._jitter())
        return max(own, min(asked_s or 0.0, ASKED_S))


def asked_s(error: HelmPanelError | None) -> float:
    """Seconds for which a server wants to be left alone, at most ASKED_S; 0 when it does not."""
    return min(error.retry_after_s or 0.0, ASKED_S) if isinstance(error, Overloaded) else 0.0
