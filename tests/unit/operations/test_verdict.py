"""What an operation ended as follows from helm's exit, and from what was asked."""

import pytest

from helmpanel.errors import FailureKind
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Outcome
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.operations.verdict import verdict

KEY = ReleaseKey("prod", "team-a", "web")


def plan(kind=OperationKind.UPGRADE, rolls_back=False):
    return Plan(
        kind=kind, release=KEY, argv=(kind.value, "web"), revision=7, timeout_s=300, sentence="", target="1.2.0 → 1.4.0", rolls_back_on_failure=rolls_back
    )


def judged(rc, stderr="", kind=OperationKind.UPGRADE, asked=False, overdue=False, rolls_back=False):
    return verdict(plan(kind, rolls_back), rc, "", stderr, was_asked_to_stop=asked, is_overdue=overdue)


def test_exit_zero_succeeds():
    assert judged(0).outcome is Outcome.SUCCEEDED
    assert judged(0).error is None


def test_exit_zero_with_objects_left_behind_succeeds_with_warnings():
    said = 'level=WARN msg="failed to delete resources" release=web error="deployments.apps \\"web\\" is forbidden: User \\"u\\" cannot delete resource"\n'
    ending = judged(0, said, OperationKind.UNINSTALL)
    assert ending.outcome is Outcome.SUCCEEDED
    assert ending.warnings


def test_finished_before_the_cancel_reached_it_is_a_success():
    assert judged(0, asked=True).outcome is Outcome.SUCCEEDED


def test_cancelled_upgrade_says_how_to_undo():
    ending = judged(1, "Error: UPGRADE FAILED: context canceled", asked=True)
    assert (ending.outcome, ending.error) == (Outcome.CANCELLED, None)
    assert "roll back to revision 7" in ending.message


@pytest.mark.parametrize("flag", ["atomic", "rollback-on-failure"])
def test_cancelled_upgrade_that_was_rolled_back_says_so_and_asks_for_nothing(flag):
    said = f"Error: UPGRADE FAILED: release web failed, and has been rolled back due to {flag} being set: context canceled"
    ending = judged(1, said, asked=True, rolls_back=True)
    assert ending.outcome is Outcome.CANCELLED
    assert ending.message == "The upgrade of web was cancelled, and helm rolled it back to the last revision that had worked, as it was told to."


def test_cancelled_upgrade_that_could_not_be_rolled_back_says_how_to_undo():
    said = "Error: UPGRADE FAILED: an error occurred while rolling back the release. original upgrade error: context canceled: release: not found"
    ending = judged(1, said, asked=True, rolls_back=True)
    assert "helm did not roll it back as it was told to" in ending.message
    assert "roll back to revision 7" in ending.message


@pytest.mark.parametrize("rolls_back", [True, False])
def test_upgrade_that_the_signal_ends_at_once_had_changed_nothing(rolls_back):
    """helm catches SIGTERM from before its first change on."""
    ending = judged(-15, asked=True, rolls_back=rolls_back)
    assert ending.message == "The upgrade of web was cancelled before helm had changed anything."


@pytest.mark.parametrize(
    ("kind", "rc", "words"),
    [
        (OperationKind.ROLLBACK, -15, "roll back again"),
        (OperationKind.UNINSTALL, -15, "uninstall it again"),
        (OperationKind.UPGRADE, -9, "may stay pending: roll back to revision 7"),
    ],
)
def test_cancel_that_leaves_a_pending_release_says_how_to_free_it(kind, rc, words):
    ending = judged(rc, kind=kind, asked=True)
    assert ending.outcome is Outcome.CANCELLED
    assert words in ending.message


def test_helm_killed_by_somebody_else_is_interrupted():
    ending = judged(-9)
    assert ending.outcome is Outcome.FAILED
    assert ending.error.kind is FailureKind.INTERRUPTED
    assert "SIGKILL" in str(ending.error)


def test_overdue_helm_is_a_timeout_and_not_a_cancel():
    ending = judged(1, overdue=True)
    assert (ending.outcome, ending.error.kind) == (Outcome.FAILED, FailureKind.TIMEOUT)


def test_failure_carries_kind_command_and_exit_code():
    ending = judged(1, 'Error: UPGRADE FAILED: "web" has no deployed releases\n')
    assert ending.outcome is Outcome.FAILED
    assert ending.error.command == ("upgrade", "web")
    assert ending.error.rc == 1
    assert ending.message == str(ending.error)


def test_debug_log_of_helm3_tells_what_its_error_does_not():
    said = (
        "ready.go:303: 2026-11-22 23:54:59.611928436 +0000 UTC m=+4.4 [debug] Deployment is not ready: team-a/web. 0 out of 1 expected pods are ready\n"
        "Error: UPGRADE FAILED: context deadline exceeded\n"
        "helm.go:92: 2026-11-22 23:55:01.61566443 +0000 UTC m=+6.4 [debug] context deadline exceeded\nUPGRADE FAILED\nmain.newUpgradeCmd.func2\n"
    )
    assert judged(1, said).error.kind is FailureKind.NOT_READY
    said = (
        "uninstall.go:124: 2026-11-23 00:53:42.500153927 +0000 UTC m=+0.8 [debug] uninstall: Failed to delete release: "
        '[services "web" is forbidden: User "u" cannot delete resource "services" in API group "" in the namespace "team-a"]\n'
        "Error: failed to delete release: web\n"
    )
    ending = judged(1, said, OperationKind.UNINSTALL)
    assert ending.error.kind is FailureKind.FORBIDDEN
    assert "may not delete services" in ending.message
