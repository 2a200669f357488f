"""Every screen of the dashboard on the demo, how a person gets there, and what makes it that screen. None of them changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.ui.pages.dashboard import DashboardPage, UpgradeFormPage

Steps = Callable[[Page, DashboardPage], None]
"""The way to a screen. It ends by waiting for what that screen alone shows: without it the screen before would be measured."""


def stands_still(page: Page, patience_ms: float = 30_000) -> None:
    """Wait until nothing is being read any more."""
    page.wait_for_load_state("networkidle")
    # Each says it in its own way: a table or a text by aria-busy, a skeleton by its name, a line by its words.
    expect(page.locator("[aria-busy=true]").filter(visible=True)).to_have_count(0, timeout=patience_ms)
    expect(page.get_by_role("status", name="Reading")).to_have_count(0, timeout=patience_ms)
    expect(page.get_by_text(re.compile(r"^(Reading|Loading|Comparing|Looking)\b")).filter(visible=True)).to_have_count(0, timeout=patience_ms)


def releases(page: Page, dashboard: DashboardPage) -> None:
    """The releases as they are."""
    dashboard.expect_text("43 releases")


def tab(name: str, shows: str | re.Pattern[str]) -> Steps:
    """The details of jupyterhub on one tab, which shows this."""

    def steps(page: Page, dashboard: DashboardPage) -> None:
        expect(dashboard.details("jupyterhub").open_tab(name).get_by_text(shows).first).to_be_visible()

    return steps


def upgrade_form(page: Page, dashboard: DashboardPage) -> UpgradeFormPage:
    """The upgrade dialog, ready to be confirmed."""
    # By the menu: the row's own button is hidden on a narrow screen.
    dashboard.menu("jupyterhub", "^Upgrade")
    form = UpgradeFormPage(page, "Upgrade jupyterhub")
    expect(form.dialog.get_by_role("button", name="Upgrade to 4.2.0")).to_be_enabled()
    form.expect_text("logLevel")
    return form


def upgrade(page: Page, dashboard: DashboardPage) -> None:
    """The upgrade dialog with another way to take the values."""
    form = upgrade_form(page, dashboard)
    form.choose_mode("Keep mine")
    form.expect_text(re.compile("new chart's defaults"))


def upgrade_values(page: Page, dashboard: DashboardPage) -> None:
    """The upgrade dialog with edited values that lost a key."""
    text = "config:\n  logLevel: debug\n"
    form = upgrade_form(page, dashboard)
    form.edit_values(text)
    expect(form.editor()).to_have_value(text)
    form.expect_text(re.compile("removed keys? stays?"))


def upgrade_tab(name: str, shows: str) -> Steps:
    """The same on another tab, which shows this."""

    def steps(page: Page, dashboard: DashboardPage) -> None:
        upgrade_values(page, dashboard)
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("tab", name=re.compile(f"^{name}")).click()
        expect(dialog.get_by_role("tabpanel", name=re.compile(f"^{name}")).get_by_text(shows).first).to_be_visible()

    return steps


def options(page: Page, dashboard: DashboardPage) -> None:
    """The upgrade dialog with its options unfolded."""
    form = upgrade_form(page, dashboard)
    form.press(re.compile("^Options"))
    form.expect_text("Roll back on failure")


def roll_back(page: Page, dashboard: DashboardPage) -> None:
    """From the newest revision to the one before."""
    form = dashboard.roll_back("jupyterhub")
    expect(form.dialog.get_by_role("button", name="Roll back to revision 21")).to_be_enabled()
    form.expect_text("Target, revision 21")


def uninstall(page: Page, dashboard: DashboardPage) -> None:
    """What goes and what stays."""
    form = dashboard.uninstall("harbor")
    form.expect_text("PersistentVolumeClaim")
    form.expect_text("12 objects will be deleted and the history with them.")


def filtered(page: Page, dashboard: DashboardPage) -> None:
    """One status and a search."""
    dashboard.press_status("Upgrade")
    dashboard.search("o")
    dashboard.expect_text("10 of 43 releases")


def no_match(page: Page, dashboard: DashboardPage) -> None:
    """Nothing fits."""
    dashboard.search("kafka")
    dashboard.expect_text("No release matches")


def shortcuts(page: Page, dashboard: DashboardPage) -> None:
    """The list of keys."""
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def namespaces(page: Page, dashboard: DashboardPage) -> None:
    """The menu of namespaces."""
    page.get_by_role("button", name=re.compile("^Namespaces")).click()
    expect(page.get_by_role("group", name="Namespaces").get_by_role("checkbox", name=re.compile("^data-platform"))).to_be_visible()


def selected(page: Page, dashboard: DashboardPage) -> None:
    """Three releases are selected."""
    for name in ("airflow", "cert-manager", "grafana"):
        dashboard.checkbox(name).click()
    dashboard.expect_selected("airflow", "cert-manager", "grafana")
    dashboard.expect_text("3 selected")


def degraded(page: Page, dashboard: DashboardPage) -> None:
    """The details of a release whose image cannot be pulled."""
    dashboard.expect_status("feast", "DegradedImagePullBackOff")
    dashboard.details("feast").expect_text("ImagePullBackOff")


SCREENS: dict[str, Steps] = {
    "releases": releases,
    "selected": selected,
    "filtered": filtered,
    "no-match": no_match,
    # What changed last is read after the rest of it.
    "details-info": tab("Info", re.compile(r"^\d+ keys?:$|^The same$")),
    "details-manifest": tab("Manifest", "kind: ServiceAccount"),
    "details-values": tab("Values", "replicas:"),
    "details-history": tab("History", "Revision 21"),
    "details-degraded": degraded,
    "details-notes": tab("Notes", "Reach it from this machine with"),
    "upgrade": upgrade,
    "upgrade-values": upgrade_values,
    "upgrade-changes": upgrade_tab("Changes", "logLevel: debug"),
    "upgrade-command": upgrade_tab("Command", "helm upgrade"),
    "upgrade-options": options,
    "shortcuts": shortcuts,
    "namespaces": namespaces,
    "rollback": roll_back,
    "uninstall": uninstall,
}
