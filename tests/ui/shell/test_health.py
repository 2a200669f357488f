"""What the workloads of releases come to stands in their rows, in the tiles and in the details, and follows the cluster."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from helmpanel.sandbox import Sandbox
from tests.processes import Served
from tests.ui.looks import unsound
from tests.ui.pages.dashboard import DashboardPage
from tests.ui.shell.screen import Screen
from tests.ui.shell.storage import deployed, workload
from tests.waiting import eventually

Serve = Callable[..., Served]
HOSTILE = "<img src=x onerror=window.hacked=1>"


@pytest.fixture
def releases(sandbox: Sandbox) -> Sandbox:
    """One release of each health, each named after its own."""
    names = ("healthy", "degraded", "progressing", "none", "hostile")
    failed = workload("hostile", "Job")
    failed["status"] = {"failed": 1, "conditions": [{"type": "Failed", "status": "True", "reason": HOSTILE, "message": HOSTILE}]}
    unreadable = deployed("unreadable")
    unreadable["data"] = {"release": base64.b64encode(base64.b64encode(b"no gzip <b>at all</b>")).decode()}
    slow = workload("progressing", **{"fake-kubelet/ready-after": "3600"})
    sandbox.put(*(deployed(name) for name in names), unreadable, workload("healthy", replicas=3), workload("degraded", image="does-not-exist"), slow, failed)
    jobs = sandbox.store.resources.named("Job")
    sandbox.on_server(lambda: sandbox.store.update(jobs, failed, subresource="status"))
    return sandbox


def is_whole(text: Locator) -> bool:
    """Whether no part of a text in a cell is cut off by what holds it."""
    cut = """element => {
      for (; element.role !== "gridcell"; element = element.parentElement)
        if (element.clientWidth && element.scrollWidth > element.clientWidth) return true
      return false
    }"""
    return not text.evaluate(cut)


def test_each_release_shows_how_its_workloads_are(page: Page, serve: Serve, releases: Sandbox, helm4: Path):
    screen = Screen(page, serve("serve", "--port", "0", env={"HELMPANEL_HELM": str(helm4)}).url).listed()
    dashboard = DashboardPage(page)
    dashboard.expect_ready("healthy", r"^3/3\. 3 of 3 pods ready$")
    dashboard.expect_status("healthy", "Healthy")
    # The reason comes from the pods, which are asked for because the row is on the screen.
    dashboard.expect_ready("degraded", r"^0/2\. ImagePullBackOff\. 0 of 2 pods ready$")
    dashboard.expect_status("degraded", "DegradedImagePullBackOff")
    dashboard.expect_ready("progressing", r"^0/2\. 0 of 2 pods ready$")
    dashboard.expect_status("progressing", "Progressing")
    dashboard.expect_ready("none", r"^–\. It has no workloads$")
    dashboard.expect_status("none", "Deployed")
    dashboard.expect_status("hostile", f"Degraded{HOSTILE}")
    expect(dashboard.row("unreadable").locator(".c-chart")).to_have_text(re.compile(r"^Unreadable\. .+\.$"))
    expect(dashboard.row("unreadable").get_by_role("button", name="Upgrade unreadable. What is stored")).to_have_attribute("aria-disabled", "true")
    for word, number in (("All", 6), ("Healthy", 1), ("Degraded", 2), ("Pending", 1), ("Deployed", 2), ("Failed", 0)):
        dashboard.expect_count(word, number)
    assert unsound(page) == []
    for width in (1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        eventually(lambda: is_whole(dashboard.row("degraded").locator(".c-status").get_by_text("ImagePullBackOff")), f"the reason is whole at {width} px")

    screen.tile("Degraded").click()
    dashboard.expect_names("degraded", "hostile")
    screen.tile("All").click()
    screen.sort_by("Ready")
    expect(page.locator("[role=gridcell].c-name").first).to_have_text("degraded")
    assert page.evaluate("() => window.hacked") is None

    # And it heals by itself.
    releases.put(workload("degraded", image="web", replicas=1))
    dashboard.expect_status("degraded", "Healthy")
    dashboard.expect_ready("degraded", r"^1/1\.")


def test_the_details_name_the_workloads_and_what_is_wrong_with_them(page: Page, serve: Serve, releases: Sandbox, helm4: Path):
    Screen(page, serve("serve", "--port", "0", env={"HELMPANEL_HELM": str(helm4)}).url).listed()
    dashboard = DashboardPage(page)
    dashboard.expect_status("degraded", "DegradedImagePullBackOff")
    details = dashboard.details("degraded")
    details.expect_text("Deployment")
    details.expect_text("0/2")
    details.expect_text("ImagePullBackOff")
    assert unsound(page) == []
    details.dismiss()
    details = dashboard.details("unreadable")
    details.expect_text("Unreadable")
    details.expect_text(re.compile("^What is stored of revision 1 cannot be read: "))
    details.dismiss()
    dashboard.details("none").expect_text("It has no workloads")


def test_without_the_right_to_look_health_is_not_known_and_says_so(page: Page, serve: Serve, releases: Sandbox, helm4: Path):
    releases.grant("mara", verbs=["get", "list", "watch"], resources=["secrets"])
    served = serve("serve", "--port", "0", "--kubeconfig", str(releases.kubeconfig_for("mara")), env={"HELMPANEL_HELM": str(helm4)})
    Screen(page, served.url).listed()
    dashboard = DashboardPage(page)
    dashboard.expect_live()
    dashboard.expect_status("healthy", "Deployed")
    dashboard.expect_ready("healthy", r"^\?\. You may not list \w+")
    dashboard.expect_count("Healthy", 0)
    assert unsound(page) == []
