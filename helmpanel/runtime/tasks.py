"""The one place that starts background tasks: it keeps them, names them, and says loudly when one fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

# The event loop itself holds tasks only weakly: without this one may vanish in the middle.
_running: set[asyncio.Task[object]] = set()


def spawn(coro: Coroutine[object, object, T], name: str) -> asyncio.Task[T]:
    """Start a coroutine on the running loop; a failure that nobody awaits is logged as an error.

    Args:
        coro: What to do.
        name: For the log and for tests that look for tasks left behind.
    """
    task: asyncio.Task[T] = asyncio.get_running_loop().create_task(coro, name=name)
    _running.add(task)
    task.add_done_callback(_finish)
    return task


async def end(task: asyncio.Task[T]) -> None:
    """Cancel a task and wait until it is over; its own error was logged by `spawn`."""
    task.cancel()
    await asyncio.wait([task])


async def happens(event: asyncio.Event, within_s: float | None = None) -> bool:
    """Wait for an event, at most so long. Returns whether it is set.

    Not by `asyncio.wait_for`: before Python 3.12 it loses a cancellation that comes in the same moment as the event, and whoever cancelled waits for ever.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await event.wait()
    return event.is_set()


async def until_one_ends(*coros: Coroutine[object, object, object], name: str) -> None:
    """Carry coroutines out side by side until one of them ends; the others are cancelled, and over when this returns.

    Raises:
        BaseException: What the one that ended raised.
    """
    tasks = [spawn(coro, f"{name} {number}") for number, coro in enumerate(coros, 1)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await _over(tasks)


async def _over(tasks: list[asyncio.Task[object]]) -> None:
    """Wait until all are over; to be cancelled meanwhile leaves none of them behind."""
    cancelled: asyncio.CancelledError | None = None
    while not all(task.done() for task in tasks):
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError as cause:
            cancelled = cause
    if cancelled is not None:
        raise cancelled


def _finish(task: asyncio.Task[T]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        log.error("task %s failed: %s", task.get_name(), type(error).__name__, exc_info=error)
