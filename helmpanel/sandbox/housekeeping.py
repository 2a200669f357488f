"""Namespaces, custom resources, volumes and services: what comes with them, and what goes when they go."""

from helmpanel.sandbox.controller import Controller
from helmpanel.sandbox.objects import Object

RETRY_S = 0.05


def _namespace(controller: Controller, obj: Object) -> None:
    store, name = controller.store, obj["metadata"]["name"]
    if not obj["metadata"].get("deletionTimestamp"):
        for kind, own_name, content in (("ServiceAccount", "default", {}), ("ConfigMap", "kube-root-ca.crt", {"data": {"ca.crt": "sandbox"}})):
            if not store.find(store.resources.named(kind), name, own_name):
                controller.create(kind, {"metadata": {"name": own_name, "namespace": name}, **content})
        return
    for each, held in store.everything(name):
        store.delete(each, name, held["metadata"]["name"])
    if any(store.everything(name)):
        controller.look(obj, RETRY_S)
    else:
        store.remove(store.resources.named("Namespace"), obj)


def _custom_resource(controller: Controller, obj: Object) -> None:
    conditions = [
        {"type": "NamesAccepted", "status": "True", "reason": "NoConflicts", "message": "no conflicts found"},
        {"type": "Established", "status": "True", "reason": "InitialNamesAccepted", "message": "the initial names have been accepted"},
    ]
    versions = [each["name"] for each in obj["spec"]["versions"] if each.get("storage")]
    controller.write_status(obj, {"acceptedNames": obj["spec"]["names"], "storedVersions": versions, "conditions": conditions})


def _volume_claim(controller: Controller, obj: Object) -> None:
    spec = obj["spec"]
    capacity = (spec.get("resources") or {}).get("requests") or {}
    controller.write_status(obj, {"phase": "Bound", "capacity": capacity, "accessModes": spec.get("accessModes") or []})


def _service(controller: Controller, obj: Object) -> None:
    controller.write_status(obj, {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]} if obj["spec"]["type"] == "LoadBalancer" else {}})


WORKS = {"Namespace": _namespace, "CustomResourceDefinition": _custom_resource, "PersistentVolumeClaim": _volume_claim, "Service": _service}
