"""Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs: they make pods and count them."""

import copy
import hashlib
import secrets

import orjson

from helmpanel.sandbox.controller import Controller
from helmpanel.sandbox.objects import Object, conditions_of, labels_of, now, status_of

# Kubernetes leaves vowels and look-alikes out of generated names.
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def _hash(template: Object) -> str:
    """A template's hash, in the letters of generated names."""
    digest = hashlib.sha256(orjson.dumps(template, option=orjson.OPT_SORT_KEYS)).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:10])


def _make(controller: Controller, kind: str, owner: Object, name: str, metadata: Object, spec: Object) -> Object:
    """Make something that belongs to `owner`, its controller."""
    reference = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"]}
    belongs = {"namespace": owner["metadata"]["namespace"], "ownerReferences": [{**reference, "controller": True, "blockOwnerDeletion": True}]}
    return controller.create(kind, {"metadata": {**metadata, **belongs, "name": name}, "spec": copy.deepcopy(spec)})


def _make_pod(controller: Controller, owner: Object, name: str, labels: dict[str, str]) -> None:
    template = owner["spec"]["template"]
    metadata = template.get("metadata") or {}
    kept = {"labels": {**(metadata.get("labels") or {}), **labels}, "annotations": metadata.get("annotations") or {}}
    _make(controller, "Pod", owner, name, kept, template["spec"])


def _interchangeable_pods(controller: Controller, owner: Object, wanted: int) -> list[Object]:
    """Pods of an owner once there are as many as wanted."""
    pods = controller.owned("Pod", owner)
    for pod in pods[wanted:]:
        controller.delete(pod)
    for _ in range(wanted - len(pods)):
        suffix = "".join(secrets.choice(_LETTERS) for _ in range(5))
        _make_pod(controller, owner, f"{owner['metadata']['name']}-{suffix}", {})
    return controller.owned("Pod", owner)


def _named_pods(controller: Controller, owner: Object, names: list[str]) -> list[Object]:
    """Pods with fixed names, those of an older template replaced."""
    label = {"controller-revision-hash": _hash(owner["spec"]["template"])}
    there = set()
    for pod in controller.owned("Pod", owner):
        if pod["metadata"]["name"] in names and label.items() <= labels_of(pod).items():
            there.add(pod["metadata"]["name"])
        else:
            controller.delete(pod)
    for name in names:
        if name not in there:
            _make_pod(controller, owner, name, label)
    return controller.owned("Pod", owner)


def _ready(pods: list[Object]) -> int:
    return sum(conditions_of(pod).get("Ready", {}).get("status") == "True" for pod in pods)


def _report(controller: Controller, obj: Object, status: Object) -> None:
    controller.write_status(obj, {**status, "observedGeneration": obj["metadata"]["generation"]})


def _replica_set(controller: Controller, obj: Object) -> None:
    pods = _interchangeable_pods(controller, obj, obj["spec"]["replicas"])
    ready, total = _ready(pods) or None, len(pods)
    _report(controller, obj, {"replicas": total, "fullyLabeledReplicas": total, "readyReplicas": ready, "availableReplicas": ready})


def _deployment(controller: Controller, obj: Object) -> None:
    wanted = obj["spec"]["replicas"]
    current = _scaled(controller, _current_set(controller, obj), wanted)
    updated, ready = (int(status_of(current).get(key, 0)) for key in ("replicas", "readyReplicas"))
    others = [each for each in controller.owned("ReplicaSet", obj) if each["metadata"]["name"] != current["metadata"]["name"]]
    # The old pods stay until all new ones are ready, as a rolling update with room to surge has it.
    if ready >= wanted:
        others = [_scaled(controller, each, 0) for each in others]
    total, available = (mine + sum(status_of(each).get(key, 0) for each in others) for mine, key in ((updated, "replicas"), (ready, "readyReplicas")))
    is_done = updated == wanted == total and ready >= wanted
    is_available = available >= wanted
    conditions = [
        {"type": "Available", "status": str(is_available), "reason": f"MinimumReplicas{'Available' if is_available else 'Unavailable'}"},
        {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable" if is_done else "ReplicaSetUpdated"},
    ]
    counts = {"replicas": total, "updatedReplicas": updated, "readyReplicas": available, "availableReplicas": available, "unavailableReplicas": wanted - ready}
    _report(controller, obj, {**{key: value or None for key, value in counts.items()}, "conditions": conditions})


def _scaled(controller: Controller, replica_set: Object, replicas: int) -> Object:
    return controller.update({**replica_set, "spec": {**replica_set["spec"], "replicas": replicas}})


def _current_set(controller: Controller, deployment: Object) -> Object:
    """The ReplicaSet of a Deployment's present template, made when there is none."""
    spec = deployment["spec"]
    label = {"pod-template-hash": _hash(spec["template"])}
    for each in controller.owned("ReplicaSet", deployment):
        if label.items() <= labels_of(each).items():
            return each
    labels = {**spec["template"]["metadata"]["labels"], **label}
    template = {**spec["template"], "metadata": {**spec["template"]["metadata"], "labels": labels}}
    selector = {**spec["selector"], "matchLabels": {**(spec["selector"].get("matchLabels") or {}), **label}}
    name = f"{deployment['metadata']['name']}-{label['pod-template-hash']}"
    return _make(controller, "ReplicaSet", deployment, name, {"labels": labels}, {"replicas": spec["replicas"], "selector": selector, "template": template})


def _stateful_set(controller: Controller, obj: Object) -> None:
    name = obj["metadata"]["name"]
    pods = _named_pods(controller, obj, [f"{name}-{index}" for index in range(obj["spec"]["replicas"])])
    ready, total, revision = _ready(pods), len(pods), f"{name}-{_hash(obj['spec']['template'])}"
    counts = {"replicas": total, "readyReplicas": ready or None, "availableReplicas": ready, "currentReplicas": total, "updatedReplicas": total}
    _report(controller, obj, {**counts, "currentRevision": revision, "updateRevision": revision})


def _daemon_set(controller: Controller, obj: Object) -> None:
    ready = _ready(_named_pods(controller, obj, [f"{obj['metadata']['name']}-node1"]))
    scheduled = {"desiredNumberScheduled": 1, "currentNumberScheduled": 1, "updatedNumberScheduled": 1, "numberMisscheduled": 0}
    _report(controller, obj, {**scheduled, "numberReady": ready, "numberAvailable": ready or None})


def _job(controller: Controller, obj: Object) -> None:
    if not {"Complete", "Failed"}.isdisjoint(conditions_of(obj)):
        return
    wanted = obj["spec"]["completions"]
    phases = [status_of(each).get("phase") for each in _interchangeable_pods(controller, obj, wanted)]
    succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
    counts = {"active": wanted - succeeded - failed, "succeeded": succeeded, "failed": failed}
    status: Object = {"startTime": status_of(obj).get("startTime") or now(), **{key: value or None for key, value in counts.items()}}
    # One failed pod fails the job: its retries would only make tests wait.
    if failed:
        why = {"status": "True", "reason": "BackoffLimitExceeded", "message": "Job has reached the specified backoff limit"}
        status["conditions"] = [{"type": "FailureTarget", **why}, {"type": "Failed", **why}]
    elif succeeded >= wanted:
        why = {"status": "True", "reason": "CompletionsReached", "message": "Reached expected number of succeeded pods"}
        status |= {"completionTime": now(), "conditions": [{"type": "SuccessCriteriaMet", **why}, {"type": "Complete", **why}]}
    controller.write_status(obj, status)


WORKS = {"Deployment": _deployment, "ReplicaSet": _replica_set, "StatefulSet": _stateful_set, "DaemonSet": _daemon_set, "Job": _job}
