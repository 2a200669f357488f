"""One thread with its own event loop carries kube requests, helm processes and timers; everybody else hands work over."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures.thread
import os
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Protocol, TypeVar

T = TypeVar("T")


class Closable(Protocol):
    """Something with connections or tasks of its own."""

    async def close(self) -> None:
        """End them; once more does nothing."""


# Ends the loop before Python closes its thread pools, which our tasks use to the last; plain atexit comes after that, and every task under way would fail
# loudly. Called in reverse order, hence the import of concurrent.futures.thread above. Private, so with a way out.
_before_threads_end: Callable[[Callable[[], None]], object] = getattr(threading, "_register_atexit", atexit.register)

STOP_S = 2.0
"""At exit: time for our own tasks to notice that they were cancelled. helm is in its own session and not concerned."""


class LoopThread:
    """A daemon thread with an event loop, started when first needed and stopped at exit."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._open: weakref.WeakSet[Closable] = weakref.WeakSet()
        # After a fork (`panel serve --num-procs`) the thread is not there, but its loop object is: begin afresh.
        os.register_at_fork(after_in_child=self._forget)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, running."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._serve, args=(self._loop,), name=self.name, daemon=True)
                self._thread.start()
                _before_threads_end(self.stop)
            return self._loop

    @property
    def is_current(self) -> bool:
        """Whether the caller runs on this thread."""
        return self._thread is threading.current_thread()

    def submit(self, coro: Coroutine[object, object, T]) -> concurrent.futures.Future[T]:
        """Start a coroutine on the thread; the future may be waited for anywhere but there."""
        return asyncio.run_coroutine_threadsafe(coro, self.loop)

    async def run(self, coro: Coroutine[object, object, T]) -> T:
        """Result of a coroutine carried out on the thread; cancelling the caller cancels it.

        May be awaited on any event loop: callbacks in JupyterLab run on several.
        """
        if self.is_current:
            return await coro
        return await asyncio.wrap_future(self.submit(coro))

    def soon(self, callback: Callable[[], object]) -> None:
        """Call a quick function on the thread; nothing waits for it."""
        self.loop.call_soon_threadsafe(callback)

    def close_at_stop(self, thing: Closable) -> None:
        """Have it closed when the thread ends, if anybody still holds it then."""
        self._open.add(thing)

    def stop(self) -> None:
        """Close what is open, cancel what is under way and end the thread; the next use starts a new one."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._forget_unlocked()
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOP_S * 3)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
            closing = [loop.create_task(thing.close()) for thing in tuple(self._open)]
            if closing:
                loop.run_until_complete(asyncio.wait(closing, timeout=STOP_S))
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.wait(left, timeout=STOP_S))
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._forget_unlocked()

    def _forget_unlocked(self) -> None:
        self._loop = None
        self._thread = None


thread = LoopThread("helmpanel-io")
"""The I/O thread of this process."""


async def run(coro: Coroutine[object, object, T]) -> T:
    """Result of a coroutine carried out on the I/O thread. Awaitable on any event loop and thread."""
    return await thread.run(coro)


def submit(coro: Coroutine[object, object, T]) -> concurrent.futures.Future[T]:
    """Start a coroutine on the I/O thread and go on."""
    return thread.submit(coro)
