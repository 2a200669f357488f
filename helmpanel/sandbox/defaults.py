"""What the API server fills in. Only what helm, its readiness checks and this sandbox's controller read."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from helmpanel.sandbox.objects import containers_of, labels_of

if TYPE_CHECKING:
    from helmpanel.sandbox.objects import Object

_TEMPLATED = {"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"}


def filled_in(obj: Object, old: Object | None) -> None:
    """Set defaults in an object that is about to be stored; `old` is what it replaces."""
    kind = obj["kind"]
    spec = obj.get("spec")
    if kind == "Namespace":
        obj.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
        obj.setdefault("status", {"phase": "Active"})
        obj["metadata"]["labels"] = {**labels_of(obj), "kubernetes.io/metadata.name": obj["metadata"]["name"]}
    elif kind == "Secret":
        _secret(obj)
    elif kind == "Pod" and spec:
        _pod_spec(spec)
        obj.setdefault("status", {"phase": "Pending", "qosClass": "BestEffort"})
    elif kind in _TEMPLATED and spec:
        _workload(kind, spec)
    elif kind == "Service" and spec:
        _service(spec, (old or {}).get("spec") or {})
    elif kind == "PersistentVolumeClaim" and spec:
        spec.setdefault("volumeMode", "Filesystem")
        spec.setdefault("storageClassName", "standard")
    elif kind == "CustomResourceDefinition" and spec:
        spec.setdefault("conversion", {"strategy": "None"})


def _secret(obj: Object) -> None:
    obj.setdefault("type", "Opaque")
    if texts := obj.pop("stringData", None):
        obj["data"] = {**(obj.get("data") or {}), **{key: base64.b64encode(value.encode()).decode() for key, value in texts.items()}}


def _workload(kind: str, spec: Object) -> None:
    if kind == "Job":
        spec.setdefault("parallelism", 1)
        spec.setdefault("completions", 1)
        spec.setdefault("backoffLimit", 6)
    elif kind != "DaemonSet":
        spec.setdefault("replicas", 1)
    if kind == "Deployment":
        strategy = spec.setdefault("strategy", {})
        if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
            strategy.setdefault("rollingUpdate", {}).setdefault("maxSurge", "25%")
            strategy["rollingUpdate"].setdefault("maxUnavailable", "25%")
        spec.setdefault("revisionHistoryLimit", 10)
        spec.setdefault("progressDeadlineSeconds", 600)
    elif kind in ("StatefulSet", "DaemonSet"):
        spec.setdefault("updateStrategy", {"type": "RollingUpdate"})
        spec.setdefault("revisionHistoryLimit", 10)
    template = spec.get("template")
    if isinstance(template, dict) and isinstance(template.get("spec"), dict):
        _pod_spec(template["spec"])


def _pod_spec(spec: Object) -> None:
    for key, value in (
        ("restartPolicy", "Always"),
        ("dnsPolicy", "ClusterFirst"),
        ("schedulerName", "default-scheduler"),
        ("terminationGracePeriodSeconds", 30),
    ):
        spec.setdefault(key, value)
    spec.setdefault("securityContext", {})
    for container in containers_of(spec):
        image = str(container.get("image", ""))
        is_latest = ":" not in image.rpartition("/")[2] or image.endswith(":latest")
        container.setdefault("imagePullPolicy", "Always" if is_latest else "IfNotPresent")
        container.setdefault("terminationMessagePath", "/dev/termination-log")
        container.setdefault("terminationMessagePolicy", "File")
        container.setdefault("resources", {})
        for port in container.get("ports") or []:
            port.setdefault("protocol", "TCP")


def _service(spec: Object, old: Object) -> None:
    for key, value in (("type", "ClusterIP"), ("sessionAffinity", "None"), ("internalTrafficPolicy", "Cluster"), ("ipFamilyPolicy", "SingleStack")):
        spec.setdefault(key, value)
    for port in spec.get("ports") or []:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port.get("port"))
    if spec["type"] != "ExternalName" and not spec.get("clusterIP"):
        spec["clusterIP"] = old.get("clusterIP") or f"10.0.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
        spec["clusterIPs"] = [spec["clusterIP"]]
