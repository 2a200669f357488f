"""The scripting notebook is kept without output, and does what it says on the real helm."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import Helm

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "02-scripting.ipynb"


def test_notebook_is_kept_without_output():
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


async def test_notebook_runs_and_ends_as_it_says(helm: Helm, helm_home: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # A kernel of this very Python, whatever kernels the machine has.
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        f'{{"argv": ["{sys.executable}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"], "display_name": "Python 3", "language": "python"}}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    env = {**os.environ, **helm_home, "HELMPANEL_HELM": str(helm.path), "IPYTHONDIR": str(tmp_path / "ipython")}
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    await asyncio.wait_for(client.async_execute(env=env), 280)
    said = "\n".join(str(output.get("text") or output.get("data", {}).get("text/plain", "")) for cell in notebook.cells for output in cell.get("outputs", []))
    assert "Upgrades trino from 1.34.0 to 1.35.0 with your values and the stored ones on the new defaults" in said
    assert "<Outcome.SUCCEEDED: 'succeeded'>, 'Upgraded trino: 1.34.0 → 1.35.0', None, ()" in said
    assert "failed not-ready" in said
    assert "succeeded uninstalled" in said
    assert "Traceback" not in said
