"""A real helm and those who start it: killed parents, cancelled operations, force."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from helmpanel.errors import FailureKind
from helmpanel.helm import argv
from helmpanel.helm.failure import classify
from helmpanel.helm.process import HelmProcess
from helmpanel.model.plan import ValuesMode
from helmpanel.sandbox import Sandbox
from tests.cluster.helm.conftest import Place
from tests.pods import make_ready
from tests.waiting import until

PARENT = """
import asyncio, json, sys
from pathlib import Path
from helmpanel.helm.process import HelmProcess

async def main():
    binary, command, values, folder, env = json.loads(sys.argv[1])
    process = HelmProcess.start(binary, command, stdin=values, folder=Path(folder), name="upgrade", env=env)
    print(process.pid, flush=True)
    await process.wait()

asyncio.run(main())
"""


DEBUG = {"HELM_DEBUG": "true"}
"""As operations run: then helm prints an upgrade's values."""


async def holding(secret: str, folder: Path) -> str:
    """Files in a folder that hold a text."""
    found = await asyncio.to_thread(subprocess.run, ["grep", "-rl", secret, str(folder)], capture_output=True, text=True)
    return found.stdout


def gone(pid: int) -> bool:
    """No such process, or a zombie nobody here may reap."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def upgrade(place: Place, chart: str, *, timeout_s: float = 60) -> argv.Argv:
    return argv.upgrade(place.release, place.target, place.binary.major, chart=chart, mode=ValuesMode.RESET, has_values=True, wait=True, timeout_s=timeout_s)


def slow(chart: str) -> str:
    """The chart, with pods that are ready when the test says so."""
    template = Path(chart, "templates", "deployment.yaml")
    text = template.read_text()
    template.write_text(text.replace("metadata: {labels:", 'metadata: {annotations: {fake-kubelet/ready-after: "3600"}, labels:'))
    assert template.read_text() != text
    return chart


async def test_helm_finishes_its_upgrade_when_its_parent_is_killed(place: Place, chart: Callable[..., str], sandbox: Sandbox):
    """SIGKILL to the parent in the middle of the wait: the revision still becomes deployed, with the values that were sent."""
    job = [place.binary.path, upgrade(place, slow(chart(version="1.1.0"))), "replicas: 2\ngreeting: survived\n", str(place.folder / "log"), DEBUG | place.env]
    parent = subprocess.Popen([sys.executable, "-c", PARENT, json.dumps(job)], stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        await until(lambda: sandbox.get("Deployment", "team-a", "web")["status"].get("updatedReplicas") == 2, "the pods that helm waits for are made")
        parent.kill()
    finally:
        parent.kill()
        parent.communicate()
    assert not gone(pid), "helm was to be at work when its parent died"
    make_ready(sandbox)
    await until(lambda: gone(pid))
    assert place.states() == [(1, "superseded"), (2, "deployed")]
    assert await place.reader.values(place.release) == "greeting: survived\nreplicas: 2\n"
    assert (place.folder / "log" / "upgrade.err").read_text()
    assert await holding("survived", place.folder / "log") == ""


async def test_a_cancelled_upgrade_is_marked_failed_by_helm_itself(place: Place, chart: Callable[..., str]):
    command = upgrade(place, chart())
    process = place.start(command, stdin="image: does-not-exist:1\n")
    await until(lambda: (2, "pending-upgrade") in place.states())
    process.terminate()
    rc = await asyncio.wait_for(process.wait(), 30)
    failure = classify(list(command), rc, process.output()[1])
    assert (rc, failure.kind) == (1, FailureKind.INTERRUPTED)
    assert place.states() == [(1, "deployed"), (2, "failed")]


async def test_force_leaves_the_release_pending_and_a_rollback_frees_it(place: Place, chart: Callable[..., str]):
    command = upgrade(place, chart())
    process = place.start(command, stdin="image: does-not-exist:1\n")
    await until(lambda: (2, "pending-upgrade") in place.states())
    process.kill()
    rc = await asyncio.wait_for(process.wait(), 30)
    assert (rc, classify(list(command), rc, "").kind) == (-signal.SIGKILL, FailureKind.INTERRUPTED)
    busy = place.start(command, stdin="{}", name="second")
    assert classify(list(command), await busy.wait(), busy.output()[1]).kind is FailureKind.BUSY
    back = place.start(argv.rollback(place.release, place.target, place.binary.major, revision=1, wait=True, timeout_s=30), name="back")
    assert await back.wait() == 0
    assert place.states()[-1] == (3, "deployed")


async def test_values_are_nowhere_on_disk_nor_in_the_process_list_while_helm_runs(place: Place, chart: Callable[..., str]):
    secret = "hunter2-and-nothing-else"
    command = upgrade(place, chart())
    process = HelmProcess.start(
        place.binary.path, command, stdin=f"image: does-not-exist:1\ngreeting: {secret}\n", folder=place.folder / "log", name="upgrade", env=DEBUG | place.env
    )
    try:
        await until(lambda: (2, "pending-upgrade") in place.states())
        assert secret not in Path(f"/proc/{process.pid}/cmdline").read_text()
        assert secret not in Path(f"/proc/{process.pid}/environ").read_text()
        assert str(Path(f"/proc/{process.pid}/fd/0").readlink()).endswith("(deleted)")
        assert await holding(secret, place.folder) == ""
    finally:
        process.terminate()
        await process.wait()
