"""Fixtures that every kind of test shares: the real helm in both majors, private helm homes, and the sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from helmpanel.sandbox import Sandbox
from helmpanel.sandbox.demo import Demo

# A run that a shell put into the background ignores SIGINT, and so would every server that a test starts and ends with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A deadline would be a timed test. In CI the examples are the same each time, so that a run says something of the change and not of its luck:
# more of them would find nothing new there. `--hypothesis-profile=thorough` is for work on masking, versions or failures.
hypothesis.settings.register_profile("helmpanel", deadline=None, max_examples=50, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("helmpanel")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Several workers share the tests by our own rule: `--dist loadgroup` of xdist 3.8 does nothing with pytest 9.2."""
    return Scheduling(config, log)


class Scheduling(LoadScopeScheduling):
    """Tests that share something dear stay on one worker: a browser and servers (a UI module, for each helm), the replays. Large groups first."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        if not path.startswith(("tests/ui/", "tests/cluster/fidelity/test_fidelity")):
            return nodeid
        helm = "".join(name for name in ("helm3", "helm4") if name in test and path.startswith("tests/ui/"))
        return f"{path} {helm}"


HELM_TIMEOUT_S = 120
"""A helm command of a test that takes longer has hung: helm itself has no overall timeout."""


@dataclass(frozen=True, slots=True)
class Helm:
    """A helm binary of a test."""

    path: Path
    major: int

    def run(
        self, *args: str, env: Mapping[str, str], check: bool = True, stdin: str | None = None, timeout_s: float = HELM_TIMEOUT_S
    ) -> subprocess.CompletedProcess[str]:
        """Run it with exactly this environment, so that nothing of the developer's own helm is touched.

        Args:
            args: argv without the binary.
            env: Whole environment, such as the `helm_home` fixture gives.
            check: Fail the test, with what helm wrote, when the exit code is not 0.
            stdin: Text for `-f -`.
            timeout_s: Kill helm and fail after this time.
        """
        done = subprocess.run([str(self.path), *args], env=dict(env), input=stdin or "", capture_output=True, text=True, timeout=timeout_s, check=False)
        if check and done.returncode:
            raise AssertionError(f"helm {' '.join(args)} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
        return done


def _helm(major: int) -> Helm:
    """The binary named by HELMPANEL_TEST_HELM3/4, else the managed copy, fetched where it is missing. Never a skip."""
    named = os.environ.get(f"HELMPANEL_TEST_HELM{major}")
    if not named:
        command = [sys.executable, "-m", "helmpanel.helm.managed", "--major", str(major), "--print-path"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            pytest.fail(f"Helm {major} could not be fetched ({' '.join(command)}). Set HELMPANEL_TEST_HELM{major} to a binary.\n{done.stderr}", pytrace=False)
        named = done.stdout.strip().splitlines()[-1]
    path = Path(named)
    if not path.is_file():
        pytest.fail(f"{path} is no file: HELMPANEL_TEST_HELM{major} must name a Helm {major} binary.", pytrace=False)
    return Helm(path, major)


@pytest.fixture(scope="session")
def helm3_binary() -> Helm:
    return _helm(3)


@pytest.fixture(scope="session")
def helm4_binary() -> Helm:
    return _helm(4)


@pytest.fixture(scope="session")
def helm3(helm3_binary: Helm) -> Path:
    """Path of the Helm 3 binary."""
    return helm3_binary.path


@pytest.fixture(scope="session")
def helm4(helm4_binary: Helm) -> Path:
    """Path of the Helm 4 binary."""
    return helm4_binary.path


@pytest.fixture(params=[pytest.param(3, id="helm3", marks=pytest.mark.helm3), pytest.param(4, id="helm4", marks=pytest.mark.helm4)])
def helm(request: pytest.FixtureRequest) -> Helm:
    """Each helm in turn: a test that uses it runs twice."""
    found: Helm = request.getfixturevalue(f"helm{request.param}_binary")
    return found


@pytest.fixture
def helm_home(tmp_path: Path) -> dict[str, str]:
    """Whole environment for a helm that knows nothing of the developer's: private homes, no plugins, no colour, no cluster."""
    return private_environment(tmp_path / "helm-home")


def private_environment(home: Path) -> dict[str, str]:
    """Environment whose every helm and kubectl folder lies below `home`, which is made."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    folders = {
        "HOME": home,
        "HELM_CONFIG_HOME": home / "config",
        "HELM_DATA_HOME": home / "data",
        "HELM_CACHE_HOME": home / "cache",
        # helm's discovery cache is named after host and port, and ports are used again.
        "KUBECACHEDIR": home / "kube-cache",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {**kept, **{name: str(folder) for name, folder in folders.items()}, "KUBECONFIG": str(home / "no-kubeconfig"), "NO_COLOR": "1"}


@pytest.fixture
def sandbox(helm_home: dict[str, str]) -> Iterator[Sandbox]:
    """A started sandbox; `helm_home` points at it. A request it does not know fails the test."""
    with Sandbox() as box:
        helm_home["KUBECONFIG"] = str(box.kubeconfig)
        yield box
    box.check()


@pytest.fixture
def demo(helm_home: dict[str, str]) -> Iterator[Demo]:
    """The demo's releases and repositories, quicker to become ready; `helm_home` points at them."""
    with Demo(ready_delay_s=0.3) as filled:
        helm_home.update(filled.environment)
        yield filled
    filled.box.check()
