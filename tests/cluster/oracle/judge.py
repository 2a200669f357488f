"""The judge: what is shown must be what `helm list` says, in every field, without a row that vanishes and without asking for it."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import unquote

from helmpanel.cluster import Cluster
from helmpanel.sandbox.server import Record
from helmpanel.sandbox.users import ADMIN
from tests.cluster.oracle.faults import PANEL, Fault
from tests.cluster.oracle.truth import Rows, difference, rows_of_frame
from tests.waiting import PATIENCE_S, POLL_S

WRITES = ("create", "update", "patch", "delete")
SPARE = 2
"""Lists that were cut off on the way, and were made again."""


class Shown(Protocol):
    """Something that shows the releases of a cluster, to be judged."""

    frames: list[frozenset[str]]
    """Names of the rows of each frame, from the first one on."""

    def rows(self) -> Rows:
        """What it shows now."""
        ...

    def state(self) -> str:
        """Whether it says that this can be believed: `live`, or why not."""
        ...


class Panel:
    """A live cluster object as somebody sees it who looks and never asks for anything."""

    def __init__(self, cluster: Cluster) -> None:
        self._table = cluster.table
        self.frames = [frozenset(self._table.frame.index)]
        # On the I/O thread: every frame is seen, also one that stands for a moment only.
        self._table.param.watch(lambda event: self.frames.append(frozenset(event.new.index)), ["frame"])

    def rows(self) -> Rows:
        """The rows of the frame."""
        return rows_of_frame(self._table.frame)

    def state(self) -> str:
        """State of the table, with the reason when it is not live."""
        return str(self._table.state) + (f": {self._table.error}" if self._table.error else "")


class Judge:
    """Judges one thing that shows releases, step by step."""

    def __init__(self, shown: Shown, *, patience_s: float = PATIENCE_S) -> None:
        self._shown = shown
        self._patience_s = patience_s
        self._frames = len(shown.frames)
        self._asked: Counter[str] = Counter()
        self._allowed: Counter[str] = Counter({"list": SPARE})

    def judge(self, before: Rows, now: Rows, requests: Callable[[], Sequence[Record]] = tuple, fault: Fault | None = None) -> None:
        """Fail when it is not right in the end, or was not on the way.

        Args:
            before: What helm listed before the step.
            now: What it lists after it.
            requests: Gives all that the sandbox was asked since the step began; called when what is shown has settled.
            fault: What went wrong in it.
        """
        self._settle(now)
        frames, self._frames = self._shown.frames[self._frames :], len(self._shown.frames)
        # A row that was there before and is after the step stands in every frame, however the API was away meanwhile.
        gone = sorted({name for frame in frames for name in (before.keys() & now.keys()) - frame})
        assert not gone, f"vanished for a while: {', '.join(gone)}"
        self._judge_requests(requests(), fault, len(now))

    def _judge_requests(self, requests: Sequence[Record], fault: Fault | None, rows: int) -> None:
        """The one watch tells what changes: without trouble nothing is listed, no watch begun, and a payload fetched at most once for each change.

        Counted over all steps: what comes after a list, unhurried, may reach into the next step.
        """
        writes = sum(each.user == ADMIN and each.verb in WRITES and _is_about_releases(each) for each in requests)
        lists = fault.lists if fault else 0
        # What only superseded revisions are left of is in no list of the others: after a list it is looked for once, and a release that vanishes is asked
        # about by name. A record that is deleted uncovers the one before it; a list tells of no payload.
        self._allowed.update({"list": 2 * lists, "list of one release": 1, "watch": 2 if fault else 0, "get": writes + 1 + rows * lists})
        self._asked.update(_what(each) for each in requests if each.user == PANEL and _is_about_releases(each) and each.status == 200)
        told = "\n".join(f"  {each.status} {each.verb} {each.request}" for each in requests if each.user != ADMIN)
        assert self._asked <= self._allowed, f"asked too often: {dict(self._asked)} so far, where at most {dict(self._allowed)} are needed. Now:\n{told}"

    def _settle(self, now: Rows) -> None:
        """Wait until what is shown is what helm lists, and is said to be live."""
        end, (pause, most) = time.monotonic() + self._patience_s, POLL_S
        while trouble := self._trouble(now):
            assert time.monotonic() < end, f"not right after {self._patience_s:g} s:\n{trouble}"
            time.sleep(pause)
            pause = min(pause * 1.5, most)

    def _trouble(self, now: Rows) -> str:
        state = self._shown.state()
        return "\n".join(filter(None, (difference(now, self._shown.rows()), "" if state == "live" else f"the table is {state}")))


def _what(request: Record) -> str:
    return "list of one release" if request.verb == "list" and re.search(r"[=,]name=", unquote(request.request)) else request.verb


def _is_about_releases(request: Record) -> bool:
    return "/secrets" in request.request
