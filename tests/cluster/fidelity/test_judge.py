"""A row is identical when nothing differs, and what differs is told."""

from __future__ import annotations

import dataclasses

import pytest

from .calls import Call
from .judge import verdict, waits
from .recording import Row

GET = Call.of("get", "/api/v1/namespaces/n/configmaps/x", 200, "admin")
WATCH = Call.of("watch", "/apis/batch/v1/namespaces/n/jobs?watch=true", 200, "admin")
ROW = Row(name="row", command="helm4 upgrade x cm", env={}, rc=0, stdout="STATUS: deployed\n", stderr="", calls=(GET,))


def test_the_same_row_is_identical():
    assert verdict(ROW, ROW, {}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rc": 1}, ["exit code 1, recorded 0"]),
        ({"stdout": "STATUS: failed\n"}, ["stdout: -STATUS: deployed", "stdout: +STATUS: failed"]),
        ({"stdout": "STATUS: deployed"}, ["stdout: ends differently"]),
        ({"stderr": "Error: x\n"}, ["stderr: +Error: x"]),
        ({"calls": ()}, [f"call - {GET}"]),
        ({"calls": (GET, GET)}, [f"call + {GET}"]),
    ],
    ids=lambda value: str(value)[:30],
)
def test_each_kind_of_difference_is_told(change: dict[str, object], told: list[str]):
    assert verdict(ROW, dataclasses.replace(ROW, **change), {}) == told


def test_paths_of_this_run_are_put_back_before_comparing():
    recorded = dataclasses.replace(ROW, stderr="open <charts>/x\n")
    assert verdict(recorded, dataclasses.replace(ROW, stderr="open /tmp/7/charts/x\n"), {"/tmp/7/charts": "<charts>"}) == []


@pytest.mark.parametrize("command", ["helm3 upgrade x cm --wait", "helm4 upgrade x cm --atomic --timeout 6s", "helm3 test web -n n"])
def test_commands_that_wait_are_known_by_what_was_asked(command: str):
    assert waits(dataclasses.replace(ROW, command=command))


def test_commands_that_wait_for_hooks_are_known_by_their_watches():
    assert waits(dataclasses.replace(ROW, calls=(WATCH,)))
    assert not waits(ROW)
