"""Waiting for conditions, never for time; and ports for what cannot pick its own."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import secrets
import socket
import time
from collections.abc import Callable

PATIENCE_S = 60
"""What does not come about in this time on a busy machine never will."""
POLL_S = (0.01, 0.25)
"""Between two looks: at first and at most. What takes long is most often busy, and looking (with helm, through a browser) keeps it from its work."""
FREE_PORTS = range(20_000, 30_000)
"""Below net.ipv4.ip_local_port_range."""


def eventually(condition: Callable[[], object], what: str = "", *, timeout_s: float = PATIENCE_S) -> None:
    """Wait until a condition holds, while other threads or processes go on.

    Args:
        condition: Asked again and again.
        what: For the failure, where the condition's own text does not say it.
        timeout_s: The test fails after this time.
    """
    end = time.monotonic() + timeout_s
    pause, most = POLL_S
    while not condition():
        assert time.monotonic() < end, _in_vain(condition, what, timeout_s)
        time.sleep(pause)
        pause = min(pause * 1.5, most)


async def until(condition: Callable[[], object], what: str = "", *, timeout_s: float = PATIENCE_S) -> None:
    """The same on an event loop, which goes on meanwhile."""
    end = time.monotonic() + timeout_s
    pause, most = POLL_S
    while not condition():
        assert time.monotonic() < end, _in_vain(condition, what, timeout_s)
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, most)


async def pass_time(seconds: float) -> None:
    """So much time passes at once on the clock of this loop: who waits has waited so long, and what must be quick need not be."""
    loop = asyncio.get_running_loop()
    clock = loop.time
    loop.time = lambda: clock() + seconds
    await asyncio.sleep(0.001)  # what is due now comes before the end of this


def _in_vain(condition: Callable[[], object], what: str, timeout_s: float) -> str:
    return f"not within {timeout_s:g} s: {what or inspect.getsource(condition).strip()}"


def free_port() -> int:
    """A port of loopback, for servers that do not say which one they took when they are given 0.

    None of those that the system gives to whoever asks for any: it would be taken before the server has started.
    """
    while True:
        port = secrets.choice(FREE_PORTS)  # not random's: Hypothesis gives it the same seed everywhere
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
