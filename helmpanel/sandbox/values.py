"""Whether the values of an object make sense: names, ports, selectors, fields that may not change. In the words of a real API server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from helmpanel.sandbox.status import FieldError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource

_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_DNS_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_LABEL_VALUE = r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_CONFIG_KEY = r"[-._a-zA-Z0-9]+"
_SECRET_MAX_BYTES = 1_048_576
_SERVICE_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_SELECTING = {"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"}

_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
    f"(e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_DNS_LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
    f"(e.g. 'my-name',  or '123-abc', regex used for validation is '{_DNS_LABEL}')"
)
_DNS_1035_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character "
    f"(e.g. 'my-name',  or 'abc-123', regex used for validation is '{_DNS_1035}')"
)
_LABEL_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    f"(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '{_LABEL_VALUE}')"
)
_CONFIG_KEY_TEXT = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
    f"(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '{_CONFIG_KEY}')"
)
_STATEFUL_TEXT = (
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
    "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)
_STATEFUL_FIXED = ("serviceName", "selector", "volumeClaimTemplates", "podManagementPolicy")


def _shown(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _wrong(field: str, value: object, why: str) -> FieldError:
    return FieldError(field, f"Invalid value: {_shown(value)}: {why}")


def field_errors(resource: Resource, obj: Object, old: Object | None) -> list[FieldError]:
    """What is wrong with an object that is about to be stored; `old` is what it replaces."""
    found = list(_metadata(resource, obj))
    spec = obj.get("spec") or {}
    if obj["kind"] in _SELECTING or obj["kind"] == "Job":
        found += _workload(obj["kind"], spec)
    elif obj["kind"] == "Pod":
        found += _pod("spec", spec)
    elif obj["kind"] == "Service":
        found += _service(spec)
    elif obj["kind"] in ("Secret", "ConfigMap"):
        found += _config(obj)
    if old:
        found += _fixed(obj, old)
    return found


def _metadata(resource: Resource, obj: Object) -> Iterator[FieldError]:
    name = obj["metadata"]["name"]
    pattern, text, limit = _SUBDOMAIN, _SUBDOMAIN_TEXT, 253
    if obj["kind"] == "Service":
        pattern, text, limit = _DNS_1035, _DNS_1035_TEXT, 63
    elif obj["kind"] == "Namespace":
        pattern, text, limit = _DNS_LABEL, _DNS_LABEL_TEXT, 63
    # RBAC names are path segments, such as system:aggregate-to-view.
    if resource.group != "rbac.authorization.k8s.io":
        if not re.fullmatch(pattern, name):
            yield _wrong("metadata.name", name, text)
        if len(name) > limit:
            yield _wrong("metadata.name", name, f"must be no more than {limit} characters")
    for value in (obj["metadata"].get("labels") or {}).values():
        if len(value) > 63:
            yield _wrong("metadata.labels", value, "must be no more than 63 bytes")
        elif not re.fullmatch(_LABEL_VALUE, value):
            yield _wrong("metadata.labels", value, _LABEL_TEXT)


def _workload(kind: str, spec: Object) -> Iterator[FieldError]:
    template = spec.get("template") or {}
    if (spec.get("replicas") or 0) < 0:
        yield _wrong("spec.replicas", spec["replicas"], "must be greater than or equal to 0")
    if kind in _SELECTING:
        labels = (template.get("metadata") or {}).get("labels") or {}
        wanted = (spec.get("selector") or {}).get("matchLabels") or {}
        if not spec.get("selector"):
            yield FieldError("spec.selector", "Required value")
        elif not wanted.items() <= labels.items():
            yield _wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
    yield from _pod("spec.template.spec", template.get("spec") or {})
    policy = (template.get("spec") or {}).get("restartPolicy")
    allowed = ("OnFailure", "Never") if kind == "Job" else ("Always",)
    if policy and policy not in allowed:
        supported = ", ".join(f'"{each}"' for each in allowed)
        yield FieldError("spec.template.spec.restartPolicy", f'Unsupported value: "{policy}": supported values: {supported}')


def _pod(path: str, spec: Object) -> Iterator[FieldError]:
    if not spec.get("containers"):
        yield FieldError(f"{path}.containers", "Required value")
    for index, container in enumerate(spec.get("containers") or []):
        place = f"{path}.containers[{index}]"
        if not container.get("name"):
            yield FieldError(f"{place}.name", "Required value")
        elif not re.fullmatch(_DNS_LABEL, container["name"]):
            yield _wrong(f"{place}.name", container["name"], _DNS_LABEL_TEXT)
        if not container.get("image"):
            yield FieldError(f"{place}.image", "Required value")
        for number, port in enumerate(container.get("ports") or []):
            yield from _port(f"{place}.ports[{number}].containerPort", port.get("containerPort"))


def _port(path: str, value: Any) -> Iterator[FieldError]:
    if isinstance(value, int) and not 1 <= value <= 65535:
        yield _wrong(path, value, "must be between 1 and 65535, inclusive")


def _service(spec: Object) -> Iterator[FieldError]:
    kind = spec.get("type")
    if kind not in _SERVICE_TYPES:
        supported = ", ".join(f'"{each}"' for each in _SERVICE_TYPES)
        yield FieldError("spec.type", f'Unsupported value: "{kind}": supported values: {supported}')
    ports = spec.get("ports") or []
    if not ports and kind != "ExternalName" and spec.get("clusterIP") != "None":
        yield FieldError("spec.ports", "Required value")
    for index, port in enumerate(ports):
        if len(ports) > 1 and not port.get("name"):
            yield FieldError(f"spec.ports[{index}].name", "Required value")
        yield from _port(f"spec.ports[{index}].port", port.get("port"))
        yield from _port(f"spec.ports[{index}].targetPort", port.get("targetPort"))


def _config(obj: Object) -> Iterator[FieldError]:
    data = obj.get("data") or {}
    for key in data:
        if not re.fullmatch(_CONFIG_KEY, key):
            yield _wrong(f"data[{key}]", key, _CONFIG_KEY_TEXT)
    if obj["kind"] == "Secret" and sum(len(value or "") * 3 // 4 for value in data.values()) > _SECRET_MAX_BYTES:
        yield FieldError("data", f"Too long: may not be more than {_SECRET_MAX_BYTES} bytes")


def _fixed(obj: Object, old: Object) -> Iterator[FieldError]:
    """Fields that may not change once they are set."""
    kind, spec, before = obj["kind"], obj.get("spec") or {}, old.get("spec") or {}
    if kind in ("Deployment", "ReplicaSet", "DaemonSet") and spec.get("selector") != before.get("selector"):
        yield _wrong("spec.selector", spec.get("selector"), "field is immutable")
    elif kind == "StatefulSet" and any(spec.get(field) != before.get(field) for field in _STATEFUL_FIXED):
        yield FieldError("spec", _STATEFUL_TEXT)
    elif kind == "Job" and spec.get("template") != before.get("template"):
        yield _wrong("spec.template", spec.get("template"), "field is immutable")
    elif (
        kind == "Service"
        and before.get("clusterIP")
        and "ExternalName" not in (spec.get("type"), before.get("type"))
        and spec.get("clusterIP") != before["clusterIP"]
    ):
        yield _wrong("spec.clusterIPs[0]", spec.get("clusterIPs"), "may not change once set")
    elif kind == "Secret" and obj.get("type") != old.get("type"):
        yield _wrong("type", obj.get("type"), "field is immutable")
    if kind in ("Secret", "ConfigMap") and old.get("immutable") and obj.get("data") != old.get("data"):
        yield FieldError("data", "Forbidden: field is immutable when `immutable` is set")
