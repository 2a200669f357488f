"""A dashboard served in a process of its own, on the demo's cluster, with each helm in turn."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from helmpanel.sandbox.demo import Demo
from tests.conftest import Helm
from tests.processes import Served
from tests.ui.pages.dashboard import DashboardPage


@dataclass(frozen=True)
class Truth:
    """What helm itself says."""

    helm: Helm
    env: dict[str, str]

    def release(self, namespace: str, name: str) -> dict[str, str] | None:
        """Its line of `helm list`; None when it is not there, whatever the status."""
        flags = ["--deployed", "--failed", "--pending", "--superseded", "--uninstalled", "--uninstalling"]
        found = json.loads(self.helm.run("list", "-n", namespace, *flags, "--filter", f"^{name}$", "-o", "json", env=self.env).stdout)
        return {key: str(value) for key, value in found[0].items()} if found else None

    def values(self, namespace: str, name: str, revision: int | None = None) -> object:
        """`helm get values`."""
        at = ["--revision", str(revision)] if revision else []
        return json.loads(self.helm.run("get", "values", name, "-n", namespace, *at, "-o", "json", env=self.env).stdout)


@pytest.fixture
def truth(helm: Helm, helm_home: dict[str, str], demo: Demo) -> Truth:
    return Truth(helm, helm_home)


@pytest.fixture
def server(serve: Callable[..., Served], helm: Helm, demo: Demo) -> Served:
    """`helmpanel serve` on the demo's cluster."""
    return serve("serve", "--port", "0", "--helm", str(helm.path), env=demo.environment)


@pytest.fixture
def dashboard(server: Served, page: Page) -> DashboardPage:
    page.goto(server.url)
    shown = DashboardPage(page)
    shown.expect_release("airflow")
    return shown
