"""JSON patch, merge patch and strategic merge patch. Inputs are never changed."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from helmpanel.sandbox.schema import Shape, identity

if TYPE_CHECKING:
    from helmpanel.sandbox.objects import Object

_DIRECTIVES = ("$patch", "$retainKeys")
_ORDER = "$setElementOrder/"
_REMOVE = "$deleteFromPrimitiveList/"


def merged(target: Any, patch: Any) -> Any:
    """JSON merge patch (RFC 7396): maps merge, null takes away, all else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merged(out.get(key), value)
    return out


def strategically_merged(target: Any, patch: Any, shape: Shape) -> Any:
    """Strategic merge patch: as a merge patch, but lists whose items have a key merge item by item."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if patch.get("$patch") == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    if patch.get("$patch") == "delete":
        return {}
    out = dict(target) if isinstance(target, dict) else {}
    if "$retainKeys" in patch:
        out = {key: value for key, value in out.items() if key in patch["$retainKeys"]}
    for key, value in patch.items():
        if key in _DIRECTIVES:
            continue
        if key.startswith(_ORDER):
            field = key.removeprefix(_ORDER)
            if field not in patch and isinstance(out.get(field), list):
                out[field] = _merged_list(out[field], [], shape.field(field), value)
        elif key.startswith(_REMOVE):
            field = key.removeprefix(_REMOVE)
            out[field] = [item for item in out.get(field) or [] if item not in value]
        elif value is None:
            out.pop(key, None)
        elif isinstance(value, list):
            out[key] = _merged_list(out.get(key) or [], value, shape.field(key), patch.get(_ORDER + key))
        else:
            out[key] = strategically_merged(out.get(key), value, shape.field(key))
    return out


def _merged_list(current: list[Any], patch: list[Any], shape: Shape, order: list[Any] | None) -> list[Any]:
    whole = {"$patch": "replace"}
    if whole in patch:
        return [copy.deepcopy(item) for item in patch if item != whole]
    if shape.merge_key is None:
        return list(dict.fromkeys([*current, *patch])) if shape.is_set else copy.deepcopy(patch)
    keys = (shape.merge_key,)
    out = list(current)
    for item in patch:
        place = next((index for index, each in enumerate(out) if identity(each, keys) == identity(item, keys)), None)
        if item.get("$patch") == "delete":
            if place is not None:
                del out[place]
        elif place is None:
            out.append(strategically_merged({}, item, shape.item()))
        else:
            out[place] = strategically_merged(out[place], item, shape.item())
    if order:
        positions = {identity(each, keys): index for index, each in enumerate(order)}
        out.sort(key=lambda each: positions.get(identity(each, keys), len(positions)))
    return out


def json_patched(document: Object, operations: list[Object]) -> Object:
    """JSON patch (RFC 6902).

    Raises:
        ValueError: A `test` does not hold, or an operation is unknown.
        LookupError: A path is not there.
    """
    out = copy.deepcopy(document)
    for operation in operations:
        value = operation.get("value")
        if operation["op"] in ("move", "copy"):
            parent, key = _place(out, operation["from"])
            value = copy.deepcopy(parent[key])
            if operation["op"] == "move":
                del parent[key]
        parent, key = _place(out, operation["path"])
        match operation["op"]:
            case "add" | "move" | "copy":
                if isinstance(parent, list):
                    parent.insert(key, value)
                else:
                    parent[key] = value
            case "replace":
                del parent[key]  # a LookupError when it is not there
                if isinstance(parent, list):
                    parent.insert(key, value)
                else:
                    parent[key] = value
            case "remove":
                del parent[key]
            case "test":
                if parent[key] != value:
                    raise ValueError(f"testing value {operation['path']} failed")
            case other:
                raise ValueError(f"Unexpected kind: {other}")
    return out


def _place(document: Any, pointer: str) -> tuple[Any, Any]:
    """Container and key that a JSON pointer names; `-` is the place after the last item."""
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in parents:
        document = document[int(part)] if isinstance(document, list) else document[part]
    if isinstance(document, list):
        return document, len(document) if last == "-" else int(last)
    return document, last
