"""Waiting for conditions, never for time; and ports for what cannot pick its own."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable


def eventually(is_so: Callable[[], bool], timeout_s: float = 60) -> None:
    """Wait for a condition."""
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)


def free_port() -> int:
    """A port of loopback, for servers that do not say which one they took when they are given 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
