"""Every screen of the dashboard on the demo, and how a person gets there. None of them changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.ui.pages.dashboard import DashboardPage, UpgradeFormPage

Steps = Callable[[Page, DashboardPage], None]


def stands_still(page: Page) -> None:
    """Wait until nothing is being read any more."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^(Reading|Loading)\b")).filter(visible=True)).to_have_count(0)


def nothing(page: Page, dashboard: DashboardPage) -> None:
    """The releases as they are."""


def tab(name: str) -> Steps:
    """The details of jupyterhub on one tab."""

    def steps(page: Page, dashboard: DashboardPage) -> None:
        form = dashboard.details("jupyterhub")
        form.dialog.get_by_role("tab", name=name).click()

    return steps


def upgrade(page: Page, dashboard: DashboardPage) -> None:
    """The upgrade dialog with edited values."""
    # By the menu: the row's own button is hidden on a narrow screen.
    dashboard.menu("jupyterhub", "^Upgrade")
    form = UpgradeFormPage(page, "Upgrade jupyterhub")
    form.choose_mode("Keep mine")


def roll_back(page: Page, dashboard: DashboardPage) -> None:
    """From the newest revision to the one before."""
    dashboard.menu("jupyterhub", "Roll back")
    expect(page.get_by_role("dialog")).to_be_visible()


def uninstall(page: Page, dashboard: DashboardPage) -> None:
    """What goes and what stays."""
    dashboard.menu("harbor", "Uninstall")
    expect(page.get_by_role("dialog")).to_be_visible()


def filtered(page: Page, dashboard: DashboardPage) -> None:
    """One status and a search."""
    dashboard.press_status("Upgrade")
    dashboard.search("o")


def no_match(page: Page, dashboard: DashboardPage) -> None:
    """Nothing fits."""
    dashboard.search("kafka")


SCREENS: dict[str, Steps] = {
    "releases": nothing,
    "filtered": filtered,
    "no-match": no_match,
    "details-info": tab("Info"),
    "details-manifest": tab("Manifest"),
    "details-values": tab("Values"),
    "details-history": tab("History"),
    "details-notes": tab("Notes"),
    "upgrade": upgrade,
    "rollback": roll_back,
    "uninstall": uninstall,
}
