"""Tables, which `helm status` prints. Kinds without columns of their own show name and age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helmpanel.sandbox.objects import Object, seconds_since

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from helmpanel.sandbox.resources import Resource


def _status(obj: Object) -> Object:
    return obj.get("status") or {}


def _containers(pod: Object) -> list[Object]:
    return _status(pod).get("containerStatuses") or []


def _pod_status(pod: Object) -> str:
    waiting = (each.get("state", {}).get("waiting", {}).get("reason") for each in _containers(pod))
    terminated = (each.get("state", {}).get("terminated", {}).get("reason") for each in _containers(pod))
    return next((each for each in (*waiting, *terminated) if each), None) or str(_status(pod).get("phase", "Pending"))


def _ready_of(obj: Object) -> str:
    return f"{_status(obj).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 1)}"


def _ports(service: Object) -> str:
    return ",".join(f"{each['port']}/{each['protocol']}" for each in service["spec"].get("ports") or []) or "<none>"


_COLUMNS: dict[str, list[tuple[str, Callable[[Object], Any]]]] = {
    "Pod": [
        ("Ready", lambda pod: f"{sum(each['ready'] for each in _containers(pod))}/{len(pod['spec']['containers'])}"),
        ("Status", _pod_status),
        ("Restarts", lambda pod: sum(each.get("restartCount", 0) for each in _containers(pod))),
    ],
    "Deployment": [
        ("Ready", _ready_of),
        ("Up-to-date", lambda obj: _status(obj).get("updatedReplicas", 0)),
        ("Available", lambda obj: _status(obj).get("availableReplicas", 0)),
    ],
    "StatefulSet": [("Ready", _ready_of)],
    "Service": [
        ("Type", lambda obj: obj["spec"]["type"]),
        ("Cluster-IP", lambda obj: obj["spec"].get("clusterIP") or "<none>"),
        ("External-IP", lambda _: "<none>"),
        ("Port(s)", _ports),
    ],
}
_UNITS = ((2 * 86_400, 86_400, "d"), (2 * 3_600, 3_600, "h"), (120, 60, "m"), (0, 1, "s"))


def _age(obj: Object) -> str:
    seconds = int(seconds_since(obj["metadata"]["creationTimestamp"]))
    return next(f"{seconds // size}{unit}" for least, size, unit in _UNITS if seconds >= least)


def _column(name: str) -> Object:
    return {"name": name, "type": "string", "format": "name" if name == "Name" else "", "description": "", "priority": 0}


def _carried(obj: Object, include: str) -> Object | None:
    if include == "None":
        return None
    return obj if include == "Object" else {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}


def table(resource: Resource, objects: Sequence[Object], version: int, include: str) -> Object:
    """Objects as a Table; `include` says what each row carries: None, Metadata or Object."""
    columns = _COLUMNS.get(resource.kind, [])
    rows = [{"cells": [each["metadata"]["name"], *(cell(each) for _, cell in columns), _age(each)], "object": _carried(each, include)} for each in objects]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": str(version)},
        "columnDefinitions": [_column(name) for name in ("Name", *(name for name, _ in columns), "Age")],
        "rows": rows,
    }
