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


def upgrade_tab(name: str) -> Steps:
    """The upgrade dialog with edited values that lost a key, on one tab."""

    def steps(page: Page, dashboard: DashboardPage) -> None:
        dashboard.menu("jupyterhub", "^Upgrade")
        form = UpgradeFormPage(page, "Upgrade jupyterhub")
        form.edit_values("config:\n  logLevel: debug\n")
        expect(form.dialog.get_by_text("auth").first).to_be_visible()  # the key that was lost is named
        form.dialog.get_by_role("tab", name=re.compile(f"^{name}")).click()

    return steps


def options(page: Page, dashboard: DashboardPage) -> None:
    """The upgrade dialog with its options unfolded."""
    dashboard.menu("jupyterhub", "^Upgrade")
    form = UpgradeFormPage(page, "Upgrade jupyterhub")
    form.press(re.compile("^Options"))
    expect(form.dialog.get_by_text("Roll back on failure").or_(form.dialog.get_by_text(re.compile("roll back", re.IGNORECASE))).first).to_be_visible()


def shortcuts(page: Page, dashboard: DashboardPage) -> None:
    """The list of keys."""
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def namespaces(page: Page, dashboard: DashboardPage) -> None:
    """The menu of namespaces."""
    page.get_by_role("button", name=re.compile("^Namespaces")).click()
    expect(page.get_by_text("data-platform").last).to_be_visible()


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
    "upgrade-values": upgrade_tab("Values"),
    "upgrade-changes": upgrade_tab("Changes"),
    "upgrade-command": upgrade_tab("Command"),
    "upgrade-options": options,
    "shortcuts": shortcuts,
    "namespaces": namespaces,
    "rollback": roll_back,
    "uninstall": uninstall,
}
