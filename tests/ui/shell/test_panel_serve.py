"""`panel serve helmpanel/app.py`: two sessions, one cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from helmpanel.sandbox import Sandbox
from tests.conftest import Helm
from tests.processes import Served
from tests.ui.conftest import NewPage
from tests.ui.pages.dashboard import DashboardPage
from tests.waiting import free_port

CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"


def test_the_sessions_of_panel_serve_share_one_cluster(
    serve: Callable[..., Served], sandbox: Sandbox, helm4_binary: Helm, helm_home: dict[str, str], new_page: NewPage, tmp_path: Path
):
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "Chart.yaml").write_text(CHART, encoding="utf-8")
    (tmp_path / "web" / "templates" / "object.yaml").write_text(OBJECT, encoding="utf-8")
    helm4_binary.run("install", "web", str(tmp_path / "web"), "-n", "default", env=helm_home)
    argv = [sys.executable, "-m", "panel", "serve", "helmpanel/app.py", "--port", str(free_port()), "--address", "127.0.0.1"]
    served = serve(argv=argv, env={"HELMPANEL_HELM": str(helm4_binary.path)})

    def listings() -> int:
        return sum("labelSelector=owner" in each.request for each in sandbox.requests)

    first = new_page()
    first.goto(served.url)
    DashboardPage(first).expect_release("web")
    read = listings()
    second = new_page()
    second.goto(served.url)
    DashboardPage(second).expect_release("web")
    # What the first session's cluster read is shown to the second at once: nothing is read anew for it.
    assert listings() == read
