"""Just enough of Kubernetes' protobuf to read what helm's storage drivers send. Answers are always JSON, which every client accepts.

A message type maps field numbers to (name, type). A type is `str`, `bool`, `map:str`, `map:bytes`, another message type, or a list of one type for
a repeated field. The numbers are those of Kubernetes' `generated.proto` files.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helmpanel.sandbox.objects import Object

MAGIC = b"k8s\x00"

# Of an object's metadata only what clients set: the rest is the server's.
_METADATA = {1: ("name", "str"), 3: ("namespace", "str"), 6: ("resourceVersion", "str"), 11: ("labels", "map:str"), 12: ("annotations", "map:str")}
_MESSAGES: dict[str, dict[int, tuple[str, Any]]] = {
    "Secret": {1: ("metadata", _METADATA), 2: ("data", "map:bytes"), 3: ("type", "str"), 4: ("stringData", "map:str"), 5: ("immutable", "bool")},
    "ConfigMap": {1: ("metadata", _METADATA), 2: ("data", "map:str"), 3: ("binaryData", "map:bytes"), 4: ("immutable", "bool")},
    "DeleteOptions": {3: ("orphanDependents", "bool"), 4: ("propagationPolicy", "str"), 5: ("dryRun", ["str"])},
}
_TYPE_META = {1: ("apiVersion", "str"), 2: ("kind", "str")}
_ENVELOPE = {1: ("typeMeta", _TYPE_META), 2: ("raw", "raw")}


class UnknownMessage(Exception):
    """A body of a kind that is not read here."""


def decoded(body: bytes) -> Object:
    """The object in a protobuf body.

    Raises:
        UnknownMessage: It is of a kind that is not read here.
        ValueError: It is not a Kubernetes protobuf body.
    """
    if not body.startswith(MAGIC):
        raise ValueError("the body does not begin as a Kubernetes protobuf body does")
    envelope = _message(body[len(MAGIC) :], _ENVELOPE)
    meta = envelope.get("typeMeta", {})
    if meta.get("kind") not in _MESSAGES:
        raise UnknownMessage(f"{meta.get('apiVersion')} {meta.get('kind')} as protobuf")
    return {**meta, **_message(envelope.get("raw", b""), _MESSAGES[meta["kind"]])}


def _message(body: bytes, fields: dict[int, tuple[str, Any]]) -> Object:
    out: Object = {}
    for number, wire in _fields(body):
        if number not in fields:
            continue
        name, kind = fields[number]
        if isinstance(kind, list):
            out.setdefault(name, []).append(_value(wire, kind[0]))
        elif isinstance(kind, str) and kind.startswith("map:"):
            entry = dict(_fields(wire))
            key: bytes = entry.get(1, b"")
            out.setdefault(name, {})[key.decode()] = _value(entry.get(2, b""), kind.removeprefix("map:"))
        else:
            value = _value(wire, kind)
            # Go writes zero values of fields that are not pointers; JSON leaves them out.
            if value not in ("", None):
                out[name] = value
    return out


def _value(wire: Any, kind: Any) -> Any:
    match kind:
        case dict():
            return _message(wire, kind)
        case "str":
            return wire.decode()
        case "bytes":
            return base64.b64encode(wire).decode()
        case "bool":
            return bool(wire)
        case _:
            return wire


def _fields(body: bytes) -> Iterator[tuple[int, Any]]:
    """Field numbers with their values: an int, or the bytes of a length-delimited field."""
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        match tag & 7:
            case 0:
                value, at = _varint(body, at)
                yield tag >> 3, value
            case 2:
                length, at = _varint(body, at)
                yield tag >> 3, body[at : at + length]
                at += length
            case other:
                raise ValueError(f"wire type {other} does not occur in Kubernetes bodies read here")


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(body):
            raise ValueError("the protobuf body ends in the middle of a number")
        byte = body[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
