"""What goes back: JSON documents in the forms clients ask for, Tables for `helm status` among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from helmpanel.sandbox.objects import Object, seconds_since, status_of
from helmpanel.sandbox.request import Request
from helmpanel.sandbox.resources import Resource

_META = "meta.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def document(content: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    return Answer(orjson.dumps(content), status, headers=headers or {})


def shaped(request: Request, resource: Resource, found: Object | list[Object], version: int) -> Object:
    """An object, or a list of objects, in the form the request asks for."""
    objects, metadata = found if isinstance(found, list) else [found], {"resourceVersion": str(version)}
    if request.form == "table":
        return {**_table(resource, objects, request.query.get("includeObject") == "Object"), "metadata": metadata}
    if request.form == "partial":
        objects = [_partial(each) for each in objects]
    if not isinstance(found, list):
        return objects[0]
    kind, version_of = (resource.kind, resource.api_version) if request.form == "full" else ("PartialObjectMetadata", _META)
    return {"kind": f"{kind}List", "apiVersion": version_of, "metadata": metadata, "items": objects}


def _partial(obj: Object) -> Object:
    return {"kind": "PartialObjectMetadata", "apiVersion": _META, "metadata": obj["metadata"]}


def _containers(pod: Object) -> list[Object]:
    return status_of(pod).get("containerStatuses") or []


def _pod_status(pod: Object) -> str:
    reasons = (each["state"].get(state, {}).get("reason") for state in ("waiting", "terminated") for each in _containers(pod))
    return next(filter(None, reasons), None) or str(status_of(pod).get("phase", "Pending"))


def _ready_of(obj: Object) -> str:
    return f"{status_of(obj).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 1)}"


# Kinds without columns of their own show name and age.
_COLUMNS: dict[str, dict[str, Callable[[Object], Any]]] = {
    "Pod": {
        "Ready": lambda pod: f"{sum(each['ready'] for each in _containers(pod))}/{len(pod['spec']['containers'])}",
        "Status": _pod_status,
        "Restarts": lambda pod: sum(each.get("restartCount", 0) for each in _containers(pod)),
    },
    "Deployment": {
        "Ready": _ready_of,
        "Up-to-date": lambda obj: status_of(obj).get("updatedReplicas", 0),
        "Available": lambda obj: status_of(obj).get("availableReplicas", 0),
    },
    "StatefulSet": {"Ready": _ready_of},
    "Service": {
        "Type": lambda obj: obj["spec"]["type"],
        "Cluster-IP": lambda obj: obj["spec"].get("clusterIP") or "<none>",
        "External-IP": lambda _: "<none>",
        "Port(s)": lambda obj: ",".join(f"{each['port']}/{each['protocol']}" for each in obj["spec"].get("ports") or []) or "<none>",
    },
}
_UNITS = ((2 * 86_400, 86_400, "d"), (2 * 3_600, 3_600, "h"), (120, 60, "m"), (0, 1, "s"))


def _age(obj: Object) -> str:
    seconds = int(seconds_since(obj["metadata"]["creationTimestamp"]))
    return next(f"{seconds // size}{unit}" for least, size, unit in _UNITS if seconds >= least)


def _table(resource: Resource, objects: Sequence[Object], is_whole: bool) -> Object:
    cells: dict[str, Callable[[Object], Any]] = {"Name": lambda obj: obj["metadata"]["name"], **_COLUMNS.get(resource.kind, {}), "Age": _age}
    columns = [{"name": name, "type": "string", "format": "name" if name == "Name" else "", "description": "", "priority": 0} for name in cells]
    rows = [{"cells": [cell(each) for cell in cells.values()], "object": each if is_whole else _partial(each)} for each in objects]
    return {"kind": "Table", "apiVersion": _META, "columnDefinitions": columns, "rows": rows}
