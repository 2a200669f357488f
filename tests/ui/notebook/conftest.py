"""A real JupyterLab on loopback, with folders of its own."""

from __future__ import annotations

import shutil
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from helmpanel.sandbox.demo import Demo
from tests.conftest import Helm
from tests.ui.pages.jupyterlab import JupyterLabPage
from tests.waiting import eventually, free_port

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def answers(url: str) -> bool:
    """Whether something answers there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def lab(serve, page: Page, helm: Helm, demo: Demo, tmp_path: Path, guard) -> JupyterLabPage:
    """JupyterLab with a copy of the project's notebooks; its kernels see the demo's cluster."""
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder)
    homes = {name: str(tmp_path / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    argv = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--port={free_port()}",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
    ]
    settings = tmp_path / "lab-settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    homes["JUPYTERLAB_SETTINGS_DIR"] = str(tmp_path / "lab-settings")
    # News are fetched from outside: a closed network is what the tests are about.
    argv += ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    served = serve(argv=argv, env={**demo.environment, **homes, "HELMPANEL_HELM": str(helm.path), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"})
    # It prints its address a moment before it listens there.
    eventually(lambda: answers(f"{served.url.split('/lab')[0]}/api"))
    return JupyterLabPage(page, served.url)
