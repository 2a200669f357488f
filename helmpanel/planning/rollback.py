"""What a rollback will run, and the sentence that says it. Pure."""

from __future__ import annotations

from helmpanel.errors import PlanInvalid
from helmpanel.helm import argv
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.planning.words import checked_timeout, waiting


def plan_rollback(release: ReleaseKey, to: int, *, revision: int, wait: bool, timeout_s: float, target: argv.Target, major: int) -> Plan:
    """The frozen plan of a rollback to revision `to`. Whether that revision is stored, helm finds out.

    Raises:
        PlanInvalid: No revision number, or a timeout that cannot be.
    """
    if isinstance(to, bool) or not isinstance(to, int) or to < 1:
        raise PlanInvalid(f"{to!r} is no revision to roll {release} back to. Give a number from its history, 1 or more.")
    timeout_s = checked_timeout(timeout_s)
    return Plan(
        kind=OperationKind.ROLLBACK,
        release=release,
        argv=argv.rollback(release, target, major, revision=to, wait=wait, timeout_s=timeout_s),
        revision=revision,
        timeout_s=timeout_s,
        sentence=f"Rolls {release.name} back from revision {revision} to revision {to}, {waiting(wait, timeout_s)}.",
        target=f"to revision {to}",
    )
