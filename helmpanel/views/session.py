"""The session a view lives in: a document of a server, or the kernel of a notebook."""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from helmpanel.runtime.news import Deliver

log = logging.getLogger(__name__)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop of this thread; None where none runs."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def served_document() -> Any:
    """The document of the server's session that is current now; None in a notebook, a script or a test."""
    document = pn.state.curdoc
    return document if document is not None and document.session_context is not None else None


def here() -> Deliver:
    """How a function is handed to the session that is current now, from any thread."""
    document, loop = served_document(), running_loop()
    if document is not None:
        tick = partial(_tick, document)
        # By way of the server's loop: from another thread a callback may fall between the making of the document and that of its session, and is
        # lost with all news after it: the page would show its skeleton for ever. Seen with Bokeh 3.9 on a busy machine.
        return tick if loop is None else partial(loop.call_soon_threadsafe, tick)
    if loop is None:  # a plain script or a test: nobody else is there to be disturbed
        return lambda call: call()
    return loop.call_soon_threadsafe


def _tick(document: Any, call: Callable[[], None]) -> None:
    try:
        document.add_next_tick_callback(call)
    except Exception:  # a document that is gone raises whatever its server raises
        log.warning("news could not be delivered to a viewer", exc_info=True)


class Held:
    """A Deliver that keeps what it is given from when the browser has its copy until it follows it.

    What a browser begins with is a copy: a cell's output, or the document that a page asks for. What changes between the copy and the browser's answer is
    sent to nobody and never again: the cell would show its skeleton for ever, and the page what was true when it asked, under "Live". News wait here
    instead; each subscription has at most one call under way, so the line is short.

    Args:
        deliver: How a function is handed to the session.
        is_copied: Whether the browser may have its copy; asked where `deliver` brings it. What comes before is in the copy, and does not wait.
    """

    def __init__(self, deliver: Deliver, is_copied: Callable[[], bool] = lambda: True) -> None:
        self._deliver = deliver
        self._is_copied = is_copied
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], None]] | None = []

    def __call__(self, call: Callable[[], None]) -> None:
        """Hand over now, or keep until `open`."""
        self._deliver(partial(self._pass, call))

    def _pass(self, call: Callable[[], None]) -> None:
        """In the session, where nothing can be copied meanwhile."""
        with self._lock:
            if self._waiting is not None and self._is_copied():
                self._waiting.append(call)
                return
        call()

    def open(self) -> None:
        """The browser follows: hand over what waited, in order, and everything from now on at once. Once is enough, more does no harm."""
        with self._lock:
            waiting, self._waiting = self._waiting or [], None
        for call in waiting:
            self._deliver(call)


def held_here() -> Held:
    """How a function is handed to the session that is current now, held while what it changes would be lost.

    A page's opens by itself; that of a cell is to be opened when it says that it has drawn, that of a script or a test at once.
    """
    document = served_document()
    if document is None:
        return Held(here())
    held = Held(here(), partial(_is_copied, document))
    # Weakly: Panel would keep what waits for a page that never gets ready, and with it the page.
    opening = weakref.WeakMethod(held.open)

    def ready() -> None:
        if (call := opening()) is not None:
            call()

    # Not when the page says that it has drawn: Panel 1.9.4 drops changes until Bokeh's own "document_ready" (`_drain_unconnected_events`), which may be later.
    pn.state.onload(ready)
    return held


def _is_copied(document: Any) -> bool:
    """Whether a browser may have its copy: it asks for one as soon as it is connected."""
    context = document.session_context
    session = context.session if context is not None else None
    return session is not None and session.connection_count > 0


def at_end(call: Callable[[], None]) -> None:
    """Have `call` called when the server's session ends; nothing in a notebook, where views end with their cell."""
    document = served_document()
    if document is not None:

        def ended(_context: Any) -> None:
            call()

        document.on_session_destroyed(ended)


PATIENCE_S = 75.0
"""Three missed signs of life and a bit: a browser slows the timers of a tab in the background to one a minute."""


class Presence:
    """Looks for as long as a browser says that it shows the view: a notebook tells nobody when a cell's output goes or its tab is closed.

    Args:
        look: `Cluster.look`: begins to look, and returns what ends it.
        patience_s: Seconds without a sign of life after which nobody looks any more; the next sign begins anew.
    """

    def __init__(self, look: Callable[[], Callable[[], None]], patience_s: float = PATIENCE_S) -> None:
        self._look = look
        self._patience_s = patience_s
        self._away: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._seen()

    def seen(self) -> None:
        """A sign of life, on any thread: callbacks in JupyterLab run on several."""
        self._loop.call_soon_threadsafe(self._seen)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        self._gone()

    def _seen(self) -> None:
        if self._away is None:
            self._away = self._look()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(self._patience_s, self._gone)

    def _gone(self) -> None:
        away, self._away = self._away, None
        if away is not None:
            away()


def is_in_notebook() -> bool:
    """Whether there is no server's session, but an event loop that goes on after the cell."""
    return served_document() is None and running_loop() is not None
