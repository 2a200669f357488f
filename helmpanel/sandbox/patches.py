"""JSON patch, merge patch and strategic merge patch. Inputs are never changed."""

import copy
from typing import Any

from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.schema import Shape, identity
from helmpanel.sandbox.status import UnknownRequest

_ORDER = "$setElementOrder/"
_REMOVE = "$deleteFromPrimitiveList/"


def merged(target: Any, patch: Any) -> Any:
    """JSON merge patch (RFC 7396): maps merge, null takes away, all else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    before = target if isinstance(target, dict) else {}
    kept = {key: value for key, value in before.items() if key not in patch}
    return {**kept, **{key: merged(before.get(key), value) for key, value in patch.items() if value is not None}}


def strategically_merged(target: Any, patch: Any, shape: Shape) -> Any:
    """Strategic merge patch: as a merge patch, but lists whose items have a key merge item by item."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if patch.get("$patch") == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    out = dict(target) if isinstance(target, dict) else {}
    if "$retainKeys" in patch:
        out = {key: value for key, value in out.items() if key in patch["$retainKeys"]}
    for key, value in patch.items():
        field = key.partition("/")[2]
        if key.startswith(_ORDER):
            if field not in patch and isinstance(out.get(field), list):
                out[field] = _merged_list(out[field], [], shape.field(field), value)
        elif key.startswith(_REMOVE):
            out[field] = [item for item in out.get(field) or [] if item not in value]
        elif value is None:
            out.pop(key, None)
        elif isinstance(value, list) and key != "$retainKeys":
            out[key] = _merged_list(out.get(key) or [], value, shape.field(key), patch.get(_ORDER + key))
        elif not key.startswith("$"):
            out[key] = strategically_merged(out.get(key), value, shape.field(key))
    return out


def _merged_list(current: list[Any], patch: list[Any], shape: Shape, order: list[Any] | None) -> list[Any]:
    if shape.merge_key is None:
        return list(dict.fromkeys([*current, *patch])) if shape.is_set else copy.deepcopy(patch)
    keys = (shape.merge_key,)
    whole = {"$patch": "replace"}
    out = {} if whole in patch else {identity(each, keys): each for each in current}
    for item in patch:
        if item.get("$patch") == "delete":
            out.pop(identity(item, keys), None)
        elif item != whole:
            out[identity(item, keys)] = strategically_merged(out.get(identity(item, keys), {}), item, shape.item())
    places = {identity(each, keys): index for index, each in enumerate(order or [])}
    return sorted(out.values(), key=lambda each: places.get(identity(each, keys), len(places)))


def json_patched(document: Object, operations: list[Object]) -> Object:
    """JSON patch (RFC 6902) without `move` and `copy`; a LookupError when a path is not there, a ValueError when a `test` does not hold."""
    out = copy.deepcopy(document)
    for operation in operations:
        kind, value = operation["op"], operation.get("value")
        if kind not in ("add", "remove", "replace", "test"):
            raise UnknownRequest(f"{kind} in a JSON patch")
        parent, key = _place(out, operation["path"])
        if kind == "test" and parent[key] != value:
            raise ValueError(f"testing value {operation['path']} failed")
        if kind in ("remove", "replace"):
            del parent[key]
        if kind in ("add", "replace") and isinstance(parent, list):
            parent.insert(key, value)
        elif kind in ("add", "replace"):
            parent[key] = value
    return out


def _place(document: Any, pointer: str) -> tuple[Any, Any]:
    """Container and key that a JSON pointer names; `-` is the place after the last item."""
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in parents:
        document = document[int(part)] if isinstance(document, list) else document[part]
    if isinstance(document, list):
        return document, len(document) if last == "-" else int(last)
    return document, last
