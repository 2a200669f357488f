"""Where a view's news go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from bokeh.document import Document
from panel.io.state import set_curdoc

from helmpanel.views.session import Held, here


class Served(Document):
    """A document of a server that notes on which thread it is spoken to."""

    def __init__(self) -> None:
        super().__init__()
        self.told_on: list[int] = []
        self._session_context = lambda: self  # what a server sets: a weak reference to the session

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self.told_on.append(threading.get_ident())


async def test_a_document_hears_news_on_its_servers_thread_only():
    """From another one, between the making of the document and of its session, a callback is lost and the page stays a skeleton."""
    document = Served()
    with set_curdoc(document):
        deliver = here()
    await asyncio.to_thread(deliver, lambda: None)
    await asyncio.sleep(0)
    assert document.told_on == [threading.get_ident()]


def test_news_wait_until_the_browser_has_drawn_and_come_in_order():
    """A cell's output is a snapshot: a change sent before the browser listens is lost for good."""
    seen: list[int] = []
    held = Held(lambda call: call())
    held(lambda: seen.append(1))
    held(lambda: seen.append(2))
    assert seen == []
    held.open()
    assert seen == [1, 2]
    held(lambda: seen.append(3))
    assert seen == [1, 2, 3]


def test_a_second_output_of_the_same_dashboard_delivers_nothing_twice():
    seen: list[int] = []
    held = Held(lambda call: call())
    held(lambda: seen.append(1))
    held.open()
    held.open()
    assert seen == [1]
