"""The dashboard in a cell of a real JupyterLab, without internet."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from helmpanel.sandbox.demo import Demo, releases
from tests.conftest import Helm
from tests.ui.pages.dashboard import DashboardPage
from tests.ui.pages.jupyterlab import JupyterLabPage


def test_releases_are_listed_upgraded_and_rolled_back_in_a_cell(lab: JupyterLabPage, helm: Helm, demo: Demo, helm_home: dict[str, str]):
    lab.open("01-releases.ipynb").run_all()
    dashboard = DashboardPage(lab.page)
    dashboard.expect_release("grafana")
    lab.expect_no_error()
    expect(lab.page.get_by_role("button", name=re.compile(r"^Refresh repositories: indexes from .+(ago|now)$"))).to_be_visible()
    assert lab.faults_of_output() == []

    dashboard.upgrade_to("grafana", "9.2.7")
    dashboard.expect_notification("grafana")
    dashboard.expect_version("grafana", "9.2.7")
    assert release(helm, helm_home)["chart"] == "grafana-9.2.7"

    confirm = dashboard.roll_back("grafana")
    confirm.confirm()
    # The row is at 14 already while it is still rolling back.
    dashboard.expect_notification("grafana rolled back to revision 12")
    dashboard.expect_revision("grafana", 14)
    dashboard.expect_version("grafana", "9.2.6")
    found = release(helm, helm_home)
    assert (found["chart"], found["status"], str(found["revision"])) == ("grafana-9.2.6", "deployed", "14")


def release(helm: Helm, env: dict[str, str]) -> dict[str, object]:
    """What helm itself says of grafana."""
    found: list[dict[str, object]] = json.loads(helm.run("list", "-n", "monitoring", "--filter", "^grafana$", "-o", "json", env=env).stdout)
    return found[0]


@pytest.mark.parametrize("helm", [4], indirect=True)
def test_a_page_loaded_anew_shows_the_dashboard_again_and_a_saved_notebook_holds_no_value(lab: JupyterLabPage, tmp_path: Path):
    """The kernel goes on, the page begins without Panel's code, and nothing of the first output was saved."""
    lab.open("01-releases.ipynb").run_all()
    dashboard = DashboardPage(lab.page)
    dashboard.expect_release("airflow")
    lab.load_anew().run_all()
    details = dashboard.details("airflow")
    details.open_tab("Values")
    details.expect_text("airflow-admin")
    details.dismiss()
    lab.expect_no_error()
    lab.save()
    saved = (tmp_path / "notebooks" / "01-releases.ipynb").read_text(encoding="utf-8")
    assert "airflow" in saved
    assert demo_password() not in saved


def demo_password() -> str:
    """The password the demo stored for airflow."""
    airflow = next(r for r in releases() if r.name == "airflow")
    auth = airflow.values("webServer", airflow.revision)["auth"]
    assert isinstance(auth, dict)
    return str(auth["password"])
