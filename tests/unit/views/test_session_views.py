"""Dialogs, clicks, looking, and the dashboard that holds them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc, state

from helmpanel.dashboard import Dashboard
from helmpanel.errors import HelmPanelError
from helmpanel.model.operation import Outcome
from helmpanel.model.table import TableState
from helmpanel.views.clicks import Clicks
from helmpanel.views.controls.button import Button
from helmpanel.views.dialog import Dialogs, Form
from helmpanel.views.session import Presence
from tests.unit.views.fake_cluster import FakeCluster, record
from tests.waiting import until


async def test_a_dialog_answers_once_and_is_gone():
    dialogs, form, closed = Dialogs(), Form(title="?"), []
    form.closed = lambda: closed.append(True)
    asked = asyncio.ensure_future(dialogs.ask(form))
    await asyncio.sleep(0)
    assert dialogs.is_open
    form.answer(1)
    form.answer(2)
    assert await asked == 1
    assert not dialogs.is_open
    assert len(dialogs.layer) == 0
    assert closed == [True]


async def test_closing_in_the_browser_answers_none():
    dialogs, form = Dialogs(), Form()
    asked = asyncio.ensure_future(dialogs.ask(form))
    await asyncio.sleep(0)
    dialogs.layer[0].open = False
    assert await asked is None


async def test_a_dialog_follows_its_form():
    dialogs, form = Dialogs(), Form(title="one")
    asked = asyncio.ensure_future(dialogs.ask(form))
    await asyncio.sleep(0)
    form.param.update(title="two", note="Soon.", foot=[Button(label="Go")])
    assert (dialogs.layer[0].title, dialogs.layer[0].note, len(dialogs.layer[0].foot)) == ("two", "Soon.", 1)
    dialogs.dismiss_all()
    assert await asked is None


def test_bare_strings_are_refused_in_a_dialog():
    """Panel would draw them as Markdown, which executes."""
    with pytest.raises(TypeError):
        Form(body=["<img src=x onerror=alert(1)>"])


async def test_a_click_that_fails_shows():
    shown = []

    async def broken() -> None:
        raise HelmPanelError("The release is gone.")

    async def bug() -> None:
        raise KeyError("x")

    clicks = Clicks(lambda what, error: shown.append((what, str(error))))
    await clicks._guarded("Upgrade of web", broken)
    await clicks._guarded("Refresh", bug)
    assert shown == [("Upgrade of web", "The release is gone."), ("Refresh", "'x'")]


def test_a_handler_that_is_a_coroutine_function_is_refused():
    async def handler() -> None: ...

    with pytest.raises(TypeError, match="coroutine function"):
        Button().on_press(handler)


def test_looking_starts_with_the_view_and_stops_with_it():
    cluster = FakeCluster([record("web")])
    dashboard = Dashboard(cluster, is_cell=False)
    assert cluster.lookers == 0
    dashboard.__panel__()
    assert cluster.lookers == 1
    dashboard.stop()
    assert cluster.lookers == 0


async def test_in_a_notebook_looking_ends_without_a_sign_of_life_and_begins_with_the_next():
    cluster = FakeCluster()
    presence = Presence(cluster.look, patience_s=0.05)
    assert cluster.lookers == 1
    await until(lambda: not cluster.lookers)
    presence.seen()
    await asyncio.sleep(0)
    assert cluster.lookers == 1
    presence.stop()
    assert cluster.lookers == 0


def test_nothing_is_asked_of_a_content_network():
    """In a notebook Panel's own stylesheets come from one; ours are in the page."""
    from bokeh.models import ImportedStyleSheet

    dashboard = Dashboard(FakeCluster([record("web")]), is_cell=True)
    root = dashboard.__panel__().get_root()
    assert [model.url for model in root.references() if isinstance(model, ImportedStyleSheet)] == []
    dashboard.stop()


async def test_the_log_that_a_notification_offers_opens_on_top_of_what_is_open():
    cluster = FakeCluster([record("web")])
    dashboard = Dashboard(cluster, is_cell=False)
    dashboard.__panel__()
    dashboard.clicks.run("Help", dashboard.help)
    await until(lambda: len(dashboard.dialogs.layer) == 1)
    cluster.end(cluster.begin("web"), Outcome.FAILED, error=HelmPanelError("It broke."))
    await until(lambda: dashboard.toasts.items)
    dashboard.toasts._handle_msg({"event": "act", "id": dashboard.toasts.items[0]["id"], "key": "log"})
    await until(lambda: len(dashboard.dialogs.layer) == 2)
    assert dashboard.dialogs.layer[-1].title == "web was not upgraded"
    assert dashboard.toasts.items == []
    dashboard.stop()
    await until(lambda: not dashboard.dialogs.is_open)


async def test_a_question_about_an_operation_goes_when_that_ends():
    cluster = FakeCluster([record("web")])
    dashboard = Dashboard(cluster, is_cell=False)
    dashboard.__panel__()
    operation = cluster.begin("web")
    dashboard._cancel(operation)
    await until(lambda: dashboard.dialogs.is_open)
    cluster.end(operation)
    await until(lambda: not dashboard.dialogs.is_open)
    assert cluster.cancelled == []
    dashboard.stop()


async def test_a_read_only_dashboard_refuses_what_a_browser_makes_up():
    # On a running loop: without one Panel makes a loop for the click and never closes it.
    cluster = FakeCluster([record("web")], read_only=True)
    dashboard = Dashboard(cluster, is_cell=False)
    dashboard.__panel__()
    dashboard._act("uninstall", "team-a/web")
    await until(lambda: dashboard.toasts.items)
    assert "read-only" in dashboard.toasts.items[0]["text"]
    dashboard.stop()


class Page(Document):
    """A document of a server, as a dashboard sees it: connected or not, and one callback after another."""

    def __init__(self) -> None:
        super().__init__()
        self.session = SimpleNamespace(connection_count=0)
        self.request = SimpleNamespace(arguments={}, cookies={}, headers={}, path="/", uri="/")
        self.server_context, self.id = None, "session"
        self._session_context = lambda: self  # what a server sets: a weak reference to the session's context
        self._loop = asyncio.get_running_loop()

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self._loop.call_soon(callback)


def is_ready(page: Page, _dashboard: Dashboard) -> None:
    """What Panel does when Bokeh says so."""
    state._schedule_on_load(page, None)


def is_here(_page: Page, dashboard: Dashboard) -> None:
    """A sign of life from a page that never said that it is ready."""
    dashboard.keys._handle_msg({"event": "here"})


@pytest.mark.parametrize("answer", [is_ready, is_here])
async def test_news_of_a_page_wait_from_its_copy_until_it_answers(answer: Callable[[Page, Dashboard], None]):
    """Releases and notifications alike: what changes meanwhile is sent to nobody."""
    page, cluster = Page(), FakeCluster([])
    with set_curdoc(page):
        dashboard = Dashboard(cluster, is_cell=False)
        dashboard.__panel__()

    def names() -> list[str]:
        return [row["name"] for row in dashboard.listing.table.rows]

    cluster.read([record("one")])
    await until(lambda: names() == ["one"])  # the browser has no copy yet: it is in it
    page.session.connection_count = 1
    cluster.read([record("one"), record("two")])
    cluster.end(cluster.begin("one"), Outcome.FAILED, error=HelmPanelError("It broke."))
    await until(lambda: len(dashboard._deliver._waiting) >= 3)
    assert (names(), dashboard.toasts.items) == (["one"], [])
    answer(page, dashboard)
    await until(lambda: names() == ["one", "two"] and len(dashboard.toasts.items) == 1)
    cluster.read([record("two")])
    await until(lambda: names() == ["two"])
    dashboard.stop()


def test_a_sign_of_life_from_the_browser_is_answered_with_a_change():
    """What Panel left unsent comes with it."""
    dashboard = Dashboard(FakeCluster([]), is_cell=False)
    dashboard.__panel__()
    dashboard.keys._handle_msg({"event": "here"})
    dashboard.keys._handle_msg({"event": "here"})
    assert dashboard.keys.beat == 2
    dashboard.stop()


async def test_the_screen_says_which_way_the_releases_are_read_and_why():
    cluster = FakeCluster([record("web")])
    dashboard = Dashboard(cluster, is_cell=False)
    dashboard.__panel__()
    assert not dashboard.polled.visible
    cluster.table.param.update(state=TableState.READY, way="Read by helm every 30 s: helm stores its releases in sql. password=hunter2")
    await until(lambda: dashboard.polled.visible)
    assert dashboard.polled.text.startswith("Read by helm every 30 s: helm stores its releases in sql.")
    assert dashboard.top.way == dashboard.polled.text
    assert "hunter2" not in dashboard.polled.text
    cluster.table.param.update(state=TableState.LIVE, way="From Secrets.")
    await until(lambda: not dashboard.polled.visible)
    assert dashboard.top.way == "From Secrets."
    dashboard.stop()


async def test_what_cannot_be_shown_is_named_on_the_screen():
    cluster = FakeCluster([record("web")])
    dashboard = Dashboard(cluster, is_cell=False)
    dashboard.__panel__()
    cluster.table.param.update(problems=["Only namespace team-a can be shown. You may not list secrets in the whole cluster."])
    await until(lambda: dashboard.trouble.visible)
    assert dashboard.trouble.text == "Only namespace team-a can be shown. You may not list secrets in the whole cluster."
    dashboard.stop()
