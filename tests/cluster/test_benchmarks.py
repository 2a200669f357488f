"""The benchmark of reading works, with a few releases: its figures are no test."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from helmpanel.sandbox import Sandbox
from helmpanel.sandbox.demo import StoredRevision, charts, seed_release
from tests.processes import TOP

READING = {
    "releases",
    "helm_list_s",
    "first_rows_s",
    "first_rows_sooner",
    "charts_after_rows_ms",
    "complete_s",
    "complete_sooner",
    "helm_rss_mb",
    "growth_mb",
    "growth_share",
    "growth_kb_a_release",
    "helm_received_mb",
    "received_mb",
    "received_share",
    "received_kb_a_release",
    "cold_first_rows_s",
    "idle_cpu",
}


def measured(helm: Path, *args: str) -> tuple[dict[str, dict[str, object]], str]:
    command = [sys.executable, "-m", "benchmarks.inventory", "--json", "--runs", "1", "--helm", str(helm), *args]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=300, check=False)
    # 1 says that a goal was missed, as may be on a busy machine.
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout), done.stderr


def test_a_seeded_sandbox_is_read_and_followed_beside_helm(helm4: Path):
    found, said = measured(helm4, "--releases", "20", "--revisions", "2")
    assert set(found) == READING | {"change_p95_ms"}
    assert said == ""
    assert found["releases"]["value"] == 20
    # 40 payloads of about 48 KB, which helm must get and decode; helmpanel gets half of them.
    assert found["helm_received_mb"]["value"] > 1
    assert found["received_mb"]["value"] < found["helm_received_mb"]["value"]
    assert 0 < found["first_rows_s"]["value"] <= found["complete_s"]["value"]
    assert found["change_p95_ms"] == {"value": found["change_p95_ms"]["value"], "unit": "ms", "goal": 100, "met": found["change_p95_ms"]["value"] <= 100}


def test_a_cluster_named_is_only_read(helm4: Path):
    chart = next(iter(charts().values()))[0]
    with Sandbox() as box:
        for name in ("one", "two"):
            seed_release(box, "default", name, [StoredRevision(chart=chart, status="deployed", deployed=datetime.now(UTC))])
        config = box.kubeconfig_for("admin", context="elsewhere")
        found, said = measured(helm4, "--kubeconfig", str(config), "--context", "elsewhere")
        assert {each.verb for each in box.requests} <= {"get", "list", "watch"}
    assert set(found) == READING
    assert found["releases"]["value"] == 2
    assert "The figure of a change was left out" in said
