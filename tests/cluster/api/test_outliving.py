"""helm finishes what it began, whatever becomes of the one who started it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helmpanel.model.operation import Outcome, Phase
from tests.cluster.api.conftest import LIMIT_S, TRINO, Place
from tests.pods import make_ready
from tests.waiting import until

SECRET = "hunter2-and-nothing-else"
SLOW = {"podAnnotations": {"fake-kubelet/ready-after": "3600"}, "password": SECRET}
"""Values with which pods are ready when the test says so."""
SCRIPT = """
import asyncio, json, sys
import helmpanel
from helmpanel.model.operation import Phase

async def main(how, values):
    cluster = await helmpanel.connect().ready()
    operation = await cluster.upgrade("data-platform/trino", chart="data-platform/trino", version="1.35.0", values=json.loads(values), timeout_s=300)
    while not any("checking" in line for line in operation.log):
        assert not operation.has_ended, operation.message
        await asyncio.sleep(0.05)
    print(operation.log_path, flush=True)
    if how == "killed":
        await asyncio.sleep(3600)
    if how == "closed":
        await cluster.close()
        assert operation.outcome == "lost", operation.outcome

asyncio.run(main(*sys.argv[1:]))
"""


def files_with_secret(folder: Path) -> list[Path]:
    """helm prints an upgrade's values at its end when it tells what it does: nothing of them may stay on disk, however we ended."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".err" and path.stat().st_size for path in files), "helm was to tell what it does"
    return [path for path in files if SECRET.encode() in path.read_bytes()]


def alive_helms(folder: Path) -> list[int]:
    """Processes that write to log files in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if any(str((entry / "fd" / fd).readlink()).startswith(str(folder)) for fd in ("1", "2")):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


async def let_end(place: Place, folder: Path) -> None:
    """Pods become ready, and every helm that writes to log files in a folder ends."""

    def have_ended() -> bool:
        make_ready(place.demo.box)  # again and again: helm may only be about to make them
        return not alive_helms(folder)

    await until(have_ended, timeout_s=LIMIT_S)


@pytest.mark.parametrize("how", ["killed", "exited", "closed"])
async def test_helm_finishes_the_upgrade_when_its_parent_is(place: Place, tmp_path: Path, how: str):
    data_dir = tmp_path / "script"
    env = {**os.environ, "HELMPANEL_DATA": str(data_dir), "HELMPANEL_HELM": str(place.helm.path)}
    argv = [sys.executable, "-W", "error", "-c", SCRIPT, how, json.dumps(SLOW)]
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        line = await asyncio.wait_for(asyncio.to_thread(parent.stdout.readline), LIMIT_S)
        assert line.strip().startswith(str(data_dir)), await asyncio.to_thread(parent.stderr.read)
        if how == "killed":
            parent.send_signal(signal.SIGKILL)
        _, errors = await asyncio.wait_for(asyncio.to_thread(parent.communicate), LIMIT_S)
    if how != "killed":
        assert (parent.returncode, errors) == (0, "")
    assert alive_helms(data_dir), "helm ended with its parent"
    row = json.loads(await place.ask("status", "trino", "-n", "data-platform", "-o", "json"))
    assert row["info"]["status"] == "pending-upgrade"
    await let_end(place, data_dir)
    row = json.loads(await place.ask("status", "trino", "-n", "data-platform", "-o", "json"))
    assert (row["version"], row["info"]["status"]) == (10, "deployed")
    assert SECRET in await place.ask("get", "values", "trino", "-n", "data-platform")
    assert files_with_secret(data_dir) == []


async def test_closing_loses_the_operation_leaves_helm_alone_and_nothing_of_ours_behind(place: Place):
    cluster = await place.ready()
    stop = cluster.look()
    operation = await cluster.upgrade(TRINO, chart="data-platform/trino", version="1.35.0", values=SLOW, timeout_s=300)
    await until(lambda: operation.phase is Phase.WAITING)
    await cluster.close()
    assert operation.outcome is Outcome.LOST
    assert await operation.ended() is operation
    assert await place.tasks() == []
    stop()
    assert alive_helms(place.data_dir), "helm ended with us"
    await let_end(place, place.data_dir)
    row = json.loads(await place.ask("status", "trino", "-n", "data-platform", "-o", "json"))
    assert row["info"]["status"] == "deployed"
    assert files_with_secret(place.data_dir) == []
