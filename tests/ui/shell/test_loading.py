"""What changes in the cluster while a page loads is on the page once it has loaded, with no other change to bring it along."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helmpanel.sandbox import Sandbox
from tests.processes import Served
from tests.ui.conftest import NewPage
from tests.ui.messages import Part, between
from tests.ui.pages.dashboard import LOAD_TIMEOUT_MS, DashboardPage
from tests.ui.shell.screen import Screen
from tests.ui.shell.storage import deployed
from tests.waiting import eventually

LOADS = 16
SPREAD_S = 0.05
"""From one load to the next the change comes so much later: from before the browser has its copy of the page until after it has drawn it."""


@pytest.fixture
def served(serve: Callable[..., Served], sandbox: Sandbox, helm4: Path) -> Served:
    """A dashboard of one release."""
    sandbox.put(deployed("first"))
    return serve("serve", "--port", "0", env={"HELMPANEL_HELM": str(helm4)})


class Loading:
    """Between a page and its server: from when the browser says that the page is ready, what it says is kept until `end`."""

    def __init__(self, page: Page) -> None:
        self.is_ready = False
        self._kept: list[Callable[[], None]] = []
        self._has_ended = False
        between(page, self._said)

    def end(self) -> None:
        """Hand over what was kept, and all that comes."""
        self._has_ended = True
        for hand_on in self._kept:
            hand_on()

    def _said(self, message: list[Part], hand_on: Callable[[list[Part]], None]) -> None:
        self.is_ready = self.is_ready or "document_ready" in str(message[2])
        if self.is_ready and not self._has_ended:
            self._kept.append(partial(hand_on, message))
        else:
            hand_on(message)


def expect_all(page: Page, number: int) -> None:
    """The tile and the table's foot both count so many releases, under "Live"."""
    dashboard = DashboardPage(page)
    dashboard.expect_live()
    dashboard.expect_count("All", number)
    expect(page.get_by_text(f"{number} releases", exact=True)).to_be_visible(timeout=LOAD_TIMEOUT_MS)


def test_a_change_between_the_browsers_copy_and_its_being_ready_is_shown(new_page: NewPage, served: Served, sandbox: Sandbox):
    """Panel drops what it would send in that time, and never sends it again."""
    other, page = new_page(), new_page()
    Screen(other, served.url).listed()
    DashboardPage(other).expect_live()
    loading = Loading(page)
    Screen(page, served.url).listed()
    eventually(lambda: page.title() and loading.is_ready)
    sandbox.put(deployed("second"))
    expect_all(other, 2)  # the server has read it
    loading.end()
    expect_all(page, 2)


def test_a_change_at_any_moment_of_loading_is_shown(new_page: NewPage, served: Served, sandbox: Sandbox):
    looking = new_page()  # what the cluster says is known to the server throughout: its own first reading would hide a loss
    Screen(looking, served.url).listed()
    for number in range(LOADS):
        page = new_page()
        page.goto(served.url, wait_until="commit")
        time.sleep(number * SPREAD_S)  # the rule is about moments: there is no condition to wait for
        sandbox.put(deployed(f"at-{number:02}"))
        expect_all(page, number + 2)
        page.close()
    expect_all(looking, LOADS + 1)
