"""The kinds of step a scenario is made of. A scenario is data; `replay.py` carries it out."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from typing import Any

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Run a recorded command.

    Attributes:
        name: The row's name.
        args: Its arguments, where splitting the recorded command at spaces does not give them. `{ns}` stands for the namespace.
        stdin: Text for standard input.
    """

    name: str
    args: tuple[str, ...] = ()
    stdin: str = ""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Run helm for what it leaves in the cluster or on disk; nothing of it was recorded.

    In the command `{ns}` and `{x}` stand for the two namespaces of the recording and `{repo}` for the chart repository's URL.
    """

    command: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Start helm in the background, and go on once it has made a call: a `verb` on a `resource`."""

    command: str
    verb: str
    resource: str


@dataclass(frozen=True, slots=True)
class End:
    """Send the background command a signal and wait for its end."""

    signal: signal.Signals


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the API server for something directly, as kubectl did in the recording.

    Attributes:
        method: HTTP method.
        path: Path and query; `{ns}` stands for the namespace.
        body: JSON to send.
        content_type: How the body is meant.
    """

    method: str
    path: str
    body: Manifest = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class NextSecond:
    """Wait until the clock shows another second: `helm list --date` sorts by whole seconds, and what ties is listed in any order."""


Step = Recorded | Prepare | Begin | End | Ask | NextSecond


def rows(names: str) -> list[Step]:
    """Recorded commands one after the other, by name."""
    return [Recorded(name) for name in names.split()]
