"""Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs: they make pods and count them."""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING

import orjson

from helmpanel.sandbox.objects import (
    SUFFIX_LETTERS,
    Object,
    annotations_of,
    conditions_of,
    is_ready,
    labels_of,
    now,
    owner_reference,
    owners_of,
    random_suffix,
    with_metadata,
)
from helmpanel.sandbox.selectors import Selector

if TYPE_CHECKING:
    from helmpanel.sandbox.controller import Controller
    from helmpanel.sandbox.resources import Resource

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


def _hash(template: Object) -> str:
    """A template's hash, in the letters of generated names."""
    digest = hashlib.sha256(orjson.dumps(template, option=orjson.OPT_SORT_KEYS)).digest()
    return "".join(SUFFIX_LETTERS[byte % len(SUFFIX_LETTERS)] for byte in digest[:10])


def _owned(controller: Controller, kind: str, owner: Object) -> list[Object]:
    """Objects of a kind that an object owns."""
    uid = owner["metadata"]["uid"]
    every = controller.store.select(controller.store.resources.named(kind), Selector.parsed(owner["metadata"]["namespace"]))
    return [each for each in every if any(reference["uid"] == uid for reference in owners_of(each))]


def _make_pod(controller: Controller, owner: Object, name: str, labels: dict[str, str]) -> None:
    template = copy.deepcopy(owner["spec"]["template"])
    metadata = template.get("metadata") or {}
    pod = {
        "metadata": {
            "name": name,
            "namespace": owner["metadata"]["namespace"],
            "labels": {**(metadata.get("labels") or {}), **labels},
            "annotations": metadata.get("annotations") or {},
            "ownerReferences": [owner_reference(owner)],
        },
        "spec": template["spec"],
    }
    controller.store.create(controller.store.resources.named("Pod"), pod)


def _delete_pod(controller: Controller, pod: Object) -> None:
    controller.store.delete(controller.store.resources.named("Pod"), pod["metadata"]["namespace"], pod["metadata"]["name"])


def _interchangeable_pods(controller: Controller, owner: Object, wanted: int) -> list[Object]:
    """Pods of an owner once there are as many as wanted."""
    pods = _owned(controller, "Pod", owner)
    for pod in pods[wanted:]:
        _delete_pod(controller, pod)
    for _ in range(wanted - len(pods)):
        _make_pod(controller, owner, f"{owner['metadata']['name']}-{random_suffix()}", {})
    return _owned(controller, "Pod", owner)


def _named_pods(controller: Controller, owner: Object, names: list[str]) -> list[Object]:
    """Pods with fixed names, those of an older template replaced."""
    label = {"controller-revision-hash": _hash(owner["spec"]["template"])}
    for pod in _owned(controller, "Pod", owner):
        if pod["metadata"]["name"] not in names or not label.items() <= labels_of(pod).items():
            _delete_pod(controller, pod)
    there = {pod["metadata"]["name"] for pod in _owned(controller, "Pod", owner)}
    for name in names:
        if name not in there:
            _make_pod(controller, owner, name, label)
    return _owned(controller, "Pod", owner)


def _replica_set(controller: Controller, resource: Resource, obj: Object) -> None:
    pods = _interchangeable_pods(controller, obj, obj["spec"]["replicas"])
    ready = sum(map(is_ready, pods)) or None
    counts = {"replicas": len(pods), "fullyLabeledReplicas": len(pods), "readyReplicas": ready, "availableReplicas": ready}
    controller.write_status(resource, obj, {**counts, "observedGeneration": obj["metadata"]["generation"]})


def _deployment(controller: Controller, resource: Resource, obj: Object) -> None:
    sets = controller.store.resources.named("ReplicaSet")
    spec, wanted = obj["spec"], obj["spec"]["replicas"]
    current = _current_set(controller, obj)
    if current["spec"]["replicas"] != wanted:
        current = controller.store.update(sets, {**current, "spec": {**current["spec"], "replicas": wanted}})
    revision = annotations_of(current)[REVISION]
    if annotations_of(obj).get(REVISION) != revision:
        obj = controller.store.update(resource, with_metadata(obj, annotations={**annotations_of(obj), REVISION: revision}))
    updated, ready = (int((current.get("status") or {}).get(key, 0)) for key in ("replicas", "readyReplicas"))
    others = [each for each in _owned(controller, "ReplicaSet", obj) if each["metadata"]["name"] != current["metadata"]["name"]]
    # The old pods stay until all new ones are ready, as a rolling update with room to surge has it.
    if ready >= wanted:
        for each in others:
            if each["spec"]["replicas"]:
                controller.store.update(sets, {**each, "spec": {**each["spec"], "replicas": 0}})
    total = updated + sum((each.get("status") or {}).get("replicas", 0) for each in others)
    available = ready + sum((each.get("status") or {}).get("readyReplicas", 0) for each in others)
    is_done = updated == wanted == total and ready >= wanted
    is_available = available >= wanted - _unavailable(spec)
    conditions = [
        {
            "type": "Available",
            "status": "True" if is_available else "False",
            "reason": "MinimumReplicasAvailable" if is_available else "MinimumReplicasUnavailable",
        },
        {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable" if is_done else "ReplicaSetUpdated"},
    ]
    counts = {"replicas": total, "updatedReplicas": updated, "readyReplicas": available, "availableReplicas": available, "unavailableReplicas": wanted - ready}
    status = {key: value or None for key, value in counts.items()}
    controller.write_status(resource, obj, {**status, "conditions": conditions, "observedGeneration": obj["metadata"]["generation"]})


def _unavailable(spec: Object) -> int:
    allowed = (spec["strategy"].get("rollingUpdate") or {}).get("maxUnavailable", 0)
    return int(spec["replicas"] * int(allowed.removesuffix("%")) / 100) if isinstance(allowed, str) else int(allowed)


def _current_set(controller: Controller, deployment: Object) -> Object:
    """The ReplicaSet of a Deployment's present template, made when there is none."""
    sets = controller.store.resources.named("ReplicaSet")
    metadata, spec = deployment["metadata"], deployment["spec"]
    label = {HASH: _hash(spec["template"])}
    mine = _owned(controller, "ReplicaSet", deployment)
    found = next((each for each in mine if label.items() <= labels_of(each).items()), None)
    latest = max((int(annotations_of(each)[REVISION]) for each in mine), default=0)
    if found is not None:
        if int(annotations_of(found)[REVISION]) < latest:
            return controller.store.update(sets, with_metadata(found, annotations={**annotations_of(found), REVISION: str(latest + 1)}))
        return found
    template = copy.deepcopy(spec["template"])
    template["metadata"]["labels"] = {**template["metadata"]["labels"], **label}
    selector = copy.deepcopy(spec["selector"])
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), **label}
    created = {
        "metadata": {
            "name": f"{metadata['name']}-{label[HASH]}",
            "namespace": metadata["namespace"],
            "labels": template["metadata"]["labels"],
            "annotations": {REVISION: str(latest + 1)},
            "ownerReferences": [owner_reference(deployment)],
        },
        "spec": {"replicas": spec["replicas"], "selector": selector, "template": template},
    }
    return controller.store.create(sets, created)


def _stateful_set(controller: Controller, resource: Resource, obj: Object) -> None:
    name, wanted = obj["metadata"]["name"], obj["spec"]["replicas"]
    pods = _named_pods(controller, obj, [f"{name}-{index}" for index in range(wanted)])
    ready, revision = sum(map(is_ready, pods)), f"{name}-{_hash(obj['spec']['template'])}"
    counts = {"replicas": len(pods), "readyReplicas": ready or None, "availableReplicas": ready, "currentReplicas": len(pods), "updatedReplicas": len(pods)}
    revisions = {"currentRevision": revision, "updateRevision": revision, "observedGeneration": obj["metadata"]["generation"]}
    controller.write_status(resource, obj, {**counts, **revisions})


def _daemon_set(controller: Controller, resource: Resource, obj: Object) -> None:
    pods = _named_pods(controller, obj, [f"{obj['metadata']['name']}-node1"])
    ready = sum(map(is_ready, pods))
    counts = {"desiredNumberScheduled": 1, "currentNumberScheduled": 1, "updatedNumberScheduled": 1, "numberMisscheduled": 0}
    controller.write_status(
        resource, obj, {**counts, "numberReady": ready, "numberAvailable": ready or None, "observedGeneration": obj["metadata"]["generation"]}
    )


def _job(controller: Controller, resource: Resource, obj: Object) -> None:
    if not {"Complete", "Failed"}.isdisjoint(conditions_of(obj)):
        return
    wanted = obj["spec"]["completions"]
    pods = _interchangeable_pods(controller, obj, wanted)
    phases = [(each.get("status") or {}).get("phase") for each in pods]
    succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
    status: Object = {
        "startTime": (obj.get("status") or {}).get("startTime") or now(),
        "active": (wanted - succeeded - failed) or None,
        "succeeded": succeeded or None,
        "failed": failed or None,
    }
    # One failed pod fails the job: its retries would only make tests wait.
    if failed:
        why = {"status": "True", "reason": "BackoffLimitExceeded", "message": "Job has reached the specified backoff limit"}
        status["conditions"] = [{"type": "FailureTarget", **why}, {"type": "Failed", **why}]
    elif succeeded >= wanted:
        why = {"status": "True", "reason": "CompletionsReached", "message": "Reached expected number of succeeded pods"}
        status |= {"completionTime": now(), "conditions": [{"type": "SuccessCriteriaMet", **why}, {"type": "Complete", **why}]}
    controller.write_status(resource, obj, status)


WORKS = {"Deployment": _deployment, "ReplicaSet": _replica_set, "StatefulSet": _stateful_set, "DaemonSet": _daemon_set, "Job": _job}
