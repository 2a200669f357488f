"""Just enough of Kubernetes' protobuf to read what helm's storage drivers send. Answers are always JSON, which every client accepts.

A message type maps field numbers to (name, type), the type being `str`, `bool`, `map:str`, `map:bytes` or another message type. The numbers are
those of Kubernetes' `generated.proto` files.
"""

import base64
from collections.abc import Callable, Iterator
from typing import Any

from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.status import UnknownRequest

MAGIC = b"k8s\x00"

# Of an object's metadata only what clients set: the rest is the server's.
_METADATA = {1: ("name", "str"), 3: ("namespace", "str"), 6: ("resourceVersion", "str"), 11: ("labels", "map:str"), 12: ("annotations", "map:str")}
_MESSAGES: dict[str, dict[int, tuple[str, Any]]] = {
    "Secret": {1: ("metadata", _METADATA), 2: ("data", "map:bytes"), 3: ("type", "str"), 4: ("stringData", "map:str"), 5: ("immutable", "bool")},
    "ConfigMap": {1: ("metadata", _METADATA), 2: ("data", "map:str"), 3: ("binaryData", "map:bytes"), 4: ("immutable", "bool")},
    "DeleteOptions": {3: ("orphanDependents", "bool"), 4: ("propagationPolicy", "str"), 5: ("dryRun", "str")},
}
_READ: dict[str, Callable[[Any], Any]] = {"str": bytes.decode, "bytes": lambda wire: base64.b64encode(wire).decode(), "bool": bool, "raw": bytes}
_ENVELOPE = {1: ("typeMeta", {1: ("apiVersion", "str"), 2: ("kind", "str")}), 2: ("raw", "raw")}


def decoded(body: bytes) -> Object:
    """The object in a protobuf body; a ValueError when it is none, an UnknownRequest when it is of a kind that is not read here."""
    if not body.startswith(MAGIC):
        raise ValueError("the body does not begin as a Kubernetes protobuf body does")
    envelope = _message(body[len(MAGIC) :], _ENVELOPE)
    meta = envelope.get("typeMeta", {})
    if meta.get("kind") not in _MESSAGES:
        raise UnknownRequest(f"{meta.get('apiVersion')} {meta.get('kind')} as protobuf")
    return {**meta, **_message(envelope.get("raw", b""), _MESSAGES[meta["kind"]])}


def _message(body: bytes, fields: dict[int, tuple[str, Any]]) -> Object:
    out: Object = {}
    for number, wire in _fields(body):
        name, kind = fields.get(number, ("", ""))
        if isinstance(kind, str) and kind.startswith("map:"):
            entry = dict(_fields(wire))
            key: bytes = entry.get(1, b"")
            out.setdefault(name, {})[key.decode()] = _value(entry.get(2, b""), kind.removeprefix("map:"))
        # Go writes zero values of fields that are not pointers; JSON leaves them out.
        elif name and (value := _value(wire, kind)) != "":
            out[name] = value
    return out


def _value(wire: Any, kind: Any) -> Any:
    return _message(wire, kind) if isinstance(kind, dict) else _READ[kind](wire)


def _fields(body: bytes) -> Iterator[tuple[int, Any]]:
    """Field numbers with their values: an int, or the bytes of a length-delimited field."""
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        value, at = _varint(body, at)
        match tag & 7:
            case 0:
                yield tag >> 3, value
            case 2:
                yield tag >> 3, body[at : at + value]
                at += value
            case other:
                raise ValueError(f"wire type {other} does not occur in Kubernetes bodies read here")


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and the place behind it."""
    value = shift = 0
    for end, byte in enumerate(body[at : at + 10], at + 1):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, end
    raise ValueError("the protobuf body ends in the middle of a number")
