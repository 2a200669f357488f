"""Kubernetes' own schemas: which fields exist, of what type, and how the items of a list are told apart.

`schemas.json.gz` is made by `scripts/update_sandbox_schemas.py` from the PyPI package kubernetes-validate (Apache-2.0, see schemas.NOTICE).
"""

from __future__ import annotations

import functools
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from helmpanel.sandbox.objects import Object

REFERENCE = "#/components/schemas/"
# Where a resolved definition keeps its own name.
_NAME = "x-name"
_OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_GO_TYPES = {"boolean": "bool", "string": "string", "object": "map[string]string", "array": "[]string"}
_GO_JSON: dict[type, str] = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}
_JSON_TYPES: dict[type, str] = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
# The fields that name a list item may be left out where Kubernetes has a default for them.
_KEY_DEFAULTS = {"protocol": "TCP"}


@functools.cache
def definitions() -> Object:
    """All definitions by name."""
    packed = Path(__file__).with_name("schemas.json.gz").read_bytes()
    found: Object = orjson.loads(gzip.decompress(packed))
    return found


@functools.cache
def _names_by_kind() -> dict[tuple[str, str, str], str]:
    return {
        (each["group"], each["version"], each["kind"]): name
        for name, definition in definitions().items()
        for each in definition.get("x-kubernetes-group-version-kind", ())
    }


def _resolved(definition: Object) -> Object:
    """Follow references; extensions beside a reference win."""
    while True:
        extensions = {key: value for key, value in definition.items() if key.startswith("x-")}
        if "$ref" in definition:
            name = definition["$ref"].removeprefix(REFERENCE)
            definition = {**definitions()[name], **extensions, _NAME: name}
        elif len(definition.get("allOf", ())) == 1:
            definition = {**definition["allOf"][0], **extensions}
        else:
            return definition


@dataclass(frozen=True, slots=True)
class Shape:
    """The schema at one place inside an object; empty where nothing is known, as inside custom resources."""

    definition: Object

    def field(self, name: str) -> Shape:
        """The schema of one field."""
        found = (self.definition.get("properties") or {}).get(name)
        if found is None:
            found = self.definition.get("additionalProperties")
        return Shape(_resolved(found)) if isinstance(found, dict) else _UNKNOWN

    def item(self) -> Shape:
        """The schema of a list's items."""
        found = self.definition.get("items")
        return Shape(_resolved(found)) if isinstance(found, dict) else _UNKNOWN

    @property
    def name(self) -> str:
        """The Go type, such as `DeploymentSpec`; empty for what has no name of its own."""
        return str(self.definition.get(_NAME, "")).rpartition(".")[2]

    @property
    def merge_key(self) -> str | None:
        """The field that names an item for strategic merge patches."""
        found: str | None = self.definition.get("x-kubernetes-patch-merge-key")
        return found

    @property
    def map_keys(self) -> tuple[str, ...]:
        """The fields that name an item for server-side apply; empty when the list is one value."""
        return tuple(self.definition.get("x-kubernetes-list-map-keys", ())) if self.definition.get("x-kubernetes-list-type") == "map" else ()

    @property
    def is_set(self) -> bool:
        """Whether a list of plain values is a set, merged item by item."""
        merged = self.definition.get("x-kubernetes-patch-strategy") == "merge" and not self.merge_key
        return merged or self.definition.get("x-kubernetes-list-type") == "set"

    @property
    def is_atomic(self) -> bool:
        """Whether a map is one value for server-side apply, such as a selector."""
        return self.definition.get("x-kubernetes-map-type") == "atomic"


_UNKNOWN = Shape({})


@functools.cache
def shape_of(gvk: tuple[str, str, str]) -> Shape:
    """The schema of a kind; of a kind that is not built in only its metadata is known."""
    name = _names_by_kind().get(gvk)
    return Shape(definitions()[name] if name else {"properties": {"metadata": {"$ref": REFERENCE + _OBJECT_META}}})


def identity(item: Object, keys: tuple[str, ...]) -> tuple[Any, ...]:
    """What tells one list item from another."""
    return tuple(item.get(key, _KEY_DEFAULTS.get(key)) for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One disagreement between an object and its schema.

    Attributes:
        sort: `type`, `unknown` or `required`.
        path: Where, with a leading dot.
        owner: The Go type that has the field, such as `DeploymentSpec`.
        wanted: JSON type the field has, for `type`.
        format: Its format, such as int32; empty for none.
        value: What was found instead.
    """

    sort: str
    path: str
    owner: str = ""
    wanted: str = ""
    format: str = ""
    value: Any = None

    @property
    def expected(self) -> str:
        """The Go type of the field, nearly."""
        return _GO_TYPES.get(self.wanted, self.format or self.wanted)

    @property
    def actual(self) -> str:
        """The sort of JSON that was found, as Go calls it."""
        return _GO_JSON.get(type(self.value), "object")


def problems(gvk: tuple[str, str, str], obj: Object) -> list[Problem]:
    """Where an object disagrees with the schema of its kind; nothing for kinds that are not built in."""
    if gvk not in _names_by_kind():
        return []
    found: list[Problem] = []
    _check(obj, shape_of(gvk), "", gvk[2], found)
    return found


def _check(value: Any, shape: Shape, path: str, owner: str, found: list[Problem]) -> None:
    definition = shape.definition
    # Quantities and int-or-string values have a choice of types: their content is not checked.
    if value is None or not definition or "oneOf" in definition or "anyOf" in definition:
        return
    declared = definition.get("type") or []
    allowed = [each for each in (declared if isinstance(declared, list) else [declared]) if each != "null"]
    actual = _JSON_TYPES[type(value)]
    if allowed and actual not in allowed and not (actual == "integer" and "number" in allowed):
        found.append(Problem(sort="type", path=path, owner=owner, wanted=allowed[0], format=definition.get("format", ""), value=value))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, shape.item(), f"{path}[{index}]", owner, found)
    elif isinstance(value, dict):
        known = definition.get("properties")
        inner = shape.name or owner
        for key, item in value.items():
            if known is not None and key not in known and not definition.get("x-kubernetes-preserve-unknown-fields"):
                found.append(Problem(sort="unknown", path=f"{path}.{key}"))
            else:
                _check(item, shape.field(key), f"{path}.{key}", inner, found)
        found.extend(Problem(sort="required", path=f"{path}.{key}") for key in definition.get("required", ()) if value.get(key) is None)
