"""News of the model for viewers, so that no viewer can hold up or break what it watches.

A param watcher runs on the thread that sets the parameter, and Panel pushes to the browser inside it. A viewer therefore never calls `param.watch`
on the model. It calls `subscribe` and says how to reach its own document or kernel:

    stop = subscribe(operation, ["phase", "message"], self.show, deliver=lambda call: document.add_next_tick_callback(call))

`show(changed)` then runs wherever `deliver` brings it, at most ten times a second, the last time after the last change. It reads what it
needs from the parameters: several changes may have come together. It is called for changes only, so show once by yourself to begin with.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from typing import TypeAlias

import param

from helmpanel.runtime.io import LoopThread
from helmpanel.runtime.tasks import spawn

log = logging.getLogger(__name__)

Call: TypeAlias = Callable[[], None]
Deliver: TypeAlias = Callable[[Call], object]
"""Takes a function without arguments and has it called where the viewer lives, now or soon."""

# A thread apart from the I/O thread: a viewer that is slow to take its news delays nothing but news.
_thread = LoopThread("helmpanel-news")

_subscriptions: weakref.WeakKeyDictionary[param.Parameterized, set[_Subscription]] = weakref.WeakKeyDictionary()


def subscribe(
    source: param.Parameterized,
    names: Iterable[str],
    callback: Callable[[frozenset[str]], object],
    deliver: Deliver,
    *,
    interval_s: float = 0.1,
) -> Callable[[], None]:
    """Have `callback` called with the names of changed parameters, coalesced.

    The first change is handed over at once, later ones wait until `interval_s` after the one before. While a call is still under way (or waits in a busy
    document) changes gather for the next, so a slow viewer gets fewer and newer news and never a queue of old ones.

    Args:
        source: Operation, table, board: whatever is written on the I/O thread.
        names: Parameters to follow.
        callback: Gets the names that changed since its last call. What it raises is logged and stays its own.
        deliver: See Deliver. Called on a helper thread; may be slow or raise (a document that is gone) without harm to others.
        interval_s: Least time between two calls.

    Returns:
        Function that ends the subscription; to be called when the viewer goes. After it `callback` is not called any more.
    """
    return _Subscription(source, tuple(names), callback, deliver, interval_s).stop


def write(target: param.Parameterized, **changes: object) -> None:
    """Set parameters in one go; a watcher that raises is logged and does not reach the writer.

    For the writers of the model (runner, inventory): whoever watches a parameter directly runs inside this call.
    """
    try:
        target.param.update(**changes)
    except Exception:  # a watcher is foreign code; the values are set before watchers are called
        if any(getattr(target, name) is not value for name, value in changes.items()):
            raise
        log.exception("a watcher of %s failed", type(target).__name__)
        # Param calls no further watcher after one that raised.
        for subscription in tuple(_subscriptions.get(target, ())):
            subscription.note(changes)


class _Subscription:
    def __init__(
        self, source: param.Parameterized, names: tuple[str, ...], callback: Callable[[frozenset[str]], object], deliver: Deliver, interval_s: float
    ) -> None:
        self._source = source
        self._callback = callback
        self._deliver = deliver
        self._interval_s = interval_s
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._is_under_way = False
        self._last = 0.0
        self._is_stopped = False
        self._names = frozenset(names)
        self._watcher = source.param.watch(lambda *events: self.note(event.name for event in events), list(names))
        _subscriptions.setdefault(source, set()).add(self)

    def stop(self) -> None:
        if not self._is_stopped:
            self._is_stopped = True
            self._source.param.unwatch(self._watcher)
            _subscriptions[self._source].discard(self)

    def note(self, names: Iterable[str]) -> None:
        """On the writer's thread: only takes note."""
        changed = self._names.intersection(names)
        if not changed:
            return
        with self._lock:
            self._changed |= changed
            begin, self._is_under_way = not self._is_under_way, True
        if begin:
            _thread.soon(self._arrange)

    def _arrange(self) -> None:
        """On the news thread: hand over when the interval allows it."""
        wait_s = max(0.0, self._last + self._interval_s - time.monotonic())
        _thread.loop.call_later(wait_s, lambda: spawn(asyncio.to_thread(self._hand_over), "news"))

    def _hand_over(self) -> None:
        if self._is_stopped:  # since it was arranged: the viewer's document or loop may be gone by now
            self._done()
            return
        try:
            self._deliver(self._call)
        except Exception:  # a document that is gone raises whatever its server raises
            log.warning("news could not be delivered to a viewer", exc_info=True)
            self._done()

    def _call(self) -> None:
        """Where the viewer lives."""
        with self._lock:
            changed, self._changed = frozenset(self._changed), set()
        try:
            if changed and not self._is_stopped:
                self._callback(changed)
        except Exception:  # a viewer's mistake must not reach its document's event loop
            log.exception("a viewer failed to show news")
        finally:
            self._done()

    def _done(self) -> None:
        with self._lock:
            self._last = time.monotonic()
            self._is_under_way = bool(self._changed) and not self._is_stopped
            more = self._is_under_way
        if more:
            _thread.soon(self._arrange)
