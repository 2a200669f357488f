"""The measures themselves: they find what they are to find. Then the releases on the demo, in both themes and narrow."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Helm, private_environment
from tests.processes import Served
from tests.ui.conftest import NewPage
from tests.ui.looks import overflowing, serious_faults, small_targets, unsound
from tests.ui.pages.dashboard import LOAD_TIMEOUT_MS, DashboardPage
from tests.ui.screens import SCREENS, stands_still


@pytest.fixture(scope="module")
def demo_url(helm4_binary: Helm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, looked at and never changed."""
    env = {**private_environment(tmp_path_factory.mktemp("demo")), "HELMPANEL_HELM": str(helm4_binary.path), "PYTHONUNBUFFERED": "1"}
    served = Served([sys.executable, "-m", "helmpanel", "demo", "--port", "0"], env)
    yield served.wait()
    # It ends with 1 when its cluster was asked for what it does not simulate.
    assert served.stop() == 0, "".join(served.lines[-20:])


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.get_by_role("grid", name="Releases")).to_be_visible(timeout=LOAD_TIMEOUT_MS)
    expect(page.get_by_role("button", name="airflow", exact=True)).to_be_visible(timeout=LOAD_TIMEOUT_MS)
    return page


def test_the_demo_shows_its_releases_and_says_that_it_is_a_simulation(page: Page, demo_url: str):
    opened(page, demo_url)
    expect(page.get_by_text("This is a simulated cluster")).to_be_visible()
    expect(page.get_by_text("43 releases")).to_be_visible()
    page.get_by_role("searchbox").or_(page.get_by_placeholder("Search releases")).first.fill("TRINO")
    expect(page.get_by_text("2 of 43 releases")).to_be_visible()
    expect(page.get_by_role("button", name="trino-adhoc", exact=True)).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_serious_and_nothing_overflows(new_page: NewPage, demo_url: str, screen: str):
    """On each screen, in each theme, wide and narrow. Loaded in the dark: every other test loads in the light."""
    page = opened(new_page(dark=True), demo_url)
    SCREENS[screen](page, DashboardPage(page))
    stands_still(page)
    assert unsound(page) == []


def test_nothing_of_the_releases_overflows(page: Page, demo_url: str):
    """And how old the repository indexes are stays in sight, with the way to read them again."""
    opened(page, demo_url)
    filters = page.get_by_role("group", name="Filters")
    for width in (1440, 1280, 1200, 980, 880, 760, 560, 400, 360):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_role("button", name="airflow", exact=True)).to_be_visible()
        expect(filters.get_by_text(re.compile(r"(just now|ago)$"))).to_be_visible()
        expect(filters.get_by_role("button", name="Refresh repositories")).to_be_visible()
        assert overflowing(page) == [], f"at {width}"


def test_a_finger_meets_every_control_of_a_narrow_screen(new_page: NewPage, demo_url: str):
    """At least 44 px on a coarse pointer."""
    page = opened(new_page(width=400, touch=True), demo_url)
    small = small_targets(page)
    for screen in ("upgrade-options", "details-history", "uninstall"):
        SCREENS[screen](page, DashboardPage(page))
        small += [f"{screen}: {control}" for control in small_targets(page)]
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert "\n".join(small) == ""


def test_the_measures_find_what_is_wrong(page: Page, tmp_path: Path, demo_url: str):
    opened(page, demo_url)
    page.evaluate(
        """() => {
          const host = document.body.appendChild(document.createElement("div"))
          host.attachShadow({ mode: "open" }).innerHTML =
            "<button style='width:3000px'></button><p style='color:#bbb;background:#fff'>pale</p><h2 style='width:40px;overflow:hidden'>Uncuttable</h2>"
        }"""
    )
    faults = " ".join(serious_faults(page))
    assert "button-name" in faults
    assert "color-contrast" in faults
    found = overflowing(page)
    assert any(line.startswith("button") for line in found)
    assert "h2 is cut: Uncuttable" in found


def test_a_screen_with_a_skeleton_on_it_does_not_stand_still(page: Page):
    """One without a word says so by its name, a text that is on its way by aria-busy."""
    for skeleton in ("<div role=status aria-label=Reading><i></i></div>", "<div aria-busy=true>old</div>", "<p>Comparing</p>"):
        page.set_content(f"{skeleton}<p>Done</p>")
        with pytest.raises(AssertionError):
            stands_still(page, patience_ms=1)
        page.set_content(f"<div hidden>{skeleton}</div><p>Done</p>")
        stands_still(page)
