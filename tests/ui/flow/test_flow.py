"""The whole flow as its user drew it, in a real browser, with Helm 3 and Helm 4: what the screen says is what helm says."""

from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import Page, expect

from helmpanel.sandbox.demo import Demo
from tests.pods import make_ready
from tests.processes import Served
from tests.ui.conftest import NewPage
from tests.ui.flow.conftest import Truth
from tests.ui.looks import unsound
from tests.ui.pages.dashboard import DashboardPage
from tests.waiting import eventually

SLOW = 'podAnnotations:\n  fake-kubelet/ready-after: "300"\n'
"""Values with which the sandbox takes longer to make a release ready than any test takes to look at that."""


@pytest.mark.every_python
def test_list_filter_upgrade_details_rollback_uninstall(dashboard: DashboardPage, truth: Truth):
    # View and filter.
    dashboard.expect_count("All", 43)
    dashboard.press_status("Failed")
    dashboard.expect_release("superset")
    dashboard.expect_no_release("airflow")
    dashboard.press_status("Failed")
    dashboard.search("GRAFANA")
    dashboard.expect_names("grafana")
    dashboard.expect_status("grafana", "Healthy")

    # Upgrade to a new version, with exactly the values typed.
    form = dashboard.upgrade("grafana")
    form.choose_version("9.2.7")
    form.choose_mode("Exactly what is in the editor")
    form.edit_values("server:\n  replicas: 2\nconfig:\n  logLevel: debug\n")
    form.confirm()
    dashboard.expect_notification("grafana upgraded to 9.2.7")
    dashboard.expect_no_dialog()
    dashboard.expect_version("grafana", "9.2.7")
    dashboard.expect_status("grafana", "Healthy")
    found = truth.release("monitoring", "grafana")
    assert found is not None
    assert (found["chart"], found["status"], found["revision"]) == ("grafana-9.2.7", "deployed", "13")
    assert truth.values("monitoring", "grafana") == {"server": {"replicas": 2}, "config": {"logLevel": "debug"}}

    # Details, and back to the revision before from its history.
    details = dashboard.details("grafana")
    details.open_tab("Values")
    details.expect_text("debug")
    history = details.open_tab("History")
    expect(history.get_by_text("Revision 13")).to_be_visible()
    history.get_by_role("button", name=re.compile("^Roll back.*12")).click()
    back = dashboard.rollback_form("grafana")
    expect(back.dialog.get_by_role("cell", name="9.2.6")).to_be_visible()
    back.confirm()
    dashboard.expect_notification("grafana rolled back to revision 12")
    details.dismiss()
    dashboard.expect_revision("grafana", 14)
    dashboard.expect_version("grafana", "9.2.6")
    found = truth.release("monitoring", "grafana")
    assert found is not None
    assert (found["chart"], found["status"], found["revision"]) == ("grafana-9.2.6", "deployed", "14")
    assert truth.values("monitoring", "grafana", 14) == truth.values("monitoring", "grafana", 12)

    # Uninstall, once the name is typed.
    away = dashboard.uninstall("grafana")
    away.type_name("grafan")
    expect(away.primary()).to_be_disabled()
    away.type_name("a")
    away.confirm()
    dashboard.expect_notification("grafana uninstalled")
    dashboard.expect_no_release("grafana")
    assert truth.release("monitoring", "grafana") is None


def test_edited_values_are_put_on_top_of_the_reused_ones(dashboard: DashboardPage, truth: Truth):
    before = truth.values("monitoring", "grafana")
    assert isinstance(before, dict)
    form = dashboard.upgrade("grafana")
    text = form.values()
    assert "logLevel: info" in text
    form.edit_values(text.replace("logLevel: info", "logLevel: debug"))
    form.confirm()
    dashboard.expect_notification("grafana upgraded to 9.2.7")
    assert truth.values("monitoring", "grafana") == {**before, "config": {**before["config"], "logLevel": "debug"}}


def test_a_failing_upgrade_says_why_and_what_to_do(dashboard: DashboardPage, truth: Truth, page: Page):
    dashboard.search("superset")
    dashboard.upgrade_to("superset", "0.15.0")
    dashboard.expect_notification("superset was not upgraded")
    # Told once: the dialog of its progress has gone.
    dashboard.expect_no_dialog()
    why = re.compile(r"hook \(job superset-run-migrations\) failed", re.IGNORECASE)
    expect(dashboard.surface.get_by_text(why).filter(visible=True)).to_have_count(1)
    expect(dashboard.notification(why)).to_be_visible()
    assert unsound(page) == []
    dashboard.notification_action("Open log").click()
    log = dashboard.progress("superset was not upgraded")
    log.expect_text("Error: UPGRADE FAILED")
    log.expect_text(why)
    expect(dashboard.notifications.get_by_text(why)).to_have_count(0)
    assert unsound(page) == []
    log.dismiss()
    assert unsound(page) == []
    dashboard.expect_status("superset", "Failed")
    found = truth.release("analytics", "superset")
    assert found is not None
    assert (found["status"], found["revision"]) == ("failed", "12")


def test_a_cancelled_upgrade_ends_as_failed_and_is_told_as_cancelled(dashboard: DashboardPage, truth: Truth, page: Page):
    form = dashboard.upgrade("airflow")
    form.choose_version("1.16.0")
    form.edit_values(SLOW)
    form.confirm()
    progress = dashboard.progress("Upgrading airflow")
    expect(progress.dialog.get_by_text(re.compile("^Waiting for"))).to_be_visible(timeout=60_000)
    assert unsound(page) == []
    progress.press("Go on working")
    dashboard.expect_no_dialog()
    dashboard.expect_operation("airflow")
    assert unsound(page) == []
    page.get_by_role("button", name="Cancel: Upgrade airflow").click()
    question = dashboard.confirmation("Cancel the upgrade of airflow?")
    question.press("Cancel the upgrade")
    dashboard.expect_notification("The upgrade of airflow was cancelled")
    dashboard.expect_no_dialog()
    dashboard.expect_status("airflow", "Failed")
    found = truth.release("data-platform", "airflow")
    assert found is not None
    assert found["status"] == "failed"


def test_a_person_goes_on_working_while_an_operation_runs(dashboard: DashboardPage, demo: Demo):
    form = dashboard.upgrade("airflow")
    form.choose_version("1.16.0")
    form.edit_values(SLOW)
    form.confirm()
    dashboard.progress("Upgrading airflow").press("Go on working")
    dashboard.expect_no_dialog()
    dashboard.expect_operation("airflow")
    dashboard.expect_status("airflow", "Upgrading")
    busy = dashboard.row("airflow").get_by_role("button", name=re.compile("^Upgrade airflow. "))
    expect(busy.last).to_be_disabled()
    dashboard.search("grafana")
    dashboard.expect_release("grafana")

    def is_told() -> bool:
        make_ready(demo.box)  # again and again: one pod is replaced after the other
        return bool(dashboard.notification("airflow upgraded to 1.16.0").count())

    eventually(is_told)


def test_each_dashboard_that_saw_it_end_gets_one_notification(dashboard: DashboardPage, server: Served, new_page: NewPage):
    second = new_page()
    second.goto(server.url)
    other = DashboardPage(second)
    other.expect_release("grafana")
    form = dashboard.upgrade("grafana")
    form.confirm()
    for shown in (dashboard, other):  # first what leaves by itself
        shown.expect_notification("grafana upgraded to 9.2.7")
        expect(shown.notification("grafana upgraded to 9.2.7")).to_have_count(1)
    for shown in (dashboard, other):
        shown.expect_version("grafana", "9.2.7")


def test_helm_outlives_a_server_that_is_killed(dashboard: DashboardPage, server: Served, truth: Truth, guard):
    # The page's websocket breaks: that is what the test does. What the page was about to tell has nobody to go to.
    guard.allow_console("WebSocket|ERR_CONNECTION_REFUSED|Lost websocket|Failed to load resource|not connected so cannot send")
    dashboard.upgrade_to("airflow", "1.16.0")
    eventually(lambda: (truth.release("data-platform", "airflow") or {}).get("status") == "pending-upgrade")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(10)

    def is_upgraded() -> bool:
        found = truth.release("data-platform", "airflow") or {}
        return (found.get("status"), found.get("chart")) == ("deployed", "airflow-1.16.0")

    eventually(is_upgraded, timeout_s=120)
