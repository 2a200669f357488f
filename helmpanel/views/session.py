"""The session a view lives in: a document of a server, or the kernel of a notebook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import panel as pn

from helmpanel.runtime.news import Deliver


def here() -> Deliver:
    """How a function is handed to the session that is current now, from any thread."""
    document = pn.state.curdoc
    if document is not None and document.session_context is not None:
        return lambda call: document.add_next_tick_callback(call)
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # a plain script or a test: nobody else is there to be disturbed
        return lambda call: call()
    return lambda call: loop.call_soon_threadsafe(call)


def at_end(call: Callable[[], None]) -> None:
    """Have `call` called when the server's session ends; nothing in a notebook, where views end with their cell."""
    document = pn.state.curdoc
    if document is not None and document.session_context is not None:

        def ended(_context: Any) -> None:
            call()

        document.on_session_destroyed(ended)
