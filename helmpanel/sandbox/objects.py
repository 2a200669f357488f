"""What a Kubernetes object is here: a plain dictionary, never changed once it is stored."""

import datetime
from typing import Any

# Objects come from outside as JSON and have the shape of their kind: no narrower type tells the truth.
Object = dict[str, Any]
Key = tuple[str | None, str]


def now() -> str:
    """The time as the API writes it: UTC, whole seconds."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_since(stamp: str) -> float:
    """Seconds from a time as the API writes it until now."""
    return (datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(stamp)).total_seconds()


def key_of(obj: Object) -> Key:
    """Namespace (None where there is none) and name."""
    return obj["metadata"].get("namespace"), obj["metadata"]["name"]


def labels_of(obj: Object) -> dict[str, str]:
    """Labels, empty when there are none."""
    return obj["metadata"].get("labels") or {}


def owners_of(obj: Object) -> list[Object]:
    """Owner references, empty when there are none."""
    return obj["metadata"].get("ownerReferences") or []


def status_of(obj: Object) -> Object:
    """The status, empty when there is none."""
    return obj.get("status") or {}


def conditions_of(obj: Object) -> dict[str, Object]:
    """Status conditions by type."""
    return {each["type"]: each for each in status_of(obj).get("conditions") or []}


def with_metadata(obj: Object, **changes: object) -> Object:
    """A copy with these metadata fields set."""
    return {**obj, "metadata": {**obj["metadata"], **changes}}
