"""What a live cluster object shows is what `helm list` says, in every field, whatever happens to releases and goes wrong on the way.

HELMPANEL_TEST_ORACLE_SEED and HELMPANEL_TEST_ORACLE_STEPS take another walk, or a longer one; a failure names the seed and its steps.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest

from helmpanel.cluster import Cluster, connect
from helmpanel.runtime import io
from helmpanel.settings import Settings
from tests.cluster.oracle.actions import Ground
from tests.cluster.oracle.faults import Line
from tests.cluster.oracle.judge import Judge, Panel
from tests.cluster.oracle.oracle import Oracle
from tests.cluster.oracle.truth import STATUSES, descriptions_of_helm, difference, rows_of_helm
from tests.cluster.oracle.walk import Walk
from tests.conftest import Helm
from tests.waiting import eventually

SEED = int(os.environ.get("HELMPANEL_TEST_ORACLE_SEED", "3"))
"""The same each time, so that a run says something of the change and not of its luck."""
STEPS = int(os.environ.get("HELMPANEL_TEST_ORACLE_STEPS", "26"))
PATIENCE_STEPS = 60
"""A walk that has not come by every action and fault in so many more steps has a rule that never fits."""


def _tasks() -> set[str]:
    """Names of what is under way on the I/O thread, this question apart."""

    async def names() -> set[str]:
        return {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    return io.submit(names()).result()


@pytest.fixture
def cluster(line: Line, helm: Helm, helm_home: dict[str, str], tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster object that somebody looks at."""
    for name, value in helm_home.items():
        monkeypatch.setenv(name, value)
    before = _tasks()
    made = connect(line.kubeconfig, helm=helm.path, settings=Settings(data_dir=tmp_path / "helmpanel", request_timeout_s=5))
    io.submit(made.ready()).result()
    stop = made.look()
    yield made
    stop()
    io.submit(made.close()).result()
    eventually(lambda: _tasks() <= before, "no task is left behind")


@pytest.mark.timeout(60 + 10 * (STEPS + PATIENCE_STEPS))
def test_what_is_shown_is_what_helm_lists_after_every_step(ground: Ground, line: Line, cluster: Cluster, helm3_binary: Helm, helm4_binary: Helm):
    walk = Walk(SEED)
    oracle, judge = Oracle(ground, line, walk), Judge(Panel(cluster))
    while len(walk.steps) < STEPS or walk.left:
        assert len(walk.steps) < STEPS + PATIENCE_STEPS, f"never came by {walk.left}\n{walk}"
        oracle.step(judge)
    # What the walk has been through says what this test is worth.
    assert oracle.statuses == set(STATUSES), walk
    # The two majors say the same of one cluster.
    for other in (helm3_binary, helm4_binary):
        assert not difference(rows_of_helm(other, ground.env), oracle.rows), walk
    assert cluster.table.frame["description"].to_dict() == descriptions_of_helm(ground.helm, ground.env, oracle.rows), walk
