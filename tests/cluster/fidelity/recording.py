"""The recorded commands: what the real helm said to a real API server, one row a command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .calls import Call

DATA = Path(__file__).parents[2] / "data" / "transcripts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One command and what came of it, recorded or replayed."""

    name: str
    command: str
    env: Mapping[str, str]
    rc: int
    stdout: str
    stderr: str
    calls: tuple[Call, ...]

    @property
    def argv(self) -> list[str]:
        """The arguments after the binary's name; no recorded command has an argument with a space but those the scenario spells out."""
        return self.command.split()[1:]


def recorded(major: int) -> dict[str, Row]:
    """Every recorded row of one helm major, by name."""
    rows = map(json.loads, (DATA / f"helm{major}.jsonl").read_text().splitlines())
    return {
        row["name"]: Row(
            name=row["name"],
            command=row["command"],
            env=row["env"] or {},
            rc=row["rc"],
            stdout=row["stdout"],
            stderr=row["stderr"],
            calls=tuple(Call.recorded(call["verb"], call["request"], call["status"]) for call in row["api"]),
        )
        for row in rows
    }
