"""The table at scale: news reach the rows they belong to, rows stand still under a person's hand, and ten thousand releases cost what a hundred cost."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.processes import Served
from tests.ui.conftest import NewPage
from tests.ui.looks import small_targets, unsound
from tests.ui.pages.dashboard import DashboardPage
from tests.ui.shell.screen import Screen
from tests.waiting import eventually, free_port


@dataclass(frozen=True)
class Many:
    """The server of many.py."""

    url: str

    def tell(self, total: int, **told: object) -> None:
        """News of a watch."""
        urlopen(Request(f"{self.url}/{total}/news", json.dumps(told).encode(), method="POST"), timeout=200).close()

    def expect_held(self) -> None:
        """From now on a browser says, and the server hears, that somebody is in the table."""
        before = self._holds()
        eventually(lambda: self._holds() > before, "somebody is in the table")

    def _holds(self) -> int:
        with urlopen(f"{self.url}/holds", timeout=60) as answer:
            return int(answer.read())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    server = Served([sys.executable, "-m", "tests.ui.table.many", str(free_port()), "10", "60", "100", "10000"], {**os.environ, "PYTHONUNBUFFERED": "1"})
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def many(served: Served) -> Many:
    return Many(served.url)


class Wire:
    """What comes over a page's websocket."""

    def __init__(self, page: Page) -> None:
        self.heard = 0
        """Bytes that the page was sent."""
        page.on("websocket", self._connected)

    def _connected(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        self.heard += len(payload)


def opened(page: Page, many: Many, total: int) -> Screen:
    return Screen(page, f"{many.url}/{total}").listed()


def revisions(screen: Screen) -> dict[str, str]:
    """Name to revision of the rows on the page."""
    names, numbers = (screen.page.locator(f"[role=gridcell].c-{column}").all_inner_texts() for column in ("name", "revision"))
    return {name.strip(): number.strip() for name, number in zip(names, numbers, strict=True)}


def waits(screen: Screen) -> Locator:
    """The control that lets in what waits."""
    return screen.page.get_by_role("button", name=re.compile("(new|gone), show$"))


def leave(page: Page) -> None:
    """Neither pointer nor focus is in the table."""
    page.mouse.move(2, 2)
    page.get_by_role("textbox", name=re.compile("^Search releases")).focus()


def test_news_change_the_right_row_on_every_page_and_in_every_order(page: Page, many: Many):
    screen = opened(page, many, 60)
    revision = 100
    for column in ("Name", "Version", "Updated"):
        for direction in ("descending", "ascending") if column == "Name" else ("ascending", "descending"):
            screen.sort_by(column)
            # The rows come before it: those of the order before are gone by then.
            expect(screen.header(column)).to_have_attribute("aria-sort", direction)
            for number in (1, 2, 3):
                expect(page.get_by_text(f"{number} of 3", exact=True)).to_be_visible()
                leave(page)
                before = revisions(screen)
                name = list(before)[len(before) // 2]
                revision += 1
                many.tell(60, changed={name: revision})
                wanted = {**before, name: str(revision)}
                eventually(lambda wanted=wanted: revisions(screen) == wanted)
                assert list(revisions(screen)) == list(before)
                if number < 3:
                    page.get_by_role("button", name="Next page").click()
            screen.page.get_by_role("button", name="Previous page").click()


def test_rows_keep_their_places_while_a_menu_is_open_and_what_waits_is_let_in_after(page: Page, many: Many):
    screen, dashboard = opened(page, many, 10), DashboardPage(page)
    before = screen.names()
    top = dashboard.row("release-00004").bounding_box()
    page.get_by_role("button", name="More actions for release-00004").click()
    item = page.get_by_role("menuitem", name="View details")
    expect(item).to_be_focused()
    page.mouse.move(2, 2)
    many.expect_held()
    many.tell(10, new=["aaa", "bbb"], gone=["release-00002"], changed={"release-00003": 7})
    expect(waits(screen)).to_have_text("2 new, 1 gone, show")
    assert screen.names() == before
    assert revisions(screen)["release-00003"] == "7"
    assert dashboard.row("release-00004").bounding_box() == top
    expect(item).to_be_focused()
    gone = dashboard.row("release-00002")
    dashboard.expect_status("release-00002", "Gone")
    for control in gone.get_by_role("button").all():
        assert control.get_attribute("aria-disabled") == "true"
    expect(dashboard.checkbox("release-00002")).to_be_disabled()

    page.keyboard.press("Escape")
    expect(item).to_be_hidden()
    assert screen.focused() == "More actions for release-00004"
    assert screen.names() == before
    leave(page)
    after = ["aaa", "bbb", *[name for name in before if name != "release-00002"]]
    eventually(lambda: screen.names() == after)
    expect(waits(screen)).to_be_hidden()

    # Under the pointer too; and pressed, the control lets in what waits.
    dashboard.row("release-00004").hover()
    many.expect_held()
    many.tell(10, gone=["aaa", "bbb"], new=["release-00002"])
    expect(waits(screen)).to_have_text("1 new, 2 gone, show")
    assert screen.names() == after
    waits(screen).click()
    eventually(lambda: screen.names() == before)
    expect(waits(screen)).to_be_hidden()


def test_a_row_stands_still_while_its_dialog_is_open(page: Page, many: Many):
    screen, dashboard = opened(page, many, 10), DashboardPage(page)
    before = screen.names()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    many.expect_held()
    many.tell(10, new=["aaa"])
    expect(page.get_by_text("11 releases")).to_have_count(1)
    assert screen.names() == before
    page.keyboard.press("Escape")
    dashboard.expect_release("aaa")
    many.tell(10, gone=["aaa"])
    dashboard.expect_no_release("aaa")


def test_a_selection_outlives_news_order_page_and_filters(page: Page, many: Many):
    screen, dashboard = opened(page, many, 60), DashboardPage(page)
    selected = page.get_by_role("group", name="Selected releases")
    everything = page.get_by_role("checkbox", name="Select all on this page")
    expect(selected).to_be_hidden()
    dashboard.checkbox("release-00001").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    dashboard.expect_selected("release-00001", "release-00002")
    expect(selected).to_contain_text("2 selected")
    assert everything.evaluate("box => box.indeterminate")
    many.tell(60, changed={"release-00001": 500, "release-00003": 501})
    dashboard.expect_revision("release-00003", 501)
    dashboard.expect_selected("release-00001", "release-00002")
    page.get_by_role("button", name="Next page").click()
    dashboard.expect_release("release-00030")
    dashboard.expect_selected()
    expect(selected).to_contain_text("2 selected")
    everything.click()
    expect(selected).to_contain_text("27 selected")
    everything.click()
    expect(selected).to_contain_text("2 selected")
    dashboard.search("release-00002")
    dashboard.expect_selected("release-00002")
    dashboard.search("")
    screen.sort_by("Name")
    screen.sort_by("Name")
    dashboard.expect_selected("release-00001", "release-00002")

    selected.get_by_role("button", name="Copy as table").click()
    expect(selected.get_by_text("Copied")).to_be_visible()
    lines = page.evaluate("() => navigator.clipboard.readText()").splitlines()
    assert [line.split("\t")[1] for line in lines] == ["Name", "release-00001", "release-00002"]

    page.get_by_role("button", name="Next page").focus()
    leave(page)
    many.tell(60, gone=["release-00001"])
    dashboard.expect_selected("release-00002")
    many.tell(60, new=["release-00001"])
    selected.get_by_role("button", name="Clear").click()
    expect(selected).to_be_hidden()
    dashboard.expect_selected()


def test_presses_that_are_not_answered_yet_count_one_by_one(page: Page, many: Many):
    """Two presses before the server has said anything: the order is turned and turned back, and two pages are turned."""
    screen = opened(page, many, 60)
    twice = "button => { button.click(); button.click() }"
    screen.sort_by("Version")
    expect(screen.header("Version")).to_have_attribute("aria-sort", "ascending")
    names = screen.names()
    screen.header("Version").get_by_role("button").evaluate(twice)
    page.get_by_role("button", name="Next page").evaluate(twice)
    expect(page.get_by_text("3 of 3", exact=True)).to_be_visible()
    expect(screen.header("Version")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Previous page").evaluate(twice)
    expect(page.get_by_text("1 of 3", exact=True)).to_be_visible()
    assert screen.names() == names


def test_ten_thousand_releases_cost_the_bytes_of_a_hundred(new_page: NewPage, many: Many):
    costs = []
    for total in (100, 10_000):
        page = new_page()
        wire = Wire(page)
        screen = opened(page, many, total)
        opening = wire.heard
        for revision in ("11", "12", "13"):
            many.tell(total, changed={"release-00003": int(revision)})
            eventually(lambda screen=screen, revision=revision: revisions(screen)["release-00003"] == revision)
        changing = wire.heard - opening
        screen.search("release-0000")
        screen.footer(f"10 of {total:,} releases")
        costs.append((opening, changing / 3, wire.heard - changing - opening))
    few, lots = costs
    assert [most < 1.2 * least for least, most in zip(few, lots, strict=True)] == [True] * 3, costs
    assert lots[1] < 8000, costs


@pytest.mark.parametrize("path", ["100", "100/cell"])
def test_a_storm_of_news_while_the_page_loads_ends_in_the_newest_rows(page: Page, many: Many, path: str):
    """And nothing is uncaught in the browser: its guard would fail the test."""
    storm = threading.Thread(target=many.tell, args=(100,), kwargs={"storm": 100, "changed": {"release-00005": 7777}})
    storm.start()
    page.goto(f"{many.url}/{path}")
    dashboard = DashboardPage(page)
    dashboard.expect_release("release-00005")
    table = page.get_by_role("grid", name="Releases").bounding_box()
    page.mouse.move(table["x"] + 200, table["y"] + table["height"] / 2)
    page.reload()
    dashboard.expect_release("release-00005")
    storm.join()
    dashboard.expect_revision("release-00005", 7777)
    many.tell(100, changed={"release-00005": 1})
    dashboard.expect_revision("release-00005", 1)


def test_selected_rows_read_well_in_each_theme_and_width_and_fingers_reach_them(new_page: NewPage, many: Many):
    for touch in (False, True):
        page = new_page(width=400 if touch else 1440, touch=touch)
        page.goto(f"{many.url}/60")
        dashboard = DashboardPage(page)
        dashboard.expect_release("release-00001")
        dashboard.checkbox("release-00001").click()
        dashboard.checkbox("release-00002").click()
        dashboard.expect_selected("release-00001", "release-00002")
        assert unsound(page) == []
        if touch:
            assert small_targets(page) == []
