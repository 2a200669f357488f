"""`helmpanel list`: a table for people, JSON for programs, one sentence when it cannot."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys

from tests.cluster.api.conftest import LIMIT_S, Place


async def helmpanel(place: Place, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HELMPANEL_DATA": str(place.data_dir), "HELMPANEL_HELM": str(place.helm.path)}
    command = [sys.executable, "-W", "error", "-m", "helmpanel", *args]
    return await asyncio.to_thread(subprocess.run, command, env=env, capture_output=True, text=True, timeout=LIMIT_S, check=False)


async def test_table_has_a_line_for_each_release(place: Place):
    done = await helmpanel(place, "list")
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines = done.stdout.splitlines()
    assert head.split()[:4] == ["NAMESPACE", "NAME", "REVISION", "STATUS"]
    assert len(lines) == place.demo.size
    (trino,) = [line.split() for line in lines if line.split()[1] == "trino"]
    assert trino[:8] == ["data-platform", "trino", "9", "deployed", "healthy", "3/3", "trino", "1.34.0"]
    assert trino[-1] == "1.35.0"


async def test_json_is_for_programs(place: Place):
    done = await helmpanel(place, "list", "-o", "json", "-n", "ml", "-n", "storage")
    assert done.stderr == ""
    rows = json.loads(done.stdout)
    assert {row["namespace"] for row in rows} == {"ml", "storage"}
    (mlflow,) = [row for row in rows if row["name"] == "mlflow"]
    assert (mlflow["revision"], mlflow["available"]) == (9, None)
    assert (mlflow["health"], mlflow["ready"], mlflow["wanted"]) == ("healthy", 2, 2)
    assert mlflow["updated"].endswith("Z")


async def test_fault_is_one_sentence_on_standard_error(place: Place):
    done = await helmpanel(place, "list", "--context", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("helmpanel: ")
    assert "'nowhere'" in done.stderr
    assert done.stderr.count("\n") == 1


async def test_cluster_without_releases_says_so(place: Place):
    done = await helmpanel(place, "list", "-n", "default")
    assert (done.returncode, done.stdout) == (0, "No releases.\n")


async def test_helm_that_was_named_and_is_missing_is_told_though_the_list_needs_none(place: Place):
    done = await helmpanel(place, "list", "-n", "ml", "--helm", "/nowhere/helm")
    assert done.returncode == 0
    assert "mlflow" in done.stdout
    assert done.stderr.startswith("helmpanel: The helm named by helm=/nowhere/helm does not exist")
    assert done.stderr.count("\n") == 1
