"""Whether the fields of a body exist and have the right type, refused in the words of the two ways a real server reads bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helmpanel.sandbox import schema
from helmpanel.sandbox.status import ApiError, FieldError, bad_request, invalid

if TYPE_CHECKING:
    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource


def check_body(resource: Resource, body: Object, *, is_strict: bool) -> Object:
    """A created or replaced object, as the server takes it.

    Args:
        is_strict: Unknown fields are refused (`fieldValidation=Strict`); otherwise they are dropped.

    Returns:
        The body without the unknown fields.

    Raises:
        ApiError: 400 for types and unknown fields, 422 for fields that are missing.
    """
    found = schema.problems(resource.gvk, body)
    read_as = f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}'
    for each in found:
        if each.sort == "type":
            raise bad_request(f"{read_as}: json: cannot unmarshal {each.actual} into Go struct field {each.owner}.{each.path[1:]} of type {each.expected}")
    unknown = [each.path for each in found if each.sort == "unknown"]
    if unknown and is_strict:
        raise bad_request(f"{read_as}: strict decoding error: {', '.join(unknown_fields(resource, body))}")
    for path in unknown:
        _drop(body, path)
    check_required(resource, body)
    return body


def unknown_fields(resource: Resource, body: Object) -> list[str]:
    """What a server says, in a Warning header, of fields that it is about to drop."""
    return [f'unknown field "{each.path[1:]}"' for each in schema.problems(resource.gvk, body) if each.sort == "unknown"]


def check_required(resource: Resource, body: Object) -> None:
    """Refuse an object in which a required field is missing.

    Raises:
        ApiError: 422.
    """
    missing = [FieldError(each.path[1:], "Required value") for each in schema.problems(resource.gvk, body) if each.sort == "required"]
    if missing:
        raise invalid(resource, body["metadata"].get("name", ""), missing)


def check_applied(resource: Resource, body: Object, namespace: str | None, name: str) -> None:
    """Refuse an applied configuration with fields that do not exist or have the wrong type.

    Raises:
        ApiError: 500, as a real server calls it.
    """
    wrong = []
    for each in schema.problems(resource.gvk, body):
        if each.sort == "unknown":
            wrong.append(f"{each.path}: field not declared in schema")
        elif each.sort == "type":
            wrong.append(f"{each.path}: expected {_APPLY_TYPES.get(each.wanted, each.wanted)}, got {_as_applied(each.value)}")
    if wrong:
        where = f"{namespace or ''}/{name}; {resource.group}/{resource.version}, Kind={resource.kind}"
        text = f".{wrong[0].removeprefix('.')}" if len(wrong) == 1 else "errors:\n" + "\n".join(f"  {each}" for each in wrong)
        raise ApiError(500, "", f"failed to create typed patch object ({where}): {text}")


_APPLY_TYPES = {"integer": "numeric (int or float)", "number": "numeric (int or float)", "object": "map", "array": "list"}


def _as_applied(value: Any) -> str:
    match value:
        case str():
            return "string"
        case _:
            return f"&value.valueUnstructured{{Value:{value!r}}}"


def _drop(obj: Any, path: str) -> None:
    *parents, last = path[1:].replace("[", ".[").split(".")
    for part in parents:
        obj = obj[int(part[1:-1])] if part.startswith("[") else obj[part]
    obj.pop(last, None)
