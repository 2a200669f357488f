"""What goes back: JSON documents in the forms clients ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from helmpanel.sandbox.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource


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


def shaped(resource: Resource, obj: Object, form: str, version: int, include: str = "Metadata") -> Object:
    """One object in the form asked for."""
    if form == "table":
        return table(resource, [obj], version, include)
    if form == "partial":
        return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
    return obj


def listing(resource: Resource, objects: Sequence[Object], form: str, version: int, include: str = "Metadata") -> Object:
    """A list of objects in the form asked for.

    Args:
        include: What a table's rows carry: None, Metadata or Object.
    """
    metadata = {"resourceVersion": str(version)}
    if form == "table":
        return table(resource, objects, version, include)
    if form == "partial":
        return {
            "kind": "PartialObjectMetadataList",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": metadata,
            "items": [shaped(resource, each, form, version) for each in objects],
        }
    return {"kind": f"{resource.kind}List", "apiVersion": resource.api_version, "metadata": metadata, "items": list(objects)}
