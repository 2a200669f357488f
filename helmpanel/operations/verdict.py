"""How an operation ended, from helm's exit and words. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from helmpanel.errors import FailureKind, HelmFailure, HelmPanelError
from helmpanel.helm.failure import classify
from helmpanel.helm.warnings import damage
from helmpanel.model.operation import Outcome
from helmpanel.model.plan import OperationKind, Plan

ROLLED_BACK = "has been rolled back due to"
"""In the error of an upgrade that was taken back, on both majors; when that failed, the error says something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What is written to an operation when it ends."""

    outcome: Outcome
    message: str
    error: HelmPanelError | None = None
    warnings: tuple[str, ...] = ()


def verdict(plan: Plan, rc: int, stdout: str, stderr: str, *, was_asked_to_stop: bool, is_overdue: bool) -> Ending:
    """The ending of a helm that ran.

    Args:
        plan: What it carried out.
        rc: Exit code, negative for a signal.
        stdout: What it wrote to standard output.
        stderr: What it wrote to standard error, debug lines included.
        was_asked_to_stop: A person cancelled. helm may have finished before the signal came: then it succeeded.
        is_overdue: helmpanel sent SIGTERM because helm ran longer than its own limits allow.
    """
    if rc == 0:
        warnings = damage(plan.argv, stdout, stderr)
        return Ending(outcome=Outcome.SUCCEEDED, message=_done(plan) + (", but something was left behind" if warnings else ""), warnings=warnings)
    if was_asked_to_stop:
        return Ending(outcome=Outcome.CANCELLED, message=_left_by_cancel(plan, rc, stderr))
    if is_overdue:
        message = f"The {plan.kind.value} of {plan.release} failed: helm did not end long after its own time limit, so helmpanel stopped it. {_remedy(plan)}"
        return failed(HelmFailure(message, kind=FailureKind.TIMEOUT, command=plan.argv, rc=rc, raw=stderr))
    return failed(classify(list(plan.argv), rc, stderr))


def failed(error: HelmPanelError) -> Ending:
    """The ending of an operation that went wrong; its message is the error's sentence."""
    return Ending(outcome=Outcome.FAILED, message=str(error), error=error)


def never_started(plan: Plan) -> Ending:
    """The ending of an operation cancelled while it was queued."""
    return Ending(outcome=Outcome.CANCELLED, message=f"Cancelled before helm was started: {plan.release.name} was not changed.")


def lost(plan: Plan) -> Ending:
    """The ending of an operation that helmpanel no longer watches."""
    message = f"helmpanel stopped watching; helm may still be at work on {plan.release.name}. Read the release again to see how it ended."
    return Ending(outcome=Outcome.LOST, message=message)


def _done(plan: Plan) -> str:
    name = plan.release.name
    if plan.kind is OperationKind.UPGRADE:
        return f"Upgraded {name}: {plan.target}"
    if plan.kind is OperationKind.ROLLBACK:
        return f"Rolled {name} back {plan.target}"
    return f"Uninstalled {name}"


def _left_by_cancel(plan: Plan, rc: int, stderr: str) -> str:
    if plan.kind is not OperationKind.UPGRADE or rc == -signal.SIGKILL:
        return f"The {plan.kind.value} of {plan.release.name} was {'stopped by force' if rc == -signal.SIGKILL else 'cancelled'}. {_remedy(plan)}"
    said = f"The upgrade of {plan.release.name} was cancelled"
    # Both majors catch SIGTERM from before an upgrade's first change on, mark the revision failed and, if told to, roll back: seen with both.
    if rc == -signal.SIGTERM:
        return f"{said} before helm had changed anything."
    if ROLLED_BACK in stderr:
        return f"{said}, and helm rolled it back to the last revision that had worked, as it was told to."
    said += ", and helm did not roll it back as it was told to" if plan.rolls_back_on_failure else ""
    return f"{said}. What helm had changed by then stays: roll back to revision {plan.revision} to undo it."


def _remedy(plan: Plan) -> str:
    # helm's rollback and uninstall do not look for a pending revision, so either frees a stuck release.
    if plan.kind is OperationKind.UNINSTALL:
        return "The release may stay uninstalling: uninstall it again to finish."
    if plan.kind is OperationKind.ROLLBACK:
        return "The release may stay pending: roll back again to free it."
    return f"The release may stay pending: roll back to revision {plan.revision} to free it."
