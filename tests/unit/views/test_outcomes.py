from __future__ import annotations

import pytest

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Outcome
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.operations.verdict import Ending as VerdictEnding
from helmpanel.operations.verdict import lost, never_started, verdict
from helmpanel.views.outcomes import ending, next_steps
from tests.unit.views.fake_cluster import FakeCluster


def ended(outcome: Outcome, kind: OperationKind = OperationKind.UPGRADE, target: str = "1.0.0 → 1.1.0", **more: object):
    cluster = FakeCluster()
    operation = cluster.begin(kind=kind, target=target)
    cluster.end(operation, outcome, **more)
    return operation


def test_nothing_is_said_while_it_runs():
    assert ending(FakeCluster().begin()) is None


def test_a_success_names_what_was_reached_and_leaves_by_itself():
    told = [
        ending(ended(Outcome.SUCCEEDED)),
        ending(ended(Outcome.SUCCEEDED, OperationKind.ROLLBACK, "to revision 3")),
        ending(ended(Outcome.SUCCEEDED, OperationKind.UNINSTALL, "")),
    ]
    assert [end.title for end in told] == ["web upgraded to 1.1.0", "web rolled back to revision 3", "web uninstalled"]
    assert {(end.group, end.stays) for end in told} == {("healthy", False)}


def test_a_success_with_warnings_is_amber_and_stays():
    operation = ended(Outcome.SUCCEEDED, OperationKind.UNINSTALL, "", warnings=("2 objects were left behind.",))
    end = ending(operation)
    assert (end.group, end.stays, end.text) == ("upgrade", True, "2 objects were left behind.")
    assert next_steps(operation)


def test_a_failure_says_why_stays_and_has_a_next_step():
    operation = ended(Outcome.FAILED, error=HelmFailure("The hook failed.", kind=FailureKind.HOOK_FAILED, command=("upgrade",), rc=1, raw=""))
    end = ending(operation)
    assert (end.group, end.stays, end.title, end.text) == ("failed", True, "web was not upgraded", "The hook failed.")
    assert [key for key, _ in next_steps(operation)] == ["log", "details"]


def test_details_of_a_release_that_is_gone_are_not_offered():
    operation = ended(Outcome.FAILED, error=HelmFailure("It is gone.", kind=FailureKind.NOT_FOUND, command=(), rc=1, raw=""))
    assert [key for key, _ in next_steps(operation)] == ["log"]


def test_cancelled_and_lost_are_neither_success_nor_failure():
    groups = {outcome: ending(ended(outcome)).group for outcome in (Outcome.CANCELLED, Outcome.LOST)}
    assert groups == {Outcome.CANCELLED: "uninstalled", Outcome.LOST: "upgrade"}


def plan(kind: OperationKind) -> Plan:
    return Plan(
        kind=kind, release=ReleaseKey("prod", "team-a", "web"), target="1.0.0 → 1.1.0", argv=(kind.value,), revision=3, timeout_s=60, sentence="Changes web."
    )


def at_the_end(kind: OperationKind, outcome: Outcome) -> VerdictEnding:
    """What the runner writes to an operation that ended so."""
    if outcome is Outcome.LOST:
        return lost(plan(kind))
    return verdict(plan(kind), 0 if outcome is Outcome.SUCCEEDED else 1, "", "", was_asked_to_stop=outcome is Outcome.CANCELLED, is_overdue=False)


TEXTS = {
    (OperationKind.UPGRADE, Outcome.SUCCEEDED): "team-a, 7 s.",
    (OperationKind.ROLLBACK, Outcome.SUCCEEDED): "team-a, 7 s.",
    (OperationKind.UNINSTALL, Outcome.SUCCEEDED): "team-a, 7 s.",
    (OperationKind.UPGRADE, Outcome.FAILED): "failed: helm ended with exit code 1 and no word. The log has all that helm wrote.",
    (OperationKind.ROLLBACK, Outcome.FAILED): "failed: helm ended with exit code 1 and no word. The log has all that helm wrote.",
    (OperationKind.UNINSTALL, Outcome.FAILED): "failed: helm ended with exit code 1 and no word. The log has all that helm wrote.",
    (OperationKind.UPGRADE, Outcome.CANCELLED): "The upgrade of web was cancelled. What helm had changed by then stays: roll back to revision 3 to undo it.",
    (OperationKind.ROLLBACK, Outcome.CANCELLED): "The rollback of web was cancelled. The release may stay pending: roll back again to free it.",
    (OperationKind.UNINSTALL, Outcome.CANCELLED): "The uninstall of web was cancelled. The release may stay uninstalling: uninstall it again to finish.",
    **{
        (kind, Outcome.LOST): "helmpanel stopped watching; helm may still be at work on web. Read the release again to see how it ended."
        for kind in OperationKind
    },
}


@pytest.mark.parametrize(("kind", "outcome"), [(kind, outcome) for kind in OperationKind for outcome in Outcome])
def test_every_end_says_what_the_runner_found(kind, outcome):
    found = at_the_end(kind, outcome)
    said = ending(ended(outcome, kind, message=found.message, error=found.error))
    assert said.text.endswith(TEXTS[kind, outcome])


def test_cancelled_while_queued_says_that_nothing_was_changed():
    said = ending(ended(Outcome.CANCELLED, message=never_started(plan(OperationKind.UPGRADE)).message))
    assert said.text == "Cancelled before helm was started: web was not changed."


def test_secrets_in_an_error_are_masked():
    operation = ended(Outcome.FAILED, error=HelmFailure("token: abc123def", kind=FailureKind.UNKNOWN, command=(), rc=1, raw=""))
    assert "abc123def" not in ending(operation).text
