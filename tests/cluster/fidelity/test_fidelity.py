"""The recorded commands come out of the sandbox as they came out of a real API server."""

from __future__ import annotations

from pathlib import Path

import pytest

from helmpanel.sandbox import Sandbox

from .judge import verdict
from .known import ALLOWED, DIFFERENT, LEFT_OUT, SHARE
from .leftovers import leftovers
from .recording import recorded
from .replay import Replay, chart_repository
from .scenario import STEPS
from .server import USERS, Server
from .steps import Recorded

FIGURES = Path(__file__).parents[3] / ".cache" / "fidelity"
READY_DELAY_S = 0.2

# One group each, so that two workers replay the two majors at the same time.
both_majors = pytest.mark.parametrize(
    "major",
    [
        pytest.param(3, id="helm3", marks=[pytest.mark.helm3, pytest.mark.xdist_group("fidelity-helm3")]),
        pytest.param(4, id="helm4", marks=[pytest.mark.helm4, pytest.mark.xdist_group("fidelity-helm4")]),
    ],
)


@both_majors
def test_every_row_that_called_the_server_is_replayed_or_left_out_with_a_reason(major: int):
    called = {name for name, row in recorded(major).items() if row.calls}
    in_scenario = {step.name for step in STEPS if isinstance(step, Recorded)}
    assert called - in_scenario == set(LEFT_OUT[major])
    assert set(DIFFERENT[major]) <= called


def test_the_exceptions_are_few_and_have_reasons():
    listed = [reason for table in (DIFFERENT, LEFT_OUT) for rows in table.values() for reason in rows.values()]
    assert len(listed) <= ALLOWED
    assert all(len(reason) > 20 for reason in listed)


@both_majors
@pytest.mark.timeout(900)
def test_recorded_commands_come_out_as_recorded(major: int, request: pytest.FixtureRequest, tmp_path: Path):
    """Exit code, output, errors and API calls of each command, but for the rows in `known.py`; a row there that no longer differs must leave it."""
    rows = recorded(major)
    called = [name for name, row in rows.items() if row.calls]
    with Sandbox(ready_delay_s=READY_DELAY_S, users=USERS) as box, chart_repository(tmp_path / "charts" / "repo") as repository:
        for manifest in leftovers(major, rows):
            box.put(manifest)
        replay = Replay(request.getfixturevalue(f"helm{major}"), major, tmp_path, Server(box), repository, rows)
        replay.carry_out(STEPS)
        unknown = list(box.unknown)
    verdicts = {name: verdict(rows[name], replay.replayed[name], replay.paths, replay.beside.get(name, ())) for name in called if name in replay.replayed}
    different = {name: found for name, found in verdicts.items() if found}
    identical = len(verdicts) - len(different)
    share = identical / len(called)
    figures = f"Helm {major}: {identical} of {len(called)} rows identical ({share:.1%}), {len(different)} different, {len(LEFT_OUT[major])} left out."
    _keep(major, figures, different)
    assert not unknown, f"requests the sandbox does not know: {unknown}"
    unlisted = {name: found for name, found in different.items() if name not in DIFFERENT[major]}
    assert not unlisted, figures + "\n" + _told(unlisted)
    assert set(DIFFERENT[major]) <= set(different), f"identical now, take them out of known.py: {set(DIFFERENT[major]) - set(different)}"
    assert share >= SHARE, figures


def _keep(major: int, figures: str, different: dict[str, list[str]]) -> None:
    """Print the figures, and keep them with every difference where a person can read them after the run."""
    print(figures)
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"helm{major}.txt").write_text(f"{figures}\n\n{_told(different, cut=4000)}")


def _told(different: dict[str, list[str]], cut: int = 300) -> str:
    return "\n".join(f"{name}\n" + "\n".join(f"    {line[:cut]}" for line in found) for name, found in different.items())
