"""The recorded commands come out of the sandbox as they came out of a real API server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from helmpanel.sandbox import Sandbox

from .judge import verdict
from .known import ALLOWED, DIFFERENT, LEFT_OUT, SHARE
from .leftovers import leftovers
from .recording import Row, recorded
from .replay import Replay, chart_repository
from .scenario import STEPS
from .server import USERS, Server
from .steps import Recorded

FIGURES = Path(__file__).parents[3] / ".cache" / "fidelity"
READY_DELAY_S = 0.2

both_majors = pytest.mark.parametrize("major", [pytest.param(3, id="helm3", marks=pytest.mark.helm3), pytest.param(4, id="helm4", marks=pytest.mark.helm4)])


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finished replay.

    Attributes:
        differences: For each replayed row that called the server, what differs from the recording; empty when nothing does.
        unknown: Requests that the sandbox does not simulate.
    """

    differences: dict[str, list[str]]
    unknown: list[str]


def replayed(helm: Path, major: int, folder: Path) -> Replayed:
    """Do all of the scenario again with one helm on a sandbox of its own."""
    rows = called(major)
    with Sandbox(ready_delay_s=READY_DELAY_S, users=USERS) as box, chart_repository(folder / "charts" / "repo") as repository:
        box.put(*leftovers(major, recorded(major)))
        replay = Replay(helm, major, folder, Server(box), repository, recorded(major))
        replay.carry_out(STEPS)
        unknown = [f"{each.verb} {each.request}" for each in box.unknown]
    again = replay.replayed
    return Replayed({name: verdict(row, again[name], replay.paths, replay.beside.get(name, ())) for name, row in rows.items() if name in again}, unknown)


def called(major: int) -> dict[str, Row]:
    """The recorded rows that called the server: the only ones that say anything about it."""
    return {name: row for name, row in recorded(major).items() if row.calls}


@pytest.fixture(scope="module")
def replays(helm3: Path, helm4: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Future[Replayed]]]:
    """Both replays, side by side: most of their time is waiting, for helm and for its time-outs."""
    with ThreadPoolExecutor(2) as pool:
        yield {major: pool.submit(replayed, helm, major, tmp_path_factory.mktemp(f"helm{major}")) for major, helm in ((3, helm3), (4, helm4))}


@both_majors
def test_every_row_that_called_the_server_is_replayed_or_left_out_with_a_reason(major: int):
    in_scenario = {step.name for step in STEPS if isinstance(step, Recorded)}
    assert called(major).keys() - in_scenario == LEFT_OUT[major].keys()
    assert DIFFERENT[major].keys() <= called(major).keys()


def test_the_exceptions_are_few_and_have_reasons():
    reasons = [reason for table in (DIFFERENT, LEFT_OUT) for rows in table.values() for reason in rows.values()]
    assert len(reasons) <= ALLOWED
    assert all(len(reason) > 20 for reason in reasons)


@both_majors
@pytest.mark.timeout(900)
def test_recorded_commands_come_out_as_recorded(major: int, replays: dict[int, Future[Replayed]]):
    """Exit code, output, errors and API calls of each command, but for the rows in `known.py`; a row there that no longer differs must leave it."""
    replay = replays[major].result()
    different = {name: found for name, found in replay.differences.items() if found}
    identical, total = len(replay.differences) - len(different), len(called(major))
    figures = f"Helm {major}: {identical} of {total} rows identical ({identical / total:.1%}), {len(different)} different, {len(LEFT_OUT[major])} left out."
    _keep(major, figures, different)
    assert not replay.unknown, f"requests the sandbox does not know: {replay.unknown}"
    unlisted = {name: found for name, found in different.items() if name not in DIFFERENT[major]}
    assert not unlisted, f"{figures}\n{_told(unlisted)}"
    assert DIFFERENT[major].keys() <= different.keys(), "identical now, take them out of known.py"
    assert identical >= SHARE * total, figures


def _keep(major: int, figures: str, different: dict[str, list[str]]) -> None:
    """Print the figures, and keep them with every difference where a person can read them after the run."""
    print(figures)
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"helm{major}.txt").write_text(f"{figures}\n\n{_told(different, cut=4000)}")


def _told(different: dict[str, list[str]], cut: int = 300) -> str:
    return "\n".join(f"{name}\n" + "\n".join(f"    {line[:cut]}" for line in found) for name, found in different.items())
