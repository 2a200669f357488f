"""Label and field selectors, as `labelSelector` and `fieldSelector` spell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helmpanel.sandbox.status import bad_request

if TYPE_CHECKING:
    from helmpanel.sandbox.objects import Object

_REQUIREMENT = re.compile(r"(?:[^,(]|\([^)]*\))+")
_SET = re.compile(r"^(\S+)\s+(in|notin)\s+\(([^)]*)\)$")
_EQUALITY = re.compile(r"^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$")
_KEY = re.compile(r"^!?\s*[\w./-]+$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One demand on one key.

    Attributes:
        values: Values the key may have; None when only its presence counts.
        is_wanted: False turns the demand round (`!=`, `notin`, `!key`).
    """

    key: str
    values: frozenset[str] | None
    is_wanted: bool

    def holds(self, value: str | None) -> bool:
        """Whether a key with this value (None: absent) meets the demand."""
        met = value is not None if self.values is None else value in self.values
        return met is self.is_wanted


def label_requirements(selector: str) -> list[Requirement]:
    """A label selector, read."""
    found = []
    for part in _REQUIREMENT.findall(selector):
        text = part.strip()
        if match := _SET.match(text):
            values = frozenset(value.strip() for value in match[3].split(","))
            found.append(Requirement(match[1], values, match[2] == "in"))
        elif match := _EQUALITY.match(text):
            found.append(Requirement(match[1], frozenset({match[3]}), match[2] != "!="))
        elif _KEY.match(text):
            found.append(Requirement(text.removeprefix("!").strip(), None, not text.startswith("!")))
        else:
            raise bad_request(f"unable to parse requirement: {text!r}")
    return found


def field_requirements(selector: str) -> list[Requirement]:
    """A field selector, read; keys are dotted paths."""
    found = []
    for part in filter(None, selector.split(",")):
        match = _EQUALITY.match(part)
        if not match:
            raise bad_request(f"invalid field selector {part!r}")
        found.append(Requirement(match[1], frozenset({match[3]}), match[2] != "!="))
    return found


def field_value(obj: Object, path: str) -> str:
    """The value at a dotted path as field selectors see it; empty when absent."""
    value: object = obj
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Selector:
    """What a list or a watch asks for."""

    namespace: str | None
    labels: tuple[Requirement, ...]
    fields: tuple[Requirement, ...]

    @classmethod
    def parsed(cls, namespace: str | None, labels: str = "", fields: str = "") -> Selector:
        """From the texts of a request."""
        return cls(namespace, tuple(label_requirements(labels)), tuple(field_requirements(fields)))

    @property
    def name(self) -> str | None:
        """The one name asked for, when a single name is."""
        for each in self.fields:
            if each.key == "metadata.name" and each.is_wanted and each.values:
                return next(iter(each.values))
        return None

    def matches(self, obj: Object) -> bool:
        """Whether an object is asked for."""
        metadata = obj["metadata"]
        if self.namespace and metadata.get("namespace") != self.namespace:
            return False
        labels = metadata.get("labels") or {}
        return all(each.holds(labels.get(each.key)) for each in self.labels) and all(each.holds(field_value(obj, each.key)) for each in self.fields)
