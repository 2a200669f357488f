"""Rows show as soon as the cluster's labels are read; charts and health come into them, and that is no change of a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from helmpanel.sandbox import Sandbox
from tests.processes import Served
from tests.ui.looks import unsound
from tests.ui.pages.dashboard import DashboardPage
from tests.ui.shell.screen import Screen
from tests.ui.shell.storage import deployed, workload
from tests.waiting import eventually


def test_rows_come_before_charts_and_health_and_flash_for_neither(page: Page, serve: Callable[..., Served], sandbox: Sandbox, helm4: Path):
    sandbox.put(deployed("web"), workload("web", replicas=3))
    sandbox.faults.add("/secrets/sh.helm", status=503)
    sandbox.faults.add("/deployments", status=503)
    screen = Screen(page, serve("serve", "--port", "0", env={"HELMPANEL_HELM": str(helm4)}).url).listed()
    dashboard = DashboardPage(page)
    dashboard.expect_status("web", "Deployed")
    dashboard.expect_revision("web", 1)
    waiting = dashboard.row("web").get_by_label("Being read")
    expect(waiting.first).to_be_visible()
    assert unsound(page) == []
    screen.watch_flashes()

    sandbox.faults.clear()
    dashboard.expect_version("web", "1.0.0")
    expect(waiting).to_have_count(0)
    dashboard.expect_status("web", "Healthy")
    dashboard.expect_ready("web", "^3/3")
    assert screen.flashed() == set()

    failed = deployed("web")
    failed["metadata"]["labels"]["status"] = "failed"
    sandbox.put(failed)
    dashboard.expect_status("web", "Failed")
    eventually(lambda: screen.flashed() == {"web"})
