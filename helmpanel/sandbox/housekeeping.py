"""Namespaces, custom resources, volumes and services: what comes with them, and what goes when they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helmpanel.sandbox.resources import defined_by

if TYPE_CHECKING:
    from helmpanel.sandbox.controller import Controller
    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource

RETRY_S = 0.05


def _namespace(controller: Controller, resource: Resource, obj: Object) -> None:
    store, name = controller.store, obj["metadata"]["name"]
    if not obj["metadata"].get("deletionTimestamp"):
        for kind, own_name, content in (("ServiceAccount", "default", {}), ("ConfigMap", "kube-root-ca.crt", {"data": {"ca.crt": "sandbox"}})):
            if not store.find(store.resources.named(kind), name, own_name):
                store.create(store.resources.named(kind), {"metadata": {"name": own_name, "namespace": name}, **content})
        return
    for each, held in store.everything(name):
        if not held["metadata"].get("deletionTimestamp"):
            store.delete(each, name, held["metadata"]["name"])
    if any(store.everything(name)):
        controller.look(resource, obj, RETRY_S)
    else:
        store.remove(resource, obj)


def _custom_resource(controller: Controller, resource: Resource, obj: Object) -> None:
    names = obj["spec"]["names"]
    for each in defined_by(obj):
        controller.store.resources.add(each)
    conditions = [
        {"type": "NamesAccepted", "status": "True", "reason": "NoConflicts", "message": "no conflicts found"},
        {"type": "Established", "status": "True", "reason": "InitialNamesAccepted", "message": "the initial names have been accepted"},
    ]
    versions = [each["name"] for each in obj["spec"]["versions"] if each.get("storage")]
    controller.write_status(resource, obj, {"acceptedNames": names, "storedVersions": versions, "conditions": conditions})


def _volume_claim(controller: Controller, resource: Resource, obj: Object) -> None:
    spec = obj["spec"]
    capacity = (spec.get("resources") or {}).get("requests") or {}
    controller.write_status(resource, obj, {"phase": "Bound", "capacity": capacity, "accessModes": spec.get("accessModes") or []})


def _service(controller: Controller, resource: Resource, obj: Object) -> None:
    balancer = {"ingress": [{"ip": "192.0.2.10"}]} if obj["spec"]["type"] == "LoadBalancer" else {}
    controller.write_status(resource, obj, {"loadBalancer": balancer})


def _disruption_budget(controller: Controller, resource: Resource, obj: Object) -> None:
    counts = {"currentHealthy": 1, "desiredHealthy": 1, "disruptionsAllowed": 0, "expectedPods": 1}
    controller.write_status(resource, obj, {**counts, "observedGeneration": obj["metadata"]["generation"]})


def bury(controller: Controller, resource: Resource, obj: Object) -> None:
    """What goes at once with an object: the resource that a definition defined, with all its objects."""
    if resource.kind == "CustomResourceDefinition":
        store = controller.store
        for gone in store.resources.remove(obj["metadata"]["name"]):
            for each in store.select(gone):
                store.remove(gone, each)


WORKS = {
    "Namespace": _namespace,
    "CustomResourceDefinition": _custom_resource,
    "PersistentVolumeClaim": _volume_claim,
    "Service": _service,
    "PodDisruptionBudget": _disruption_budget,
}
