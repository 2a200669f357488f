"""The command line: the table of `helmpanel list`, and mistakes in what is asked."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from helmpanel.__main__ import _table, main
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.health import Health, HealthState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord, releases_frame
from helmpanel.text import DOTS


def record(name, **kwargs):
    return ReleaseRecord(key=ReleaseKey("c", "ns", name), revision=1, status="deployed", **kwargs)


def test_columns_are_aligned_and_what_is_missing_is_a_dash():
    newer = Availability(state=AvailabilityState.NEWER, version="2.0.0", source="repo")
    health = Health(state=HealthState.DEGRADED, ready=1, wanted=3)
    web = record("web", chart="web", version="1.0.0", updated=datetime(2026, 1, 2, 3, 4, tzinfo=UTC), availability=newer, health=health)
    frame = releases_frame([web, record("broken")])
    head, broken, web = _table(frame).splitlines()
    assert web[head.index("AVAILABLE") :] == "2.0.0"
    assert broken[head.index("AVAILABLE") :] == "-"
    assert web[head.index("HEALTH") : head.index("CHART")].split() == ["degraded", "1/3"]
    assert broken[head.index("HEALTH") : head.index("CHART")].split() == ["unknown", "-"]
    assert web[head.index("UPDATED") :].startswith("2026-01-02 03:04 UTC")


def test_names_from_outside_cannot_steer_the_terminal():
    frame = releases_frame([record("web", chart="we\x1b[31mb\r", version="1\u202e")])
    assert all(ch.isprintable() or ch == "\n" for ch in _table(frame))


@pytest.mark.parametrize(
    ("column", "text"), [("description", "failed with --set db.password=hunter2"), ("description", ""), ("unreadable", "no gzip: db.password=hunter2")]
)
def test_json_holds_no_secret_of_what_a_cluster_says(column, text, monkeypatch, capsys):
    async def releases(chosen):
        return releases_frame([record("web", **{column: text})])

    monkeypatch.setattr("helmpanel.__main__._releases", releases)
    assert main(["list", "-o", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row[column] == text.replace("hunter2", DOTS)


def test_command_that_does_not_exist_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["install"])
    assert caught.value.code == 2
    assert "install" in capsys.readouterr().err


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of loopback that is in use."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def one_sentence(capsys) -> str:
    """What the command said on standard error, and nothing on standard output."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("helmpanel: ")
    assert said.err.count("\n") == 1
    return said.err.removeprefix("helmpanel: ").strip()


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("port", ["65536", "-1", "http", "1.5"])
def test_port_that_cannot_be_is_refused_before_anything_starts(command, port, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, f"--port={port}"])
    assert caught.value.code == 2
    assert f"argument --port: '{port}' is no port: give a number from 0 to 65535, 0 for any free one" in capsys.readouterr().err


def test_port_in_use_is_told_with_a_way_on(taken, capsys):
    assert main(["serve", "--port", str(taken)]) == 1
    assert one_sentence(capsys) == f"Port {taken} on 127.0.0.1 is taken. Choose another with --port, or 0 for any free one."


# A label of 70 letters: no name, so nobody is asked for it.
@pytest.mark.parametrize(("address", "port"), [("203.0.113.9", "0"), ("203.0.113.9", "5006"), ("x" * 70, "0")], ids=["any-port", "port", "no-name"])
def test_address_of_another_machine_is_told_with_a_way_on(address, port, capsys):
    assert main(["serve", "--port", port, "--address", address]) == 1
    choose = "Choose one with --address: 127.0.0.1 for this machine only, 0.0.0.0 for every network."
    assert one_sentence(capsys) == f"{address} is no address of this machine. {choose}"


@pytest.mark.parametrize("command", ["list", "serve"])
@pytest.mark.parametrize("name", ["", " "])
def test_namespace_without_a_name_is_not_every_namespace(command, name, capsys):
    assert main([command, "-n", "ml", "-n", name]) == 1
    assert one_sentence(capsys) == "A namespace was given without a name. Name it, or give none at all for every namespace."
