"""Processes, with a shell script in helm's place."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from helmpanel.errors import FailureKind, HelmFailure, HelmMissing
from helmpanel.helm.process import HelmProcess, LogLine, run_read
from tests.waiting import until


def fake(folder: Path, script: str) -> str:
    """An executable that stands in for helm."""
    path = folder / "helm"
    path.write_text("#!/bin/sh\n" + textwrap.dedent(script))
    path.chmod(0o755)
    return str(path)


async def lines_of(process: HelmProcess) -> list[LogLine]:
    return [line async for batch in process.batches() for line in batch]


async def test_lines_arrive_while_helm_runs_and_none_is_lost_at_its_end(tmp_path):
    helm = fake(tmp_path, f"echo first; until [ -e {tmp_path}/go ]; do sleep 0.02; done; echo problem >&2; printf last")
    process = HelmProcess.start(helm, ["upgrade"], stdin=None, folder=tmp_path / "log", name="a")
    seen = []
    async for batch in process.batches():
        seen += batch
        if LogLine("first", False) in batch:
            assert process.returncode is None
            (tmp_path / "go").touch()
    assert sorted(seen, key=lambda line: line.text) == [LogLine("first", False), LogLine("last", False), LogLine("problem", True)]
    assert await process.wait() == 0
    assert process.output() == ("first\nlast", "problem\n")


async def test_ten_thousand_lines_arrive_whole_and_in_order(tmp_path):
    helm = fake(tmp_path, "i=0; while [ $i -lt 10000 ]; do echo line $i; i=$((i+1)); done")
    process = HelmProcess.start(helm, ["upgrade"], stdin=None, folder=tmp_path / "log", name="a")
    assert [line.text for line in await lines_of(process)] == [f"line {i}" for i in range(10_000)]


async def test_values_reach_helm_on_standard_input_from_a_file_without_a_name(tmp_path):
    helm = fake(tmp_path, "stat -L -c '%a %h' /dev/stdin; cat")
    values = "password: hunter2\nnote: žluťoučký 🐎\n" + ("# " + "filler" * 20 + "\n") * 9_000
    process = HelmProcess.start(helm, ["upgrade", "-f", "-"], stdin=values, folder=tmp_path / "log", name="a")
    assert await process.wait() == 0
    # A mode of 600 and no directory entry: nobody else can open it, and nothing is left to remove.
    assert "".join(line.text + "\n" for line in await lines_of(process)) == "600 0\n" + values


async def test_log_files_are_for_their_owner_alone(tmp_path):
    process = HelmProcess.start(fake(tmp_path, "exit 0"), [], stdin=None, folder=tmp_path / "log", name="a")
    await process.wait()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (process.stderr_path, tmp_path / "log")]
    assert modes == [0o600, 0o700]


async def test_standard_output_has_no_name_on_disk_while_helm_runs_or_after(tmp_path):
    """With HELM_DEBUG an upgrade prints its values there: they must go with the last process that holds them."""
    helm = fake(tmp_path, f"stat -L -c '%a %h' /dev/stdout; echo hunter2; until [ -e {tmp_path}/go ]; do sleep 0.02; done; echo more")
    process = HelmProcess.start(helm, [], stdin=None, folder=tmp_path / "log", name="a")
    await until(lambda: "hunter2" in process.output()[0])
    assert [path.name for path in (tmp_path / "log").iterdir()] == ["a.err"]
    (tmp_path / "go").touch()
    await process.wait()
    assert process.output()[0] == "600 0\nhunter2\nmore\n"
    assert [path.name for path in (tmp_path / "log").iterdir()] == ["a.err"]


async def test_no_two_operations_share_a_log(tmp_path):
    helm = fake(tmp_path, "exit 0")
    await HelmProcess.start(helm, [], stdin=None, folder=tmp_path / "log", name="a").wait()
    with pytest.raises(FileExistsError):
        HelmProcess.start(helm, [], stdin=None, folder=tmp_path / "log", name="a")


async def test_without_values_standard_input_is_empty(tmp_path):
    process = HelmProcess.start(fake(tmp_path, "cat; echo end"), [], stdin=None, folder=tmp_path / "log", name="a")
    assert [line.text for line in await lines_of(process)] == ["end"]


async def test_terminate_asks_helm_to_stop_and_lets_it_finish_its_last_words(tmp_path):
    helm = fake(tmp_path, "trap 'echo cleaning; exit 1' TERM; echo ready; while :; do sleep 0.05; done")
    process = HelmProcess.start(helm, [], stdin=None, folder=tmp_path / "log", name="a")
    seen = []
    async for batch in process.batches():
        seen += [line.text for line in batch]
        if "ready" in seen and "cleaning" not in seen:
            process.terminate()
    assert seen == ["ready", "cleaning"]
    assert await process.wait() == 1


async def test_a_helm_that_ignores_sigterm_lives_until_it_is_killed_with_all_it_started(tmp_path):
    helm = fake(tmp_path, "trap '' TERM; sleep 600 & echo $!; wait; while :; do sleep 0.05; done")
    process = HelmProcess.start(helm, [], stdin=None, folder=tmp_path / "log", name="a")
    await until(lambda: process.output()[0].endswith("\n"))
    child = int(process.output()[0])
    process.terminate()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.wait(), 0.3)
    process.kill()
    assert await process.wait() == -9
    await until(lambda: not alive(child))


def alive(pid: int) -> bool:
    try:
        return "(sleep) Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def test_signals_to_a_helm_that_has_ended_do_nothing(tmp_path):
    process = HelmProcess.start(fake(tmp_path, "exit 3"), [], stdin=None, folder=tmp_path / "log", name="a")
    assert await process.wait() == 3
    process.terminate()
    process.kill()


PARENT = """
import asyncio, sys
from pathlib import Path
from helmpanel.helm.process import HelmProcess

async def main():
    process = HelmProcess.start(sys.argv[1], ["upgrade"], stdin="a: 1", folder=Path(sys.argv[2]), name="a")
    print(process.pid, flush=True)
    if sys.argv[3] == "stays":
        await process.wait()
    async for batch in process.batches():
        break

asyncio.run(main())
"""


@pytest.mark.parametrize("end", ["stays", "leaves"])
async def test_helm_finishes_when_its_parent_is_killed_or_ends(tmp_path, end):
    """A killed server, or an interpreter that exits in good order, stops no operation."""
    helm = fake(tmp_path, f"echo begun; until [ -e {tmp_path}/go ]; do sleep 0.02; done; cat >&2; echo finished; echo finished >&2; touch {tmp_path}/done")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, helm, str(tmp_path / "log"), end], stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        await asyncio.to_thread(parent.stdout.readline)
        if end == "stays":
            parent.kill()
        await asyncio.to_thread(parent.wait, 20)
    finally:
        parent.kill()
        parent.communicate()
    (tmp_path / "go").touch()
    await until(lambda: (tmp_path / "done").exists())
    assert (tmp_path / "log" / "a.err").read_text() == "a: 1finished\n"


async def test_ctrl_c_in_our_terminal_does_not_reach_helm(tmp_path):
    process = HelmProcess.start(fake(tmp_path, "sleep 600"), [], stdin=None, folder=tmp_path / "log", name="a")
    try:
        assert os.getsid(process.pid) == process.pid != os.getsid(0)
    finally:
        process.kill()
        await process.wait()


async def test_a_binary_that_cannot_run_leaves_no_log_behind(tmp_path):
    with pytest.raises(HelmMissing, match="cannot be run"):
        HelmProcess.start(str(tmp_path / "none"), [], stdin=None, folder=tmp_path / "log", name="a")
    assert list((tmp_path / "log").iterdir()) == []


async def test_a_read_gives_what_helm_printed(tmp_path):
    helm = fake(tmp_path, 'echo "$@ $NO_COLOR $HELM_NO_PLUGINS"; echo noise >&2')
    assert await run_read(helm, ["get", "values"], timeout_s=10) == "get values 1 1\n"


async def test_a_read_that_fails_is_classified_and_keeps_helms_words(tmp_path):
    helm = fake(tmp_path, "echo 'Error: release: not found' >&2; exit 1")
    with pytest.raises(HelmFailure) as caught:
        await run_read(helm, ["history", "web"], timeout_s=10)
    assert (caught.value.kind, caught.value.rc, caught.value.raw) == (FailureKind.NOT_FOUND, 1, "Error: release: not found\n")


async def test_a_read_that_hangs_is_stopped_at_its_deadline_with_all_it_started(tmp_path):
    helm = fake(tmp_path, f"trap '' TERM; sleep 600 & echo $! > {tmp_path}/child; echo stuck >&2; wait")
    with pytest.raises(HelmFailure, match=r"`helm get values` did not answer within 5 s") as caught:
        await run_read(helm, ["get", "values", "web"], timeout_s=5)
    assert (caught.value.kind, caught.value.rc, caught.value.raw) == (FailureKind.TIMEOUT, None, "stuck\n")
    child = int((tmp_path / "child").read_text())
    await until(lambda: not alive(child))


async def test_a_cancelled_read_leaves_no_process(tmp_path):
    helm = fake(tmp_path, f"echo $$ > {tmp_path}/pid.part; mv {tmp_path}/pid.part {tmp_path}/pid; exec sleep 600")
    reading = asyncio.create_task(run_read(helm, ["history"], timeout_s=60))
    await until(lambda: (tmp_path / "pid").exists())
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until(lambda: not alive(int((tmp_path / "pid").read_text())))


async def test_a_read_works_on_a_loop_of_another_thread(tmp_path):
    helm = fake(tmp_path, "echo there")
    assert await asyncio.to_thread(lambda: asyncio.run(run_read(helm, [], timeout_s=10))) == "there\n"


async def test_a_read_with_a_binary_that_is_gone_says_so(tmp_path):
    with pytest.raises(HelmMissing, match="cannot be run"):
        await run_read(str(tmp_path / "none"), [], timeout_s=10)
