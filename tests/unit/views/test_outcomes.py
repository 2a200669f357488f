from __future__ import annotations

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.model.operation import Outcome
from helmpanel.model.plan import OperationKind
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
    assert {(end.group, end.stays) for end in told} == {("deployed", False)}


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


def test_secrets_in_an_error_are_masked():
    operation = ended(Outcome.FAILED, error=HelmFailure("token: abc123def", kind=FailureKind.UNKNOWN, command=(), rc=1, raw=""))
    assert "abc123def" not in ending(operation).text
