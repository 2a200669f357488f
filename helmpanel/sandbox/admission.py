"""What the API server makes of an object before it is stored: it fills in defaults, and refuses values that make no sense.

Only defaults that helm, its readiness checks and the controller here read, and only mistakes that a chart or a person at a dashboard makes.
"""

import base64
import secrets
from collections.abc import Iterator
from typing import Any

import orjson

from helmpanel.sandbox.objects import Object, labels_of
from helmpanel.sandbox.status import FieldError

# A list stands for the items of a list: each gets these defaults.
_PORTS = [{"protocol": "TCP"}]
_TEMPLATE = {"spec": {"restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "containers": [{"imagePullPolicy": "IfNotPresent", "ports": _PORTS}]}}
_REPLICATED = {"replicas": 1, "template": _TEMPLATE}
_ROLLING = {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
_DEFAULTS: dict[str, Object] = {
    "Namespace": {"spec": {}, "status": {"phase": "Active"}},
    "Secret": {"type": "Opaque"},
    "Pod": {**_TEMPLATE, "status": {"phase": "Pending", "qosClass": "BestEffort"}},
    "Deployment": {"spec": {**_REPLICATED, "strategy": {"type": "RollingUpdate"}, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}},
    "ReplicaSet": {"spec": _REPLICATED},
    "StatefulSet": {"spec": {**_REPLICATED, "updateStrategy": {"type": "RollingUpdate"}, "revisionHistoryLimit": 10}},
    "DaemonSet": {"spec": {"template": _TEMPLATE, "updateStrategy": {"type": "RollingUpdate"}, "revisionHistoryLimit": 10}},
    "Job": {"spec": {"parallelism": 1, "completions": 1, "backoffLimit": 6, "template": _TEMPLATE}},
    "Service": {"spec": {"type": "ClusterIP", "sessionAffinity": "None", "ports": _PORTS}},
    "PersistentVolumeClaim": {"spec": {"volumeMode": "Filesystem", "storageClassName": "standard"}},
}
_SECRET_MAX_BYTES = 1_048_576
_STATEFUL_TEXT = (
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
    "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)
# Fields of the spec that may not change once they are set.
_FIXED = {
    "Deployment": ("selector",),
    "ReplicaSet": ("selector",),
    "DaemonSet": ("selector",),
    "StatefulSet": ("serviceName", "selector", "volumeClaimTemplates", "podManagementPolicy"),
    "Job": ("template",),
}


def filled_in(obj: Object, old: Object | None) -> None:
    """Set defaults in an object that is about to be stored; `old` is what it replaces."""
    _fill(obj, _DEFAULTS.get(obj["kind"], {}))
    spec = obj.get("spec") or {}
    match obj["kind"]:
        case "Namespace":
            spec.setdefault("finalizers", ["kubernetes"])
            obj["metadata"]["labels"] = {**labels_of(obj), "kubernetes.io/metadata.name": obj["metadata"]["name"]}
        case "Secret" if texts := obj.pop("stringData", None):
            obj["data"] = {**(obj.get("data") or {}), **{key: base64.b64encode(value.encode()).decode() for key, value in texts.items()}}
        case "Deployment" if spec["strategy"]["type"] == "RollingUpdate":
            _fill(spec["strategy"], _ROLLING)
        case "Service":
            _service(spec, (old or {}).get("spec") or {})


def _fill(target: Any, defaults: Object) -> None:
    if not isinstance(target, dict):
        return
    for key, value in defaults.items():
        if isinstance(value, list):
            for item in target.get(key) or []:
                _fill(item, value[0])
        elif isinstance(value, dict):
            _fill(target.setdefault(key, {}), value)
        else:
            target.setdefault(key, value)


def _service(spec: Object, old: Object) -> None:
    for port in spec.get("ports") or []:
        port.setdefault("targetPort", port.get("port"))
    if spec["type"] != "ExternalName" and not spec.get("clusterIP"):
        spec["clusterIP"] = old.get("clusterIP") or f"10.0.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
        spec["clusterIPs"] = [spec["clusterIP"]]


def field_errors(obj: Object, old: Object | None) -> list[FieldError]:
    """What is wrong with an object that is about to be stored; `old` is what it replaces."""
    spec = obj.get("spec") or {}
    found: list[FieldError] = []
    if "template" in spec and "selector" in spec:
        found += _selector(spec)
    if obj["kind"] == "Service":
        found += _ports(spec)
    if obj["kind"] == "Secret" and sum(len(value or "") * 3 // 4 for value in (obj.get("data") or {}).values()) > _SECRET_MAX_BYTES:
        found.append(FieldError("data", f"Too long: may not be more than {_SECRET_MAX_BYTES} bytes"))
    return found + list(_changed(obj, old)) if old else found


def _wrong(field: str, value: object, why: str) -> FieldError:
    return FieldError(field, f"Invalid value: {orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()}: {why}")


def _selector(spec: Object) -> Iterator[FieldError]:
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    if not (spec["selector"].get("matchLabels") or {}).items() <= labels.items():
        yield _wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")


def _ports(spec: Object) -> Iterator[FieldError]:
    ports = spec.get("ports") or []
    if not ports and spec["type"] != "ExternalName" and spec.get("clusterIP") != "None":
        yield FieldError("spec.ports", "Required value")
    for index, port in enumerate(ports):
        for field in ("port", "targetPort"):
            if isinstance(port.get(field), int) and not 1 <= port[field] <= 65535:
                yield _wrong(f"spec.ports[{index}].{field}", port[field], "must be between 1 and 65535, inclusive")


def _changed(obj: Object, old: Object) -> Iterator[FieldError]:
    """Fields that may not change and did."""
    kind, spec, before = obj["kind"], obj.get("spec") or {}, old.get("spec") or {}
    changed = [each for each in _FIXED.get(kind, ()) if spec.get(each) != before.get(each)]
    if changed and kind == "StatefulSet":
        yield FieldError("spec", _STATEFUL_TEXT)
    elif changed:
        yield _wrong(f"spec.{changed[0]}", spec.get(changed[0]), "field is immutable")
    if kind == "Service" and "ExternalName" not in (spec["type"], before.get("type")) and spec.get("clusterIP") != before.get("clusterIP"):
        yield _wrong("spec.clusterIPs[0]", spec.get("clusterIPs"), "may not change once set")
    if kind == "Secret" and obj.get("type") != old.get("type"):
        yield _wrong("type", obj.get("type"), "field is immutable")
