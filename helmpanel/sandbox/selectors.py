"""Label and field selectors, as `labelSelector` and `fieldSelector` spell them."""

import re
from typing import NamedTuple

from helmpanel.sandbox.objects import Object, labels_of
from helmpanel.sandbox.status import ApiError

_REQUIREMENT = re.compile(r"(?:[^,(]|\([^)]*\))+")
_SET = re.compile(r"^(\S+)\s+(in|notin)\s+\(([^)]*)\)$")
_EQUALITY = re.compile(r"^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$")
_KEY = re.compile(r"^!?\s*[\w./-]+$")


class Requirement(NamedTuple):
    """One demand on one key."""

    key: str
    values: frozenset[str] | None  # those the key may have; None when only its presence counts
    is_wanted: bool  # False turns the demand round (`!=`, `notin`, `!key`)

    def holds(self, value: str | None) -> bool:
        """Whether a key with this value (None: absent) meets the demand."""
        met = value is not None if self.values is None else value in self.values
        return met is self.is_wanted


def _requirements(selector: str) -> list[Requirement]:
    found = []
    for part in _REQUIREMENT.findall(selector):
        text = part.strip()
        if match := _SET.match(text):
            found.append(Requirement(match[1], frozenset(each.strip() for each in match[3].split(",")), match[2] == "in"))
        elif match := _EQUALITY.match(text):
            found.append(Requirement(match[1], frozenset({match[3]}), match[2] != "!="))
        elif _KEY.match(text):
            found.append(Requirement(text.removeprefix("!").strip(), None, not text.startswith("!")))
        else:
            raise ApiError(400, f"unable to parse requirement: {text!r}")
    return found


def _at(obj: Object, path: str) -> str:
    """The value at a dotted path as field selectors see it; empty when absent."""
    value: object = obj
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return "" if value is None else str(value)


class Selector:
    """What a list or a watch asks for."""

    def __init__(self, namespace: str | None = None, labels: str = "", fields: str = "") -> None:
        self.namespace = namespace
        self._labels = _requirements(labels)
        self._fields = _requirements(fields)

    def matches(self, obj: Object) -> bool:
        """Whether an object is asked for."""
        if self.namespace and obj["metadata"].get("namespace") != self.namespace:
            return False
        labels = labels_of(obj)
        return all(each.holds(labels.get(each.key)) for each in self._labels) and all(each.holds(_at(obj, each.key)) for each in self._fields)
