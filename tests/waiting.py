"""Waiting for conditions, never for time."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(is_so: Callable[[], bool], timeout_s: float = 60) -> None:
    """Wait for a condition."""
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)
