"""Where a view's news go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent
from bokeh.models import Div
from bokeh.server.session import ServerSession
from panel.io.document import hold, schedule_write_events
from panel.io.state import set_curdoc, state
from tornado.ioloop import IOLoop

from helmpanel.views.session import Held, here
from tests.waiting import until


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


class Connection:
    """A browser, as far as Panel writes to it."""

    def __init__(self) -> None:
        self._socket = SimpleNamespace(write_lock=SimpleNamespace(_block=SimpleNamespace(_value=1)))
        self.protocol = SimpleNamespace(create=lambda _kind, events: list(events))

    def lock(self, is_locked: bool) -> None:
        """Bokeh itself writes to it, or does not any more."""
        self._socket.write_lock._block._value = int(not is_locked)


async def test_panel_may_leave_a_message_unsent_until_the_next_one(monkeypatch: pytest.MonkeyPatch):
    """Why a dashboard answers each sign of life with a change. Should this fail, Panel has mended it, and `Keys.beat` may go."""
    sent: list[str] = []
    document, connection, gate = Document(), Connection(), asyncio.Event()

    async def write(messages: list[str]) -> None:
        await gate.wait()
        sent.extend(messages)

    monkeypatch.setattr("panel.io.document.dispatch_django", lambda _connection, events=None, msg=None: [asyncio.ensure_future(write(msg))])
    schedule_write_events(document, [connection], ["one"])
    await asyncio.sleep(0.01)
    connection.lock(True)
    schedule_write_events(document, [connection], ["two"])
    await asyncio.sleep(0)
    gate.set()
    connection.lock(False)
    await until(lambda: sent == ["one"])
    await asyncio.sleep(0.1)
    assert sent == ["one"]
    schedule_write_events(document, [connection], ["three"])
    await until(lambda: sent == ["one", "two", "three"])


async def test_panel_drops_what_changes_until_the_page_is_ready(monkeypatch: pytest.MonkeyPatch):
    """Why the news of a page wait. Should this fail, Panel has mended it, and they need not."""
    sent: list[str] = []
    document, text = Document(), Div()
    document.add_root(text)
    session = ServerSession("a", document, IOLoop.current())
    document._session_context = lambda: SimpleNamespace(session=session)  # what a server sets

    async def write(events: list[ModelChangedEvent]) -> None:
        sent.extend(event.new for event in events)

    def change(word: str) -> None:
        with set_curdoc(document), hold(document):
            text.text = word

    # Panel writes by itself, or leaves it to Bokeh.
    monkeypatch.setattr("panel.io.document.dispatch_django", lambda _connection, events=None, msg=None: [asyncio.ensure_future(write(events))])
    session.subscribe(connection := Connection())
    connection.send_patch_document = lambda event: write([event])
    await session.with_document_locked(change, "before")
    await asyncio.sleep(0.1)
    state._schedule_on_load(document, None)  # Bokeh's "document_ready"
    await session.with_document_locked(change, "after")
    await until(lambda: sent == ["after"])


def test_news_wait_until_the_browser_answers_and_come_in_order():
    """What it draws is a copy: a change sent before it follows is lost for good."""
    seen: list[int] = []
    held = Held(lambda call: call())
    held(lambda: seen.append(1))
    held(lambda: seen.append(2))
    assert seen == []
    held.open()
    assert seen == [1, 2]
    held(lambda: seen.append(3))
    assert seen == [1, 2, 3]


def test_news_before_the_browser_has_its_copy_are_in_it_and_do_not_wait():
    """The first page of a server shows what was read while it loaded its scripts, and no skeleton."""
    seen: list[int] = []
    copied = False
    held = Held(lambda call: call(), lambda: copied)
    held(lambda: seen.append(1))
    assert seen == [1]
    copied = True
    held(lambda: seen.append(2))
    assert seen == [1]
    held.open()
    assert seen == [1, 2]


def test_whether_the_browser_has_its_copy_is_asked_where_it_is_made():
    """Between handing over and arriving the browser may have asked for it."""
    on_the_way: list[Callable[[], None]] = []
    seen: list[int] = []
    copied = False
    held = Held(on_the_way.append, lambda: copied)
    held(lambda: seen.append(1))
    copied = True
    on_the_way.pop()()
    assert seen == []
    held.open()
    on_the_way.pop()()
    assert seen == [1]


def test_a_second_output_of_the_same_dashboard_delivers_nothing_twice():
    seen: list[int] = []
    held = Held(lambda call: call())
    held(lambda: seen.append(1))
    held.open()
    held.open()
    assert seen == [1]
