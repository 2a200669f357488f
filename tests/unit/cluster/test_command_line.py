"""The table of `helmpanel list`."""

import json
from datetime import UTC, datetime

import pytest

from helmpanel.__main__ import _table, main
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord, releases_frame
from helmpanel.text import DOTS


def record(name, **kwargs):
    return ReleaseRecord(key=ReleaseKey("c", "ns", name), revision=1, status="deployed", **kwargs)


def test_columns_are_aligned_and_what_is_missing_is_a_dash():
    newer = Availability(state=AvailabilityState.NEWER, version="2.0.0", source="repo")
    frame = releases_frame([record("web", chart="web", version="1.0.0", updated=datetime(2026, 1, 2, 3, 4, tzinfo=UTC), availability=newer), record("broken")])
    head, broken, web = _table(frame).splitlines()
    assert web[head.index("AVAILABLE") :] == "2.0.0"
    assert broken[head.index("AVAILABLE") :] == "-"
    assert web[head.index("UPDATED") :].startswith("2026-01-02 03:04 UTC")


def test_names_from_outside_cannot_steer_the_terminal():
    frame = releases_frame([record("web", chart="we\x1b[31mb\r", version="1\u202e")])
    assert all(ch.isprintable() or ch == "\n" for ch in _table(frame))


@pytest.mark.parametrize("description", ["failed with --set db.password=hunter2", ""])
def test_json_holds_no_secret_of_a_description(description, monkeypatch, capsys):
    async def releases(chosen):
        return releases_frame([record("web", description=description)])

    monkeypatch.setattr("helmpanel.__main__._releases", releases)
    assert main(["list", "-o", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["description"] == description.replace("hunter2", DOTS)


def test_command_that_does_not_exist_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["install"])
    assert caught.value.code == 2
    assert "install" in capsys.readouterr().err
