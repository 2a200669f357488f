"""What others do shows on the screen by itself, and an API that is away for a while costs no row and no click."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import unquote

import pytest

from helmpanel.sandbox.demo import Demo
from tests.conftest import Helm
from tests.processes import Served
from tests.relay import Relay
from tests.ui.conftest import NewPage
from tests.ui.flow.conftest import Truth
from tests.ui.pages.dashboard import DashboardPage
from tests.waiting import eventually

PANEL = "panel"
"""User of the sandbox that helmpanel is: rules about it leave the helm of a test alone."""

AWAY_S = 20
"""For so long the API is away, as the screen counts it."""


@pytest.fixture
def relay(demo: Demo) -> Iterator[Relay]:
    """The network between helmpanel and the cluster; the helm of a test goes another way."""
    demo.box.grant(PANEL, verbs=["*"])
    with Relay(demo.box.host_port) as between:
        yield between


@pytest.fixture
def server(serve: Callable[..., Served], helm: Helm, demo: Demo, relay: Relay, tmp_path: Path) -> Served:
    """`helmpanel serve` on the demo's cluster, through the relay."""
    through = relay.kubeconfig(demo.box.kubeconfig_for(PANEL), tmp_path / "panel.yaml")
    return serve("serve", "--port", "0", "--helm", str(helm.path), env={**demo.environment, "KUBECONFIG": str(through)})


@pytest.fixture
def upgrade(helm: Helm, helm_home: dict[str, str]) -> Callable[..., None]:
    """Upgrades a release by the helm command line, as a colleague at another desk would."""

    def upgrade(namespace: str, name: str, version: str) -> None:
        helm.run("upgrade", name, f"observability/{name}", "--version", version, "-n", namespace, "--reset-then-reuse-values", env=helm_home)

    return upgrade


def _listings(demo: Demo) -> int:
    """How often helmpanel has listed all releases; it may ask by name about one that vanished."""
    asked = [unquote(each.request) for each in demo.box.requests if each.user == PANEL and each.verb == "list"]
    return sum("/secrets" in request and not re.search("[=,]name=", request) for request in asked)


def test_what_the_command_line_does_shows_on_every_screen_without_a_click(
    dashboard: DashboardPage, server: Served, new_page: NewPage, demo: Demo, helm: Helm, helm_home: dict[str, str], upgrade: Callable[..., None]
):
    """Told by the watch: helmpanel asks for no second list."""
    second = new_page()
    second.goto(server.url)
    screens = (dashboard, DashboardPage(second))
    for screen in screens:
        screen.search("grafana")
        screen.expect_version("grafana", "9.2.6")
        screen.expect_live()
    listings = _listings(demo)

    upgrade("monitoring", "grafana", "9.2.7")
    for screen in screens:
        screen.expect_version("grafana", "9.2.7")
        screen.expect_revision("grafana", 13)
        screen.expect_status("grafana", "Healthy")

    # In progress from anywhere is in progress everywhere.
    slow = ["--set-string", "podAnnotations.fake-kubelet/ready-after=300", "--wait", "--timeout", "300s"]
    argv = [str(helm.path), "upgrade", "grafana", "observability/grafana", "--version", "9.2.6", "-n", "monitoring", *slow]
    with subprocess.Popen(argv, env=helm_home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            for screen in screens:
                screen.expect_status("grafana", "Upgrading")
                screen.expect_version("grafana", "9.2.6")
        finally:
            running.terminate()
    for screen in screens:
        screen.expect_status("grafana", "Failed")

    helm.run("uninstall", "grafana", "-n", "monitoring", env=helm_home)
    for screen in screens:
        screen.expect_no_release("grafana")
    assert _listings(demo) == listings


@contextlib.contextmanager
def _met(demo: Demo, relay: Relay, **rule: object) -> Iterator[None]:
    """Every request of helmpanel meets a rule of the sandbox, the watch it has is cut."""
    trouble = demo.box.faults.add(user=PANEL, **rule)
    try:
        relay.cut()
        yield
        assert trouble.hits
    finally:
        demo.box.faults.clear()
        relay.cut()  # what still waits for an answer has none to come


Away = Callable[[Demo, Relay], AbstractContextManager[None]]
WAYS: dict[str, Away] = {
    "nobody listens": lambda demo, relay: relay.away(),
    "nothing is answered": lambda demo, relay: _met(demo, relay, hang=True),
    "everything is refused": lambda demo, relay: _met(demo, relay, status=503),
    "every connection is reset": lambda demo, relay: relay.resetting(),
}


@pytest.mark.parametrize("helm", [pytest.param(4, id="helm4", marks=pytest.mark.helm4)], indirect=True)
@pytest.mark.parametrize("way", WAYS)
def test_an_api_that_is_away_costs_no_row_and_the_table_heals_by_itself(
    way: str, dashboard: DashboardPage, truth: Truth, demo: Demo, relay: Relay, upgrade: Callable[..., None]
):
    dashboard.expect_live()
    dashboard.expect_status("cert-manager", "Healthy")
    names = dashboard.names()
    with WAYS[way](demo, relay):
        upgrade("monitoring", "grafana", "9.2.7")
        dashboard.expect_stale()
        counted = dashboard.stale_s()
        eventually(lambda: dashboard.stale_s() > counted, "it counts")
        assert dashboard.names() == names
        eventually(lambda: dashboard.stale_s() >= AWAY_S, f"stale for {AWAY_S} s")
        assert dashboard.names() == names
        dashboard.expect_status("cert-manager", "Healthy")
    dashboard.expect_live()
    assert dashboard.names() == names
    dashboard.search("grafana")
    dashboard.expect_version("grafana", "9.2.7")
    dashboard.expect_revision("grafana", 13)
    found = truth.release("monitoring", "grafana")
    assert found is not None
    assert (found["chart"], found["revision"], found["status"]) == ("grafana-9.2.7", "13", "deployed")
