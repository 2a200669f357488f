"""Sets of fields: what server-side apply counts with.

A field is a path such as `("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"main"}', "f:image")`, in the spelling of `managedFields`;
`"."` at its end stands for the list item itself. Atomic maps and lists without keys are one field.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any

from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.schema import Shape, identity

Path = tuple[str, ...]
Fields = set[Path]

# Nobody owns what identifies an object, nor what the server writes itself.
_UNOWNED = {"name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "generateName", "selfLink"}


def values(obj: Object, shape: Shape) -> dict[Path, Any]:
    """All fields of an object that somebody can own, with their values."""
    metadata = {key: value for key, value in obj.get("metadata", {}).items() if key not in _UNOWNED}
    rest = {key: value for key, value in obj.items() if key not in ("apiVersion", "kind", "metadata")}
    return dict(_leaves({**rest, **({"metadata": metadata} if metadata else {})}, shape, ()))


def _leaves(value: Any, shape: Shape, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and (value or not path) and not shape.is_atomic:
        for key, item in value.items():
            yield from _leaves(item, shape.field(key), (*path, f"f:{key}"))
    elif items := _keyed(value, shape):
        for name, item in items.items():
            yield (*path, name, "."), True
            yield from _leaves(item, shape.item(), (*path, name))
    else:
        yield path, value


def _keyed(items: Any, shape: Shape) -> dict[str, Object]:
    """List items by their `k:` name; empty when the list is one value."""
    keys = shape.map_keys
    if not keys or not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return {}
    return {"k:" + json.dumps(dict(zip(keys, identity(item, keys), strict=True)), separators=(",", ":"), sort_keys=True): item for item in items}


def changed(new: Object, old: Object, shape: Shape) -> Fields:
    """The fields of `new` that `old` lacks or has with another value."""
    before = values(old, shape)
    return {path for path, value in values(new, shape).items() if path not in before or before[path] != value}


def common(left: Iterable[Path], right: Iterable[Path]) -> Fields:
    """Fields in both sets. A field of one side covers all that the other has below it."""
    mine, others = set(left), set(right)
    return {path for path in mine if _is_within(path, others)} | {path for path in others if _is_within(path, mine)}


def _is_within(path: Path, fields: Fields) -> bool:
    return any(path[:end] in fields for end in range(1, len(path) + 1))


def packed(fields: Iterable[Path]) -> Object:
    """The nested form that `managedFields` has: `{"f:spec": {"f:replicas": {}}}`."""
    out: Object = {}
    for path in sorted(fields):
        place = out
        for name in path:
            place = place.setdefault(name, {})
    return out


def unpacked(nested: Object, path: Path = ()) -> Fields:
    """The fields in the nested form."""
    out: Fields = set()
    for name, below in nested.items():
        out |= unpacked(below, (*path, name)) if below else {(*path, name)}
    return out


def text_of(path: Path) -> str:
    """A field as conflicts name it: `.spec.template.spec.containers[name="main"].image`."""
    out = ""
    for name in path:
        if name.startswith("k:"):
            out += f"[{','.join(f'{key}={json.dumps(value)}' for key, value in json.loads(name[2:]).items())}]"
        else:
            out += f".{name.removeprefix('f:')}"
    return out


def without(value: Any, gone: Fields, shape: Shape, path: Path = ()) -> Any:
    """An object, or a part of one, with these fields taken out of it."""
    if isinstance(value, dict):
        named = {key: (*path, f"f:{key}") for key in value}
        return {key: without(item, gone, shape.field(key), named[key]) for key, item in value.items() if named[key] not in gone}
    if items := _keyed(value, shape):
        return [without(item, gone, shape.item(), (*path, name)) for name, item in items.items() if (*path, name, ".") not in gone]
    return value


def applied(current: Any, wanted: Any, shape: Shape) -> Any:
    """`current` with an applied configuration on top: maps and keyed lists merge, all else is replaced."""
    if isinstance(wanted, dict) and isinstance(current, dict) and not shape.is_atomic:
        return {**current, **{key: applied(current.get(key), item, shape.field(key)) for key, item in wanted.items()}}
    before, after = _keyed(current, shape), _keyed(wanted, shape)
    if before and after:
        return list({**before, **{name: applied(before.get(name), item, shape.item()) for name, item in after.items()}}.values())
    if shape.is_set and isinstance(wanted, list) and isinstance(current, list):
        return list(dict.fromkeys([*current, *wanted]))
    return copy.deepcopy(wanted)
