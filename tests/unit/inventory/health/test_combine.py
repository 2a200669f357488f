"""What the workloads of a release come to."""

from __future__ import annotations

import pytest

from helmpanel.inventory.health.combine import combined
from helmpanel.inventory.health.reasons import worst
from helmpanel.model.health import Health, HealthState, Workload


def one(state, ready=1, wanted=1, reason=""):
    return Workload(kind="Deployment", namespace="a", name="web", health=Health(state=HealthState(state), ready=ready, wanted=wanted, reason=reason))


def told(*workloads, unknown=""):
    health = combined(workloads, unknown)
    return health.state.value, health.ready, health.wanted, health.reason


FORBIDDEN = "You may not list jobs in the whole cluster."
WELL, LATE, BAD = one("healthy", 3, 3), one("progressing", 1, 2, "1 of 2 ready"), one("degraded", 0, 1, "CrashLoopBackOff")


def test_the_worst_state_counts_and_the_pods_are_summed():
    assert told(WELL) == ("healthy", 3, 3, "")
    assert told(WELL, LATE) == ("progressing", 4, 5, "4 of 5 ready")
    assert told(WELL, LATE, BAD) == ("degraded", 4, 6, "CrashLoopBackOff")


def test_a_kind_that_is_not_known_is_worse_than_one_on_its_way_and_hides_nothing_that_is_broken():
    assert told(WELL, unknown=FORBIDDEN) == ("unknown", 3, 3, FORBIDDEN)
    assert told(LATE, unknown=FORBIDDEN) == ("unknown", 1, 2, FORBIDDEN)
    assert told(BAD, unknown=FORBIDDEN) == ("degraded", 0, 1, "CrashLoopBackOff")


def test_no_workloads_are_none_only_when_every_kind_may_be_read():
    assert told() == ("none", 0, 0, "")
    assert told(unknown=FORBIDDEN) == ("unknown", 0, 0, FORBIDDEN)


@pytest.mark.parametrize("reason", ["terminating", "paused", "suspended"])
def test_what_a_person_did_says_more_than_a_count(reason):
    assert told(LATE, one("progressing", 0, 1, reason))[3] == reason


def test_one_that_is_complete_but_not_done_rolls_out():
    assert told(WELL, one("progressing", 2, 2, "rolling out"))[3] == "rolling out"
    assert told(one("progressing", 0, 1, "running"))[3] == "running"


def test_the_worst_reason_is_the_same_in_whatever_order():
    order = ["ImagePullBackOff", "CrashLoopBackOff", "CreateContainerConfigError", "BackoffLimitExceeded", "ProgressDeadlineExceeded", "FailedCreate"]
    for place in range(len(order)):
        rest = order[place:]
        assert worst(rest) == worst(reversed(rest)) == order[place]
    assert worst([]) == worst([""]) == ""
