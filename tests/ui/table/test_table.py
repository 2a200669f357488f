"""What a person holds on to in the releases table outlives news of the cluster, and news reach the cells they belong to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from helmpanel.sandbox.demo import Demo
from tests.conftest import Helm, private_environment
from tests.processes import Served
from tests.ui.messages import Part, between
from tests.ui.pages.dashboard import DashboardPage
from tests.ui.shell.screen import Screen
from tests.waiting import eventually, free_port


@dataclass(frozen=True)
class Live:
    """A served dashboard that reads its cluster every second, and a helm beside it."""

    url: str
    helm: Helm
    env: dict[str, str]

    def change(self, name: str, namespace: str, chart: str, version: str) -> int:
        """Upgrade a release behind the dashboard's back; its new revision."""
        argv = ["upgrade", name, chart, "--version", version, "--namespace", namespace, "--reuse-values", "-o", "json"]
        return int(json.loads(self.helm.run(*argv, env=self.env).stdout)["version"])

    def listed(self) -> dict[str, tuple[str, str]]:
        """Name to chart with version, and revision, of every release, as helm lists them."""
        flags = ["--deployed", "--failed", "--pending", "--uninstalled"]
        found = json.loads(self.helm.run("list", "--all-namespaces", *flags, "-o", "json", env=self.env).stdout)
        return {one["name"]: (one["chart"], str(one["revision"])) for one in found}


@pytest.fixture(scope="module")
def live(helm4_binary: Helm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    env = {**private_environment(tmp_path_factory.mktemp("live")), "HELMPANEL_HELM": str(helm4_binary.path), "PYTHONUNBUFFERED": "1"}
    with Demo(ready_delay_s=0.3) as demo:
        env.update(demo.environment)
        port = free_port()
        served = Served([sys.executable, "-m", "tests.ui.table.server", str(port)], env)
        url = served.wait()
        yield Live(url, helm4_binary, env)
        served.stop()
        demo.box.check()


@pytest.fixture
def screen(page: Page, live: Live) -> Screen:
    return Screen(page, f"{live.url}/page").listed()


def test_focus_an_open_menu_and_a_press_outlive_news_and_only_the_changed_row_flashes(screen: Screen, live: Live):
    page, dashboard = screen.page, DashboardPage(screen.page)

    def news() -> None:
        dashboard.expect_revision("grafana", live.change("grafana", "monitoring", "observability/grafana", "9.2.6"))

    screen.watch_flashes()
    more = page.get_by_role("button", name="More actions for grafana")
    more.focus()
    news()
    assert screen.focused() == "More actions for grafana"
    assert screen.flashed() == {"grafana"}

    page.keyboard.press("Enter")
    first = page.get_by_role("menuitem", name="View details")
    expect(first).to_be_focused()
    news()
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    assert screen.focused() == "More actions for grafana"

    # Between pressing and letting go the button is drawn anew: the browser makes no click of that.
    page.get_by_role("button", name="View details of grafana").hover()
    page.mouse.down()
    news()
    page.mouse.up()
    details = dashboard.progress("grafana")
    news()
    page.keyboard.press("Escape")
    expect(details.dialog).to_have_count(0)
    assert screen.focused() == "View details of grafana"


def shown(screen: Screen) -> dict[str, tuple[str, str]]:
    """The same as the rows of this page say it."""
    columns = [screen.page.locator(f"[role=gridcell].c-{column}").all_inner_texts() for column in ("name", "chart", "version", "revision")]
    return {name: (f"{chart}-{version.split()[0]}", revision) for name, chart, version, revision in zip(*columns, strict=True)}


def test_news_change_the_cells_they_belong_to_on_every_page(screen: Screen, live: Live):
    page, dashboard = screen.page, DashboardPage(screen.page)
    first = screen.names()
    page.get_by_role("button", name="Next page").click()
    dashboard.expect_release("trino")
    second = screen.names()
    page.get_by_role("button", name="More actions for trino", exact=True).focus()
    dashboard.expect_revision("trino", live.change("trino", "data-platform", "data-platform/trino", "1.34.0"))
    assert screen.focused() == "More actions for trino"
    assert screen.names() == second
    newest = live.change("grafana", "monitoring", "observability/grafana", "9.2.7")
    truth = live.listed()
    assert shown(screen) == {name: truth[name] for name in second}
    page.get_by_role("button", name="Previous page").click()
    dashboard.expect_revision("grafana", newest)
    assert screen.names() == first
    assert shown(screen) == {name: truth[name] for name in first}
    dashboard.expect_revision("grafana", live.change("grafana", "monitoring", "observability/grafana", "9.2.6"))
    truth = live.listed()
    assert shown(screen) == {name: truth[name] for name in first}


BUILD_ANEW = """
() => {
  const find = view => view.tabulator ? view : [...view.children()].map(find).find(Boolean)
  const view = [...Bokeh.index].map(find).find(Boolean)
  const { source } = view.model
  view.render()
  source.setv({ data: { ...source.data, app_version: source.data.app_version.map(() => "came while building") } }, { sync: false })
}
"""


def test_what_arrives_while_the_table_is_being_built_is_drawn(screen: Screen):
    """Panel drops it. A slow machine is still building when the first reading comes."""
    screen.page.evaluate(BUILD_ANEW)
    expect(screen.page.get_by_role("gridcell", name="came while building")).to_have_count(25)


class Deaf:
    """Between a page and its server: loses every message that says a name, until it hears."""

    def __init__(self, page: Page, name: str) -> None:
        self.said = 0
        self.hears = False
        self._name = f'"{name}"'
        between(page, self._heard)

    def _heard(self, message: list[Part], hand_on: Callable[[list[Part]], None]) -> None:
        is_said = self._name in str(message[2])
        self.said += is_said
        if self.hears or not is_said:
            hand_on(message)


def test_a_cell_says_that_it_has_drawn_until_it_is_heard(page: Page, live: Live):
    """What a notebook's kernel loses of the first message is said again: in a notebook no news would come without it."""
    page.clock.install()
    deaf = Deaf(page, "drawn")
    page.goto(f"{live.url}/cell")
    dashboard = DashboardPage(page)
    dashboard.expect_release("grafana")
    eventually(lambda: page.clock.run_for(700) is None and deaf.said > 1)
    deaf.hears = True

    def is_quiet() -> bool:
        said = deaf.said
        page.clock.run_for(10_000)
        return deaf.said == said

    eventually(is_quiet)
