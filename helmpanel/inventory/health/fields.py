"""Fields of objects that somebody else wrote: of the type they should have, or as if they were not there. Pure; nothing here raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, object]

LARGEST = 2**31 - 1
"""Kubernetes counts in 32 bits."""


def fields(value: object) -> Fields:
    """An object's fields; none when it is no object."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> Iterator[Fields]:
    """The objects of a list."""
    return (one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))


def text(value: object) -> str:
    """A text; empty when it is none."""
    return value if isinstance(value, str) else ""


def count(value: object, otherwise: int = 0) -> int:
    """A number of things; `otherwise` when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST else otherwise


def condition(status: Fields, kind: str) -> Fields:
    """The condition of a kind; empty when it is not told."""
    return next((one for one in items(status.get("conditions")) if one.get("type") == kind), {})
