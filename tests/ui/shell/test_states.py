"""What is shown when there is no list: each trouble has its words and a way on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helmpanel.sandbox import Sandbox
from tests.processes import Served
from tests.ui.conftest import Guard
from tests.ui.looks import unsound
from tests.ui.shell.screen import Screen
from tests.ui.shell.storage import deployed

Serve = Callable[..., Served]


@pytest.fixture
def env(helm4: Path) -> dict[str, str]:
    return {"HELMPANEL_HELM": str(helm4)}


def test_an_empty_cluster_says_so(page: Page, serve: Serve, sandbox: Sandbox, env: dict[str, str]):
    screen = Screen(page, serve("serve", "--port", "0", env=env).url)
    screen.says("No releases in sandbox", "Install a chart with helm and it appears here by itself.")
    expect(page.get_by_role("status").get_by_role("button", name="Refresh")).to_be_visible()
    assert unsound(page) == []


def test_no_rights_name_what_is_missing_and_offer_the_role(page: Page, serve: Serve, sandbox: Sandbox, env: dict[str, str]):
    sandbox.grant("mara", verbs=["get"], resources=["pods"])
    screen = Screen(page, serve("serve", "--port", "0", "--kubeconfig", str(sandbox.kubeconfig_for("mara")), env=env).url)
    screen.says("You may not list releases in", "cannot list resource")
    assert unsound(page) == []
    page.get_by_role("button", name="Copy the role").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "kind: ClusterRole" in page.evaluate("() => navigator.clipboard.readText()")


def test_a_server_that_does_not_answer_is_tried_again_on_request(page: Page, serve: Serve, sandbox: Sandbox, env: dict[str, str], tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        broken = tmp_path / "kubeconfig"
        broken.write_text(sandbox.kubeconfig.read_text(encoding="utf-8").replace(sandbox.host_port, f"127.0.0.1:{taken.getsockname()[1]}"), encoding="utf-8")
        screen = Screen(page, serve("serve", "--port", "0", "--kubeconfig", str(broken), env=env).url)
        screen.says("does not answer", "Not connected")
        assert unsound(page) == []
        page.get_by_role("button", name="Try again").click()
        screen.says("does not answer")


def test_a_kubeconfig_that_is_none_is_told_apart(page: Page, serve: Serve, env: dict[str, str], tmp_path: Path):
    broken = tmp_path / "kubeconfig"
    broken.write_text("just: [text", encoding="utf-8")
    screen = Screen(page, serve("serve", "--port", "0", "--kubeconfig", str(broken), env=env).url)
    screen.says("The kubeconfig cannot be used")
    assert unsound(page) == []


def test_read_only_says_so_and_offers_no_change(page: Page, serve: Serve, sandbox: Sandbox, env: dict[str, str]):
    screen = Screen(page, serve("serve", "--port", "0", "--read-only", env=env).url)
    screen.says("Read-only", "changing is switched off here")
    assert unsound(page) == []


def test_a_page_that_lost_its_server_says_so(page: Page, guard: Guard, serve: Serve, sandbox: Sandbox, env: dict[str, str]):
    guard.allow_console("WebSocket|Lost websocket|Failed to load resource")  # the browser's own words on a connection that is gone
    page.clock.install()
    sandbox.put(deployed("first"))
    served = serve("serve", "--port", "0", env=env)
    screen = Screen(page, served.url).listed()
    screen.rows.first.hover()
    served.stop()
    expect(page.get_by_role("button", name="Disconnected from the server. Load the page again")).to_be_visible()
    # It says nothing to a server that is gone, neither that it is there nor that somebody is in the table: Bokeh would complain of it on the console.
    page.clock.run_for(60_000)
    assert screen.names() == ["first"]
