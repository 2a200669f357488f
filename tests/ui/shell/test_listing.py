"""The list of releases on the demo, looked at and never changed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Helm, private_environment
from tests.processes import Served
from tests.ui.conftest import NewPage
from tests.ui.shell.screen import Screen
from tests.waiting import eventually

LIGHT, DARK = "rgb(246, 247, 249)", "rgb(14, 16, 19)"


@pytest.fixture(scope="module")
def url(helm4_binary: Helm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    env = {**private_environment(tmp_path_factory.mktemp("demo")), "HELMPANEL_HELM": str(helm4_binary.path), "PYTHONUNBUFFERED": "1"}
    served = Served([sys.executable, "-m", "helmpanel", "demo", "--port", "0"], env)
    yield served.wait()
    served.stop()


@pytest.fixture
def screen(page: Page, url: str) -> Screen:
    return Screen(page, url).listed()


def test_the_tiles_add_up_and_pressing_one_shows_its_releases(screen: Screen):
    words = ("Healthy", "Degraded", "Failed", "Pending", "Deployed", "Uninstalled")

    def add_up() -> bool:
        counts = screen.counts()
        return counts["All"] == sum(counts[word] for word in words) > 0

    eventually(add_up)
    failed, everything = screen.count("Failed"), screen.count("All")
    screen.tile("Failed").click()
    expect(screen.rows).to_have_count(failed)
    expect(screen.tile("Failed")).to_have_attribute("aria-pressed", "true")
    screen.footer(f"{failed} of {everything} releases")
    screen.tile("Failed").click()
    screen.footer(f"{everything} releases")


def test_search_is_case_insensitive_over_names_and_charts_and_counts_follow(screen: Screen):
    screen.search("TRINO")
    expect(screen.rows).to_have_count(2)
    expect(screen.tile("All")).to_contain_text("2")
    screen.page.get_by_role("button", name="Clear filters").first.click()
    expect(screen.rows).to_have_count(25)


def test_nothing_found_says_so_and_offers_a_way_back(screen: Screen):
    screen.search("kafka-of-nowhere")
    screen.says("No release matches", "Nothing has “kafka-of-nowhere” in its name or chart.")
    screen.page.get_by_role("status").get_by_role("button", name="Clear filters").click()
    expect(screen.rows).to_have_count(25)


def test_namespaces_are_chosen_in_a_menu_that_stays_open(screen: Screen):
    screen.page.get_by_role("button", name="Namespaces: All namespaces").click()
    menu = screen.page.get_by_role("group", name="Namespaces", exact=True)
    menu.get_by_role("checkbox", name="ml").check()
    menu.get_by_role("checkbox", name="storage").check()
    expect(screen.page.get_by_role("button", name="Namespaces: 2 namespaces")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(menu.get_by_role("checkbox", name="ml")).to_be_hidden()
    expect(screen.page.get_by_role("gridcell", name="analytics", exact=True)).to_have_count(0)
    expect(screen.page.get_by_role("gridcell", name="storage", exact=True).first).to_be_visible()
    assert set(screen.page.locator("[role=gridcell].c-namespace").all_inner_texts()) == {"ml", "storage"}


def test_a_heading_sorts_and_pressing_it_again_turns_the_order(screen: Screen):
    screen.sort_by("Revision")
    expect(screen.header("Revision")).to_have_attribute("aria-sort", "ascending")
    expect(screen.header("Name")).not_to_have_attribute("aria-sort", "ascending")
    screen.sort_by("Revision")
    expect(screen.header("Revision")).to_have_attribute("aria-sort", "descending")
    cells = screen.page.locator("[role=gridcell].c-revision")
    eventually(lambda: is_falling([int(text) for text in cells.all_inner_texts()]))


def is_falling(numbers: list[int]) -> bool:
    return bool(numbers) and numbers == sorted(numbers, reverse=True)


def test_pages_turn_and_end(screen: Screen):
    first = screen.names()
    screen.page.get_by_role("button", name="Next page").click()
    screen.footer("2 of 2")
    eventually(lambda: not set(first) & set(screen.names()))
    expect(screen.page.get_by_role("button", name="Next page")).to_have_attribute("aria-disabled", "true")


def test_a_row_says_when_it_changed_and_why_it_cannot_be_changed(screen: Screen):
    cell = screen.page.locator("[role=gridcell].c-updated > *").first
    expect(cell).to_have_text("3 days ago")
    assert "UTC" in (cell.get_attribute("title") or "")
    button = screen.page.get_by_role("button", name="Upgrade external-dns. Upgrading according to the cluster")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.focus()
    assert "helm refuses an upgrade" in screen.focused()


def test_keys_search_move_and_filter(screen: Screen):
    screen.page.keyboard.press("/")
    assert screen.focused().startswith("Search releases")
    screen.page.keyboard.press("Escape")
    screen.page.locator("body").click(position={"x": 2, "y": 400})
    screen.page.keyboard.press("j")
    screen.page.keyboard.press("j")
    assert screen.focused() == screen.names()[1]
    screen.page.keyboard.press("k")
    assert screen.focused() == screen.names()[0]
    screen.page.keyboard.press("4")
    expect(screen.tile("Failed")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("key", "dialog"), [("u", "Upgrade airflow"), ("r", "Roll back airflow")])
def test_a_key_upgrades_or_rolls_back_the_row_that_has_the_focus(screen: Screen, key: str, dialog: str):
    screen.search("airflow")
    expect(screen.rows).to_have_count(1)
    screen.page.keyboard.press(key)
    expect(screen.rows).to_have_count(0)  # typed into the search
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    screen.search("airflow")
    expect(screen.rows).to_have_count(1)
    screen.page.locator("body").click(position={"x": 2, "y": 400})
    screen.page.keyboard.press("j")
    assert screen.focused() == "airflow"
    screen.page.keyboard.press(key)
    expect(screen.page.get_by_role("dialog", name=re.compile(f"^{dialog}"))).to_be_visible()


def test_the_list_of_keys_opens_with_one_and_gives_the_focus_back(screen: Screen):
    screen.page.get_by_role("button", name="Keyboard shortcuts").focus()
    screen.page.keyboard.press("?")
    expect(screen.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    assert screen.focused() == "Keyboard shortcuts"


def test_the_menu_of_a_row_is_worked_with_the_keyboard(screen: Screen):
    screen.page.get_by_role("button", name="More actions for airflow").focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("menuitem", name="View details")).to_be_focused()
    screen.page.keyboard.press("ArrowUp")
    expect(screen.page.get_by_role("menuitem", name="Uninstall")).to_be_focused()
    screen.page.keyboard.press("Escape")
    assert screen.focused() == "More actions for airflow"


@pytest.mark.parametrize("dark", [False, True])
def test_the_theme_is_the_systems_until_one_is_chosen_and_then_kept(new_page: NewPage, url: str, dark: bool):
    page = new_page(dark=dark)
    screen = Screen(page, url).listed()
    assert screen.background() == (DARK if dark else LIGHT)
    page.get_by_role("radio", name="Light" if dark else "Dark").click()
    page.wait_for_function("wanted => getComputedStyle(document.body).backgroundColor === wanted", arg=LIGHT if dark else DARK)
    page.reload(wait_until="commit")
    page.wait_for_selector("body")
    assert screen.background() == (LIGHT if dark else DARK), "the first paint is in the theme that was chosen"


def test_the_cluster_is_named_and_can_be_read_again(screen: Screen):
    screen.says("demo", "https://127.0.0.1:", "This is a simulated cluster")
    screen.page.get_by_role("button", name="Live. Refresh").click()
    expect(screen.page.get_by_role("button", name="Live. Refresh")).to_be_visible()


def test_repositories_are_refreshed_and_the_success_leaves_by_itself(screen: Screen):
    screen.page.get_by_role("button", name="Refresh repositories").click()
    told = screen.page.get_by_text("Repositories are up to date")
    expect(told).to_be_visible(timeout=30_000)
    screen.says("Indexes from ")
    expect(told).to_have_count(0, timeout=12_000)
