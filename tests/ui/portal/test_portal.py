"""The dashboard inside another application: an iframe, the host's own routes and /static beside it."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from helmpanel.sandbox.demo import Demo
from tests.conftest import Helm
from tests.ui.conftest import Served
from tests.ui.pages.dashboard import DashboardPage


@pytest.fixture
def portal(serve, helm: Helm, demo: Demo) -> Served:
    argv = [sys.executable, "-m", "uvicorn", "--app-dir", "examples/portal", "app:app", "--port", "0"]
    return serve(argv=argv, env={**demo.environment, "HELMPANEL_HELM": str(helm.path)})


def test_releases_are_listed_and_upgraded_inside_the_iframe(portal: Served, page: Page, helm: Helm, demo: Demo, helm_home: dict[str, str]):
    page.goto(portal.url)
    dashboard = DashboardPage(page.frame_locator("iframe"))
    dashboard.expect_release("airflow")

    dashboard.upgrade_to("airflow", "1.16.0")

    dashboard.expect_notification("airflow")
    dashboard.expect_version("airflow", "1.16.0")
    shown = helm.run("list", "-n", "data-platform", "--filter", "^airflow$", "-o", "json", env=helm_home).stdout
    assert '"chart":"airflow-1.16.0"' in shown
    assert '"status":"deployed"' in shown


def test_the_host_keeps_its_routes_and_its_static_files(portal: Served, page: Page):
    page.goto(portal.url)
    expect(page.get_by_role("link", name="Teams")).to_be_visible()
    # The host's stylesheet, from its own /static, is in force.
    assert page.locator("header").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(18, 50, 74)"
    with urllib.request.urlopen(f"{portal.url.rstrip('/')}/api/teams") as answer:
        assert answer.read() == b'["analytics","data-platform","ml"]'
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{portal.url.rstrip('/')}/static/js/bokeh.min.js")


def test_a_dialog_in_the_iframe_closes_with_escape_and_gives_focus_back(portal: Served, page: Page):
    page.goto(portal.url)
    dashboard = DashboardPage(page.frame_locator("iframe"))
    dashboard.upgrade("airflow")
    page.keyboard.press("Escape")
    dashboard.expect_no_dialog()
    expect(dashboard.upgrade_button("airflow")).to_be_focused()
