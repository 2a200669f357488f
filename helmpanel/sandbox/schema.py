"""Kubernetes' own schemas: which fields exist, of what type, and how the items of a list are told apart.

`schemas.json.gz` is made by `scripts/update_sandbox_schemas.py` from the PyPI package kubernetes-validate (Apache-2.0, see schemas.NOTICE).
"""

import functools
import gzip
from pathlib import Path
from typing import Any

import orjson

from helmpanel.sandbox.objects import Object

REFERENCE = "#/components/schemas/"
# Where a resolved definition keeps its own name.
_NAME = "x-name"
_OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
# The fields that name a list item may be left out where Kubernetes has a default for them.
_KEY_DEFAULTS = {"protocol": "TCP"}


@functools.cache
def definitions() -> Object:
    """All definitions by name."""
    found: Object = orjson.loads(gzip.decompress(Path(__file__).with_name("schemas.json.gz").read_bytes()))
    return found


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


class Shape:
    """The schema at one place inside an object; empty where nothing is known, as inside custom resources."""

    def __init__(self, definition: Object) -> None:
        self.definition = definition
        # The Go type, such as `DeploymentSpec`; empty for what has no name of its own.
        self.name = str(definition.get(_NAME, "")).rpartition(".")[2]
        # The field that names a list's items for strategic merge patches, and those for server-side apply: none when the list is one value.
        self.merge_key: str | None = definition.get("x-kubernetes-patch-merge-key")
        list_type = definition.get("x-kubernetes-list-type")
        self.map_keys: tuple[str, ...] = tuple(definition.get("x-kubernetes-list-map-keys", ())) if list_type == "map" else ()
        # Whether a list of plain values is a set, merged item by item; whether a map, such as a selector, is one value for server-side apply.
        self.is_set = list_type == "set" or (definition.get("x-kubernetes-patch-strategy") == "merge" and not self.merge_key)
        self.is_atomic = definition.get("x-kubernetes-map-type") == "atomic"

    def field(self, name: str) -> "Shape":
        """The schema of one field."""
        known = self.definition.get("properties") or {}
        return self._below(known.get(name, self.definition.get("additionalProperties")))

    def item(self) -> "Shape":
        """The schema of a list's items."""
        return self._below(self.definition.get("items"))

    @staticmethod
    def _below(definition: object) -> "Shape":
        return Shape(_resolved(definition)) if isinstance(definition, dict) else _UNKNOWN


_UNKNOWN = Shape({})


@functools.cache
def shape_of(gvk: tuple[str, str, str]) -> Shape:
    """The schema of a kind; of a kind that is not built in only its metadata is known."""
    kind = dict(zip(("group", "version", "kind"), gvk, strict=True))
    built_in = (found for found in definitions().values() if kind in found.get("x-kubernetes-group-version-kind", ()))
    return Shape(next(built_in, {"properties": {"metadata": {"$ref": REFERENCE + _OBJECT_META}}, "x-kubernetes-preserve-unknown-fields": True}))


def identity(item: Object, keys: tuple[str, ...]) -> tuple[Any, ...]:
    """What tells one list item from another."""
    return tuple(item.get(key, _KEY_DEFAULTS.get(key)) for key in keys)
