"""What goes wrong between helmpanel and the cluster while helm works on; helm itself goes another way and meets none of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from helmpanel.sandbox import Sandbox
from tests.relay import Relay
from tests.waiting import eventually

PANEL = "panel"
"""User of the sandbox that helmpanel is; rules name it, so that they leave helm alone."""


@dataclass(frozen=True)
class Line:
    """What lies between helmpanel and the sandbox."""

    box: Sandbox
    relay: Relay
    kubeconfig: Path
    """Of helmpanel: through the relay, as PANEL."""

    def log_in(self) -> None:
        """Write a kubeconfig with the token that counts now."""
        self.relay.kubeconfig(self.box.kubeconfig_for(PANEL), self.kubeconfig)


class Fault(NamedTuple):
    """One thing that goes wrong: from entering its context until leaving it, which waits until helmpanel has met it."""

    name: str
    during: Callable[[Line], AbstractContextManager[None]]
    lists: int = 0
    """How often helmpanel may list anew because of it; else it goes on from the version it had seen."""


@contextlib.contextmanager
def _cut(line: Line) -> Iterator[None]:
    opened = line.relay.opened
    line.relay.cut()
    yield
    eventually(lambda: line.relay.opened > opened, "helmpanel connects anew")


@contextlib.contextmanager
def _away(line: Line) -> Iterator[None]:
    with line.relay.away():
        yield


@contextlib.contextmanager
def _resetting(line: Line) -> Iterator[None]:
    opened = line.relay.opened
    with line.relay.resetting():
        yield
        eventually(lambda: line.relay.opened > opened, "helmpanel connects anew")


@contextlib.contextmanager
def _held(line: Line) -> Iterator[None]:
    with line.relay.held():
        yield


@contextlib.contextmanager
def _forgotten(line: Line) -> Iterator[None]:
    """The version that helmpanel would go on from is compacted away meanwhile: 410 Gone."""
    with line.relay.away():
        yield
        line.box.compact()


@contextlib.contextmanager
def _forgotten_and_failing(line: Line) -> Iterator[None]:
    """The same, and the list that has to follow is refused twice."""
    trouble = line.box.faults.add("/secrets", verb="list", user=PANEL, status=500, times=2)
    with _forgotten(line):
        yield
    eventually(lambda: trouble.hits == trouble.times, "helmpanel lists again")
    line.box.faults.clear()


def _met(**rule: object) -> Callable[[Line], AbstractContextManager[None]]:
    """The watch is cut, and what asks for Secrets next meets a rule of the sandbox."""

    @contextlib.contextmanager
    def during(line: Line) -> Iterator[None]:
        trouble = line.box.faults.add("/secrets", user=PANEL, **rule)
        try:
            line.relay.cut()
            yield
            eventually(lambda: trouble.hits, f"helmpanel meets {rule}")
        finally:
            line.box.faults.clear()

    return during


@contextlib.contextmanager
def _expired(line: Line) -> Iterator[None]:
    """The token ends, with the connections that were made by it, and a login writes a new one when 401 has been said."""
    begun = len(line.box.requests)
    line.box.renew_token(PANEL)
    line.relay.cut()
    yield
    eventually(lambda: any(each.status == 401 for each in line.box.requests[begun:]), "helmpanel was told 401")
    line.log_in()


FAULTS = (
    Fault("the connections are cut", _cut),
    Fault("nobody listens", _away),
    Fault("every connection is reset", _resetting),
    Fault("the network loses everything for a while", _held),
    Fault("the server ends the watch", _met(verb="watch", end_after_s=0.2, times=1)),
    Fault("410 Gone", _forgotten, lists=1),
    Fault("410 inside the watch", _met(verb="watch", status=410, inside=True, times=1), lists=1),
    Fault("410, and the list anew fails", _forgotten_and_failing, lists=1),
    Fault("429 with Retry-After", _met(status=429, retry_after_s=1)),
    Fault("500", _met(status=500)),
    Fault("500 inside the watch", _met(verb="watch", status=500, inside=True, times=2)),
    Fault("slow answers", _met(delay_s=0.5, slow_s=0.5, times=3)),
    Fault("a reset in the middle of an answer", _met(reset_after_bytes=40, times=2)),
    Fault("401, then a new token", _expired),
)
"""Everything that can go wrong."""
