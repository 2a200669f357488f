"""What a Kubernetes object is here: a plain dictionary, never changed once it is stored."""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Objects come from outside as JSON and have the shape of their kind: no narrower type tells the truth.
Object = dict[str, Any]

# Kubernetes leaves vowels and look-alikes out of generated names.
SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def now() -> str:
    """The time as the API writes it: UTC, whole seconds."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_since(stamp: str) -> float:
    """Seconds from a time as the API writes it until now."""
    then = datetime.datetime.fromisoformat(stamp)
    return (datetime.datetime.now(datetime.UTC) - then).total_seconds()


def random_suffix() -> str:
    """Five letters for a generated name."""
    return "".join(secrets.choice(SUFFIX_LETTERS) for _ in range(5))


def labels_of(obj: Object) -> dict[str, str]:
    """Labels, empty when there are none."""
    return obj["metadata"].get("labels") or {}


def annotations_of(obj: Object) -> dict[str, str]:
    """Annotations, empty when there are none."""
    return obj["metadata"].get("annotations") or {}


def owners_of(obj: Object) -> list[Object]:
    """Owner references, empty when there are none."""
    return obj["metadata"].get("ownerReferences") or []


def with_metadata(obj: Object, **changes: object) -> Object:
    """A copy with these metadata fields set; a field given as None is taken away."""
    metadata = {**obj["metadata"], **changes}
    return {**obj, "metadata": {key: value for key, value in metadata.items() if value is not None}}


def owner_reference(owner: Object) -> Object:
    """The reference that makes an object belong to `owner`, its controller."""
    metadata = owner["metadata"]
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def conditions_of(obj: Object) -> dict[str, Object]:
    """Status conditions by type."""
    return {each["type"]: each for each in (obj.get("status") or {}).get("conditions") or []}


def is_ready(pod: Object) -> bool:
    """Whether a pod's Ready condition is true."""
    return bool(conditions_of(pod).get("Ready", {}).get("status") == "True")


def containers_of(pod_spec: Object) -> Iterator[Object]:
    """All containers of a pod's spec, the initial ones first."""
    yield from pod_spec.get("initContainers") or []
    yield from pod_spec.get("containers") or []
