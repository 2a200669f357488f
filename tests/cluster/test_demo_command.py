"""`helmpanel demo`: one command, one address, and nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from helmpanel import demo
from tests.conftest import Helm
from tests.processes import Served


@pytest.fixture
def running(helm4_binary: Helm, helm_home: dict[str, str]) -> Iterator[Served]:
    served = Served(
        [sys.executable, "-m", "helmpanel", "demo", "--port", "0"], {**helm_home, "HELMPANEL_HELM": str(helm4_binary.path), "PYTHONUNBUFFERED": "1"}
    )
    served.wait()
    yield served
    if served.process.poll() is None:
        served.stop()


def printed(served: Served, pattern: str) -> str:
    found = re.search(pattern, "".join(served.lines))
    assert found, served.lines
    return found[1]


def test_it_serves_the_dashboard_on_a_cluster_of_its_own(running: Served, helm4_binary: Helm, helm_home: dict[str, str]):
    with urllib.request.urlopen(running.url) as answer:
        assert answer.status == 200
    kubeconfig = printed(running, r"KUBECONFIG=(\S+)")
    assert "prometheus" in helm4_binary.run("list", "-A", "--kubeconfig", kubeconfig, env=helm_home).stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_ctrl_c_or_sigterm_ends_everything_it_started(running: Served, helm_home: dict[str, str], number: signal.Signals):
    kubeconfig = Path(printed(running, r"KUBECONFIG=(\S+)"))
    before = set(Path(helm_home["HOME"]).rglob("*"))
    assert running.stop(with_signal=number) == 0
    assert not kubeconfig.parent.exists()
    with pytest.raises(OSError, match=r"refused"):
        urllib.request.urlopen(running.url)
    in_its_session = subprocess.run(["ps", "-o", "pid=", "--sid", str(running.process.pid)], capture_output=True, text=True, check=False).stdout.split()
    assert not in_its_session
    # Nothing of the user's own helm was written to.
    assert not [path for path in before if path.is_file() and "kube-cache" not in path.parts]


def test_only_helm_processes_of_its_own_are_ended(tmp_path: Path):
    """A program that is no helm, or not its child, goes on."""
    helm = shutil.copy("/bin/sleep", tmp_path / "helm")
    ours = subprocess.Popen([helm, "60"], start_new_session=True)
    other = subprocess.Popen(["/bin/sleep", "60"])
    grandchild = subprocess.Popen(["/bin/sh", "-c", f"{helm} 60 & echo $!; wait"], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert grandchild.stdout
        not_our_child = int(grandchild.stdout.readline())
        demo._end_helm(Path(helm))
        assert ours.wait(10) == -signal.SIGKILL
        assert other.poll() is None
        os.kill(not_our_child, 0)
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()
        os.killpg(grandchild.pid, signal.SIGKILL)
        grandchild.wait()
        grandchild.stdout.close()


def test_a_port_in_use_is_not_the_end(helm_home: dict[str, str], helm4_binary: Helm, running: Served):
    """The second demo takes a free port."""
    taken = running.url.rstrip("/").rpartition(":")[2]
    env = {**helm_home, "HELMPANEL_HELM": str(helm4_binary.path), "PYTHONUNBUFFERED": "1"}
    second = Served([sys.executable, "-m", "helmpanel", "demo", "--port", taken], env)
    try:
        assert second.wait() != running.url
    finally:
        second.stop()


def test_without_the_sandbox_it_says_what_to_install(helm_home: dict[str, str], helm4_binary: Helm, tmp_path: Path):
    """The sandbox is an extra: without it, one sentence and no traceback."""
    hidden = "import sys; sys.modules['uvicorn'] = None; from helmpanel.__main__ import main; sys.exit(main(['demo']))"
    env = {**helm_home, "HELMPANEL_HELM": str(helm4_binary.path)}
    done = subprocess.run([sys.executable, "-c", hidden], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "pip install 'helmpanel[sandbox]'" in done.stderr
    assert "Traceback" not in done.stderr
