"""Whether the fields of a body exist and have the right type, refused in the words of the two ways a real server reads bodies."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.resources import Resource
from helmpanel.sandbox.schema import Shape, shape_of
from helmpanel.sandbox.status import ApiError, FieldError, invalid

_JSON_TYPES: dict[type, str] = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
# How Go calls what it found, and (nearly) what it wanted.
_GO_JSON: dict[type, str] = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}
_GO_TYPES = {"boolean": "bool", "string": "string", "object": "map[string]string", "array": "[]string"}
_APPLY_TYPES = {"integer": "numeric (int or float)", "number": "numeric (int or float)", "object": "map", "array": "list"}


class Problem(NamedTuple):
    """One disagreement between an object and its schema."""

    sort: Literal["type", "unknown", "required"]
    path: str  # where, with a leading dot
    owner: str = ""  # the Go type that has the field, such as `DeploymentSpec`; of an unknown field its name
    wanted: str = ""  # JSON type the field has
    format: str = ""  # the same more closely, such as int32
    value: Any = None  # what was found instead; of an unknown field the map that has it


def problems(resource: Resource, obj: Object) -> list[Problem]:
    """Where an object disagrees with the schema of its kind."""
    return list(_problems(obj, shape_of(resource.gvk), "", resource.kind))


def _problems(value: Any, shape: Shape, path: str, owner: str) -> Iterator[Problem]:
    definition = shape.definition
    # Quantities and int-or-string values have a choice of types: their content is not checked.
    if value is None or not definition or "oneOf" in definition or "anyOf" in definition:
        return
    declared = definition.get("type") or []
    allowed = [each for each in (declared if isinstance(declared, list) else [declared]) if each != "null"]
    actual = _JSON_TYPES[type(value)]
    if allowed and actual not in allowed and not (actual == "integer" and "number" in allowed):
        yield Problem("type", path, owner, allowed[0], definition.get("format", allowed[0]), value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(item, shape.item(), f"{path}[{index}]", owner)
    elif isinstance(value, dict):
        known = definition.get("properties")
        for key, item in value.items():
            if known is not None and key not in known and not definition.get("x-kubernetes-preserve-unknown-fields"):
                yield Problem("unknown", f"{path}.{key}", key, value=value)
            else:
                yield from _problems(item, shape.field(key), f"{path}.{key}", shape.name or owner)
        yield from (Problem("required", f"{path}.{key}") for key in definition.get("required", ()) if value.get(key) is None)


def check_body(resource: Resource, body: Object, validation: str = "Warn") -> list[str]:
    """Refuse (400, 422) a created or replaced object that is not as its kind should be, and take unknown fields out of it.

    `validation` is the request's `fieldValidation`: Strict refuses unknown fields, Warn returns what to say of them in Warning headers.
    """
    found = problems(resource, body)
    read_as = f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}'
    for each in found:
        if each.sort == "type":
            actual, expected = _GO_JSON.get(type(each.value), "object"), _GO_TYPES.get(each.wanted, each.format)
            raise ApiError(400, f"{read_as}: json: cannot unmarshal {actual} into Go struct field {each.owner}.{each.path[1:]} of type {expected}")
    unknown = [each for each in found if each.sort == "unknown"]
    said = [f'unknown field "{each.path[1:]}"' for each in unknown]
    if said and validation == "Strict":
        raise ApiError(400, f"{read_as}: strict decoding error: {', '.join(said)}")
    for each in unknown:
        del each.value[each.owner]
    check_required(resource, body)
    return said if validation == "Warn" else []


def check_required(resource: Resource, body: Object) -> None:
    """Refuse (422) an object in which a required field is missing."""
    if missing := [FieldError(each.path[1:], "Required value") for each in problems(resource, body) if each.sort == "required"]:
        raise invalid(resource, body["metadata"].get("name", ""), missing)


def check_applied(resource: Resource, body: Object, namespace: str | None, name: str) -> None:
    """Refuse (500, as a real server has it) an applied configuration with fields that do not exist or have the wrong type."""
    wrong = []
    for each in problems(resource, body):
        if each.sort == "unknown":
            wrong.append(f"{each.path}: field not declared in schema")
        elif each.sort == "type":
            actual = "string" if isinstance(each.value, str) else f"&value.valueUnstructured{{Value:{each.value!r}}}"
            wrong.append(f"{each.path}: expected {_APPLY_TYPES.get(each.wanted, each.wanted)}, got {actual}")
    if wrong:
        where = f"{namespace or ''}/{name}; {resource.group}/{resource.version}, Kind={resource.kind}"
        text = f".{wrong[0].removeprefix('.')}" if len(wrong) == 1 else "errors:\n" + "\n".join(f"  {each}" for each in wrong)
        raise ApiError(500, f"failed to create typed patch object ({where}): {text}", reason="")
