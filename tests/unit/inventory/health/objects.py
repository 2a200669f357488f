"""Workloads and pods as an API server gives them."""

from __future__ import annotations

import copy


def merged(one, other):
    """`one` with `other` laid over it."""
    made = copy.deepcopy(one)
    for key, value in other.items():
        made[key] = merged(made[key], value) if isinstance(value, dict) and isinstance(made.get(key), dict) else value
    return made


def workload(name="web", namespace="a", release="web", *, spec=None, status=None, **metadata):
    """An object whose metadata helm has written."""
    return {
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": f"uid-{name}",
            "generation": 1,
            "labels": {"app.kubernetes.io/managed-by": "Helm"},
            "annotations": {"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace},
            **metadata,
        },
        "spec": {"selector": {"matchLabels": {"app": name}}, **(spec or {})},
        "status": {"observedGeneration": 1, **(status or {})},
    }


def deployment(ready=3, wanted=3, *, spec=None, status=None, **more):
    """A Deployment that has nothing left to roll out once all are ready."""
    counts = {"replicas": wanted, "updatedReplicas": wanted, "readyReplicas": ready, "availableReplicas": ready}
    return workload(spec={"replicas": wanted, **(spec or {})}, status={**counts, **(status or {})}, **more)


def stateful_set(ready=3, wanted=3, *, spec=None, status=None, **more):
    """A StatefulSet all of whose pods are of one revision."""
    counts = {"replicas": wanted, "updatedReplicas": wanted, "currentReplicas": wanted, "readyReplicas": ready, "availableReplicas": ready}
    revisions = {"currentRevision": "web-1", "updateRevision": "web-1"}
    return workload(spec={"replicas": wanted, **(spec or {})}, status={**counts, **revisions, **(status or {})}, **more)


def daemon_set(ready=3, wanted=3, *, spec=None, status=None, **more):
    """A DaemonSet on some nodes."""
    counts = {"desiredNumberScheduled": wanted, "updatedNumberScheduled": wanted, "numberReady": ready, "numberAvailable": ready}
    return workload(spec=spec, status={**counts, **(status or {})}, **more)


def job(*conditions, spec=None, **status):
    """A Job with conditions that hold, each `type` or (type, reason)."""
    told = [{"type": one, "status": "True"} if isinstance(one, str) else {"type": one[0], "status": "True", "reason": one[1]} for one in conditions]
    made = workload(spec=spec, status={"conditions": told, **status})
    del made["status"]["observedGeneration"]  # a Job tells of none
    return made


def pod(*states, init=(), phase="Pending", scheduled=True, **metadata):
    """A pod whose containers are in these states."""
    condition = {"type": "PodScheduled", "status": "True"} if scheduled else {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    return {
        "metadata": {"name": "web-1", **metadata},
        "status": {
            "phase": phase,
            "conditions": [condition],
            "initContainerStatuses": [{"state": state} for state in init],
            "containerStatuses": [{"state": state} for state in states],
        },
    }


def waiting(reason):
    """A container that does not run."""
    return {"waiting": {"reason": reason}}


def ended(code, reason="Error"):
    """A container that has ended."""
    return {"terminated": {"exitCode": code, "reason": reason}}


RUNNING = {"running": {"startedAt": "2026-05-05T12:00:00Z"}}
