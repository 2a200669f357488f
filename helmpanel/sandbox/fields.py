"""Sets of fields, in the FieldsV1 form of `managedFields`: what server-side apply counts with.

A set is a nested dictionary: `{"f:spec": {"f:replicas": {}}}`; items of keyed lists are `'k:{"name":"main"}'`, and "." stands for the item itself.
An empty dictionary is a leaf: the field with all that is in it.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from helmpanel.sandbox.schema import Shape, identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helmpanel.sandbox.objects import Object

Fields = dict[str, Any]

# Nobody owns what identifies an object, nor what the server writes itself.
_UNOWNED_METADATA = {"name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "generateName", "selfLink"}


def _ownable(obj: Object) -> Object:
    metadata = {key: value for key, value in obj.get("metadata", {}).items() if key not in _UNOWNED_METADATA}
    rest = {key: value for key, value in obj.items() if key not in ("apiVersion", "kind", "metadata")}
    return {**rest, "metadata": metadata} if metadata else rest


def _keyed(items: Any, shape: Shape) -> dict[str, Object] | None:
    """List items by their `k:` name; None when the list is one value."""
    keys = shape.map_keys
    if not keys or not items or not all(isinstance(item, dict) for item in items):
        return None
    return {"k:" + json.dumps(dict(zip(keys, identity(item, keys), strict=True)), separators=(",", ":"), sort_keys=True): item for item in items}


def owned(obj: Object, shape: Shape) -> Fields:
    """All fields of an object that somebody can own."""
    return _fields(_ownable(obj), shape)


def _fields(value: Any, shape: Shape) -> Fields:
    if isinstance(value, dict) and not shape.is_atomic:
        return {f"f:{key}": _fields(item, shape.field(key)) for key, item in value.items()}
    if isinstance(value, list) and (items := _keyed(value, shape)):
        return {name: {".": {}, **_fields(item, shape.item())} for name, item in items.items()}
    return {}


def changed(new: Object, old: Object, shape: Shape) -> Fields:
    """The fields of `new` that `old` lacks or has with another value."""
    return _changed(_ownable(new), _ownable(old), shape)


def _changed(new: Any, old: Any, shape: Shape) -> Fields:
    out: Fields = {}
    if isinstance(new, dict):
        pairs = [(f"f:{key}", item, old.get(key), key in old, shape.field(key)) for key, item in new.items()]
    else:
        before = _keyed(old, shape) or {}
        pairs = [(name, item, before.get(name), name in before, shape.item()) for name, item in (_keyed(new, shape) or {}).items()]
    for name, item, was, is_there, inner in pairs:
        if is_there and was == item:
            continue
        both_maps = isinstance(item, dict) and isinstance(was, dict) and not inner.is_atomic
        if is_there and (both_maps or (_keyed(item, inner) and _keyed(was, inner))):
            if below := _changed(item, was, inner):
                out[name] = below
        else:
            out[name] = {**({".": {}} if name.startswith("k:") else {}), **_fields(item, inner)}
    return out


def union(left: Fields, right: Fields) -> Fields:
    """Fields in either set."""
    out = dict(left)
    for name, below in right.items():
        out[name] = union(out[name], below) if name in out else below
    return out


def minus(left: Fields, right: Fields) -> Fields:
    """Fields of `left` that are not in `right`."""
    out: Fields = {}
    for name, below in left.items():
        if name not in right:
            out[name] = below
        elif below and (rest := minus(below, right[name])):
            out[name] = rest
    return out


def common(left: Fields, right: Fields) -> Fields:
    """Fields in both sets. A leaf of one side covers all that the other has below it."""
    out: Fields = {}
    for name, below in left.items():
        if name not in right:
            continue
        other = right[name]
        if not below or not other:
            out[name] = below or other
        elif both := common(below, other):
            out[name] = both
    return out


def paths(fields: Fields, prefix: str = "") -> Iterator[str]:
    """The leaves as conflicts name them: `.spec.template.spec.containers[name="main"].image`."""
    for name, below in fields.items():
        if name == ".":
            continue
        if name.startswith("k:"):
            keys = json.loads(name.removeprefix("k:"))
            path = f"{prefix}[{','.join(f'{key}={json.dumps(value)}' for key, value in keys.items())}]"
        else:
            path = f"{prefix}.{name.removeprefix('f:')}"
        if below.keys() - {"."}:
            yield from paths(below, path)
        else:
            yield path


def without(value: Any, fields: Fields, shape: Shape) -> Any:
    """An object, or a part of one, with these fields taken out of it."""
    if isinstance(value, dict):
        out = {}
        for key, item in value.items():
            below = fields.get(f"f:{key}")
            if below is None:
                out[key] = item
            elif below:
                out[key] = without(item, below, shape.field(key))
        return out
    if isinstance(value, list) and (items := _keyed(value, shape)):
        kept = []
        for name, item in items.items():
            below = fields.get(name)
            if below is None:
                kept.append(item)
            elif "." not in below:
                kept.append(without(item, below, shape.item()))
        return kept
    return value


def applied(current: Any, wanted: Any, shape: Shape) -> Any:
    """`current` with an applied configuration on top: maps and keyed lists merge, all else is replaced."""
    if isinstance(wanted, dict) and isinstance(current, dict) and not shape.is_atomic:
        return {**current, **{key: applied(current.get(key), item, shape.field(key)) for key, item in wanted.items()}}
    if isinstance(wanted, list) and isinstance(current, list):
        before, after = _keyed(current, shape), _keyed(wanted, shape)
        if before and after:
            merged = [applied(item, after[name], shape.item()) if name in after else item for name, item in before.items()]
            return merged + [copy.deepcopy(item) for name, item in after.items() if name not in before]
        if shape.is_set:
            return list(dict.fromkeys([*current, *wanted]))
    return copy.deepcopy(wanted)
