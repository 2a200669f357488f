"""The oracle sees what it is there for: each way of being wrong is caught within a short walk, and what is right passes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.oracle.actions import Ground
from tests.cluster.oracle.faults import PANEL, Line
from tests.cluster.oracle.judge import SPARE, Judge
from tests.cluster.oracle.oracle import Oracle
from tests.cluster.oracle.truth import Row, Rows
from tests.cluster.oracle.walk import Walk
from tests.cluster.sandbox.conftest import Client
from tests.conftest import Helm

STEPS = 12
PATIENCE_S = 0.02
"""Nothing that is shown here changes by waiting."""


@pytest.fixture
def helm(helm4_binary: Helm) -> Helm:
    """Whether the judge can see does not depend on the major."""
    return helm4_binary


class Mirror:
    """Shows what helm said, altered; with every frame between."""

    def __init__(self, alter: Callable[[dict[str, Row], list[Rows]], Rows] = lambda rows, told: rows, state: str = "live") -> None:
        self.frames: list[frozenset[str]] = []
        self._alter = alter
        self._told: list[Rows] = []
        self._state = state

    def see(self, rows: Rows) -> None:
        """Take in what helm says after a step."""
        self._told.append(rows)
        self.frames.append(frozenset(self.rows()))

    def rows(self) -> Rows:
        """It, altered; the second argument is all that was ever told, oldest first."""
        return self._alter(dict(self._told[-1]), self._told)

    def state(self) -> str:
        return self._state


def _each(**fields: Callable[[Row], object]) -> Callable[[dict[str, Row], list[Rows]], Rows]:
    return lambda rows, told: {key: row._replace(**{field: wrong(row) for field, wrong in fields.items()}) for key, row in rows.items()}


def _first_sight(field: str) -> Callable[[dict[str, Row], list[Rows]], Rows]:
    """A field keeps the value with which a release was first seen."""

    def alter(rows: dict[str, Row], told: list[Rows]) -> Rows:
        return {key: row._replace(**{field: getattr(next(each[key] for each in told if key in each), field)}) for key, row in rows.items()}

    return alter


WRONG = {
    "an event that was dropped": lambda rows, told: told[-2] if len(told) > 1 and told[-1] != told[-2] else rows,
    "releases that are not removed": lambda rows, told: {key: row for each in told for key, row in each.items()},
    "a namespace that is missed": lambda rows, told: {key: row for key, row in rows.items() if row.namespace != "team-b"},
    "namespaces that are mixed up": lambda rows, told: {f"team-a/{row.name}": row for row in rows.values()},
    "an old status": _first_sight("status"),
    "an old revision": _first_sight("revision"),
    "an old time": _first_sight("updated"),
    "an old chart": _first_sight("chart"),
    "a time of whole seconds": _each(updated=lambda row: row.updated.replace(microsecond=0)),
    "no app version": _each(app_version=lambda row: ""),
}
"""What can be shown wrong."""


def test_each_way_of_being_wrong_is_caught_in_a_short_walk(ground: Ground, line: Line):
    right = Mirror()
    wrong = {name: Mirror(alter) for name, alter in WRONG.items()}
    judges = {name: Judge(mirror, patience_s=PATIENCE_S) for name, mirror in wrong.items()}
    oracle, fair = Oracle(ground, line, Walk(seed=1, faults=())), Judge(right, patience_s=PATIENCE_S)
    missed = set(WRONG)
    for _ in range(STEPS):
        oracle.happen()
        for mirror in (right, *wrong.values()):
            mirror.see(oracle.rows)
        fair.judge(oracle.before, oracle.rows)
        for name in sorted(missed):
            try:
                judges[name].judge(oracle.before, oracle.rows)
            except AssertionError:
                missed.discard(name)
    assert not missed, f"not caught in {STEPS} steps: {missed}"


ROW = Row("team-a", "web", 1, None, "deployed", "web-1.0.0", "")


def test_a_table_that_does_not_become_live_again_is_caught():
    mirror = Mirror(state="stale: connection refused")
    mirror.see({"team-a/web": ROW})
    with pytest.raises(AssertionError, match="the table is stale: connection refused"):
        Judge(mirror, patience_s=PATIENCE_S).judge({}, {"team-a/web": ROW})


def test_a_row_that_vanishes_for_one_frame_is_caught():
    mirror = Mirror()
    mirror.see(rows := {"team-a/web": ROW})
    judge = Judge(mirror, patience_s=PATIENCE_S)
    mirror.see({})
    mirror.see(rows)
    with pytest.raises(AssertionError, match="vanished for a while: team-a/web"):
        judge.judge(rows, rows)


@pytest.mark.parametrize(("path", "what"), [("/api/v1/secrets", "'list': 3"), ("/api/v1/secrets?watch=true&timeoutSeconds=0", "'watch': 3")])
def test_asking_where_the_watch_would_have_told_is_caught(line: Line, path: str, what: str):
    mirror = Mirror()
    mirror.see({})
    judge = Judge(mirror, patience_s=PATIENCE_S)
    judge.judge({}, {}, lambda: line.box.requests)
    for _ in range(SPARE + 1):
        with Client(line.box.kubeconfig_for(PANEL)).open("GET", path) as answer:
            answer.readline()
    with pytest.raises(AssertionError, match=f"asked too often: .*{what}"):
        judge.judge({}, {}, lambda: line.box.requests)
