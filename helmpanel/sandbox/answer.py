"""What goes back: JSON documents in the forms clients ask for, Tables for `helm status` among them."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from helmpanel.sandbox.objects import Object, seconds_since, status_of
from helmpanel.sandbox.request import Request
from helmpanel.sandbox.resources import Resource

_META = "meta.k8s.io/v1"
PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    body: bytes = b""  # all of it, or its beginning when there are more pieces
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Iterator[bytes] | None = None  # the rest of the body, made while it is sent: 25,000 stored revisions are 1.3 GB


def document(content: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    return Answer(orjson.dumps(content), status, headers=headers or {})


def shaped(request: Request, resource: Resource, obj: Object, version: int) -> Object:
    """An object in the form the request asks for."""
    if request.form == "table":
        return _table(request, resource, [obj], {"resourceVersion": str(version)})
    return _partial(obj) if request.form == "partial" else obj


def listed(request: Request, resource: Resource, objects: Sequence[Object], metadata: Object) -> Answer:
    """A list in the form the request asks for; a long one is written while it is sent."""
    if request.form == "table":
        return document(_table(request, resource, objects, metadata))
    is_full = request.form == "full"
    kind, version = (resource.kind, resource.api_version) if is_full else ("PartialObjectMetadata", _META)
    begin = orjson.dumps({"kind": f"{kind}List", "apiVersion": version, "metadata": metadata})[:-1] + b',"items":['
    # As on a real server, built-in kinds are not named again in each item.
    shape = _partial if not is_full else _unnamed if not resource.definition else _as_it_is
    pieces = _pieces(begin, (orjson.dumps(shape(each)) for each in objects), b"]}")
    first, second = next(pieces), next(pieces, None)
    return Answer(first, more=None if second is None else itertools.chain([second], pieces))


def _pieces(begin: bytes, items: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    parts, size = [begin], 0
    for count, item in enumerate(items):
        if size > PIECE_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
        parts += [b",", item] if count else [item]
        size += len(item)
    yield b"".join([*parts, end])


def _as_it_is(obj: Object) -> Object:
    return obj


def _unnamed(obj: Object) -> Object:
    return {key: value for key, value in obj.items() if key not in ("kind", "apiVersion")}


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


def _table(request: Request, resource: Resource, objects: Sequence[Object], metadata: Object) -> Object:
    is_whole = request.query.get("includeObject") == "Object"
    cells: dict[str, Callable[[Object], Any]] = {"Name": lambda obj: obj["metadata"]["name"], **_COLUMNS.get(resource.kind, {}), "Age": _age}
    columns = [{"name": name, "type": "string", "format": "name" if name == "Name" else "", "description": "", "priority": 0} for name in cells]
    rows = [{"cells": [cell(each) for cell in cells.values()], "object": each if is_whole else _partial(each)} for each in objects]
    return {"kind": "Table", "apiVersion": _META, "metadata": metadata, "columnDefinitions": columns, "rows": rows}
