"""What a workload says of its readiness, by the rules of `kubectl rollout status`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.inventory.health.readiness import found
from helmpanel.model.health import Health, HealthState
from tests.unit.inventory.health.objects import daemon_set, deployment, job, merged, stateful_set, workload

HEALTHY, PROGRESSING, DEGRADED = HealthState.HEALTHY, HealthState.PROGRESSING, HealthState.DEGRADED


def health(kind, obj):
    return found(kind, obj).workload.health


def told(kind, obj):
    one = health(kind, obj)
    return one.state, one.ready, one.wanted, one.reason


def failing(kind, reason, status):
    return {"conditions": [{"type": kind, "status": status, "reason": reason}]}


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (deployment(), (HEALTHY, 3, 3, "")),
        (deployment(2), (PROGRESSING, 2, 3, "2 of 3 ready")),
        (deployment(0, 0), (HEALTHY, 0, 0, "")),
        (workload(status={"replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1}), (HEALTHY, 1, 1, "")),
        (workload(), (PROGRESSING, 0, 1, "0 of 1 ready")),
        (deployment(status={"observedGeneration": 0}), (PROGRESSING, 3, 3, "rolling out")),
        (deployment(status={"updatedReplicas": 1}), (PROGRESSING, 3, 3, "rolling out")),
        (deployment(status={"replicas": 4}), (PROGRESSING, 3, 3, "rolling out")),
        (deployment(status={"readyReplicas": 4, "replicas": 4, "updatedReplicas": 2}), (PROGRESSING, 3, 3, "rolling out")),
        (deployment(status={"availableReplicas": 2}), (PROGRESSING, 3, 3, "rolling out")),
        (deployment(2, status=failing("Progressing", "ProgressDeadlineExceeded", "False")), (DEGRADED, 2, 3, "ProgressDeadlineExceeded")),
        (deployment(2, status=failing("Progressing", "DeploymentPaused", "Unknown"), spec={"paused": True}), (PROGRESSING, 2, 3, "paused")),
        (deployment(spec={"paused": True}), (HEALTHY, 3, 3, "")),
        (deployment(2, status=failing("ReplicaFailure", "FailedCreate", "True")), (DEGRADED, 2, 3, "FailedCreate")),
        (deployment(2, status=failing("ReplicaFailure", "FailedCreate", "False")), (PROGRESSING, 2, 3, "2 of 3 ready")),
        (deployment(deletionTimestamp="2026-05-05T12:00:00Z"), (PROGRESSING, 3, 3, "terminating")),
        (deployment(status={"observedGeneration": 0, **failing("Progressing", "ProgressDeadlineExceeded", "False")}), (PROGRESSING, 3, 3, "rolling out")),
    ],
)
def test_a_deployment(obj, expected):
    assert told("Deployment", obj) == expected


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (stateful_set(), (HEALTHY, 3, 3, "")),
        (stateful_set(1), (PROGRESSING, 1, 3, "1 of 3 ready")),
        (stateful_set(0, 0), (HEALTHY, 0, 0, "")),
        (stateful_set(status={"updateRevision": "web-2"}), (PROGRESSING, 3, 3, "rolling out")),
        (stateful_set(status={"updateRevision": "web-2"}, spec={"updateStrategy": {"type": "OnDelete"}}), (HEALTHY, 3, 3, "")),
        (
            stateful_set(status={"updateRevision": "web-2", "updatedReplicas": 1}, spec={"updateStrategy": {"rollingUpdate": {"partition": 2}}}),
            (HEALTHY, 3, 3, ""),
        ),
        (
            stateful_set(status={"updateRevision": "web-2", "updatedReplicas": 0}, spec={"updateStrategy": {"rollingUpdate": {"partition": 2}}}),
            (PROGRESSING, 3, 3, "rolling out"),
        ),
        (stateful_set(status={"replicas": 4}), (PROGRESSING, 3, 3, "rolling out")),
        (stateful_set(status={"availableReplicas": 2}), (PROGRESSING, 3, 3, "rolling out")),
        (stateful_set(status={"availableReplicas": None}), (HEALTHY, 3, 3, "")),
        (stateful_set(generation=2), (PROGRESSING, 3, 3, "rolling out")),
    ],
)
def test_a_stateful_set(obj, expected):
    assert told("StatefulSet", obj) == expected


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (daemon_set(), (HEALTHY, 3, 3, "")),
        (daemon_set(2), (PROGRESSING, 2, 3, "2 of 3 ready")),
        (daemon_set(0, 0), (HEALTHY, 0, 0, "")),
        (daemon_set(status={"updatedNumberScheduled": 1}), (PROGRESSING, 3, 3, "rolling out")),
        (daemon_set(status={"updatedNumberScheduled": 1}, spec={"updateStrategy": {"type": "OnDelete"}}), (HEALTHY, 3, 3, "")),
        (daemon_set(status={"numberAvailable": 2}), (PROGRESSING, 3, 3, "rolling out")),
        (workload(status={"observedGeneration": 0}), (PROGRESSING, 0, 0, "rolling out")),
    ],
)
def test_a_daemon_set(obj, expected):
    assert told("DaemonSet", obj) == expected


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (job("SuccessCriteriaMet", "Complete"), (HEALTHY, 1, 1, "")),
        (job(("FailureTarget", "BackoffLimitExceeded"), ("Failed", "BackoffLimitExceeded")), (DEGRADED, 0, 1, "BackoffLimitExceeded")),
        (job(("FailureTarget", "DeadlineExceeded")), (DEGRADED, 0, 1, "DeadlineExceeded")),
        (job("Failed"), (DEGRADED, 0, 1, "Failed")),
        (job("Suspended", spec={"suspend": True}), (PROGRESSING, 0, 1, "suspended")),
        (job(active=2), (PROGRESSING, 0, 1, "running")),
        (job(), (PROGRESSING, 0, 1, "not started")),
    ],
)
def test_a_job_counts_as_one(obj, expected):
    assert told("Job", obj) == expected


def test_a_workload_is_of_the_release_that_helm_wrote_on_it():
    one = found("Deployment", deployment(namespace="shop", name="web-api", release="web", generation=7, uid="u"))
    assert (one.where, one.release, one.uid, one.generation) == (("Deployment", "shop", "web-api"), ("shop", "web"), "u", 7)


@pytest.mark.parametrize(
    "metadata",
    [
        {"labels": {}},
        {"labels": {"app.kubernetes.io/managed-by": "Kustomize"}},
        {"annotations": {"meta.helm.sh/release-name": "web"}},
        {"annotations": {"meta.helm.sh/release-namespace": "a"}},
    ],
)
def test_without_label_or_annotations_it_is_of_no_release(metadata):
    assert found("Deployment", deployment(**metadata)).release is None


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"matchLabels": {"app": "web", "tier": "front"}}, "app=web,tier=front"),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["b", "a"]}]}, "app in (a,b)"),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}, "app notin (a)"),
        ({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}, "app=web,x"),
        ({"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}, "!x"),
        ({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "x", "operator": "Gt", "values": ["1"]}]}, ""),
        ({"matchLabels": {"app": 1}}, ""),
        ({"matchLabels": {"app": "w" * 3000}}, ""),
        ({}, ""),
    ],
)
def test_pods_are_selected_whole_or_not_at_all(selector, expected):
    assert found("Deployment", deployment(spec={"selector": selector})).pods == expected


def test_foreign_text_is_cut():
    one = found("Job", merged(job(("Failed", "F" * 5000)), {"metadata": {"uid": "u" * 5000, "name": "n" * 5000}}))
    assert len(one.workload.health.reason) == 80
    assert len(one.uid) == len(one.workload.name) == 253


def test_a_count_that_is_none_is_left_out():
    for wrong in (True, -1, 2**31, 1.5, "3", None, [3]):
        assert health("Deployment", deployment(status={"readyReplicas": wrong})).ready == 0, wrong


WORDS = """
    metadata name namespace uid generation labels annotations deletionTimestamp spec status selector matchLabels matchExpressions key operator values replicas
    updatedReplicas readyReplicas availableReplicas updateStrategy rollingUpdate partition type paused suspend active conditions reason observedGeneration
    desiredNumberScheduled numberReady app.kubernetes.io/managed-by meta.helm.sh/release-name meta.helm.sh/release-namespace
"""
KEYS = st.sampled_from(WORDS.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["Helm", "True", "In", "Complete", "Failed"])
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=30)


@given(kind=st.sampled_from(["Deployment", "StatefulSet", "DaemonSet", "Job"]), base=st.sampled_from([deployment(), stateful_set(), {}]), odd=ANYTHING)
def test_whatever_comes_nothing_is_raised_and_counts_are_counts(kind, base, odd):
    one = found(kind, merged(base, odd) if isinstance(odd, dict) else odd)
    if one is not None:
        health = one.workload.health
        assert isinstance(health, Health)
        assert 0 <= health.ready <= health.wanted < 2**31
        assert bool(health.reason) == (health.state is not HEALTHY)
        hash(one)
