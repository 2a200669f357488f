"""Helm's storage, decoded: from a stored record to what a row shows, and on request to everything in it. Pure.

A payload is base64 (Kubernetes, in Secrets only), base64 (helm), gzip when its magic bytes are there, JSON; helm's own is pkg/storage/driver/util.go.
Whoever may write Secrets may write anything there: nothing in here trusts it.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from helmpanel.inventory.labels import EARLIEST, LATEST, UNKNOWN, Stored, named, stored
from helmpanel.text import cut

GZIP_MAGIC = b"\x1f\x8b\x08"
# Beginnings of a payload that are tried, and the most each may unpack to. 4 KB of base64 hold the metadata of nearly every chart: 0.1 ms instead of 3 ms.
FRONTS = ((4 * 1024, 64 * 1024), (32 * 1024, 512 * 1024), (256 * 1024, 4 * 2**20))
WHOLE_LIMIT = 64 * 2**20
"""Bytes that a whole payload may unpack to: some twenty times what the charts that just fit into a Secret have."""
MOST_VALUES = 2_000_000
"""Values that a whole payload may consist of: `[],[],` without end is small as text and takes twenty times that as objects."""
MOST_NESTED = 20_000
"""Lists and objects in a front that is parsed; one that has more is left to the whole, which says why."""
LONGEST_TEXT = 256
LONGEST_DESCRIPTION = 4096

# Only one whole payload is unpacked at a time, so that many bombs cost no more than one.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a row shows of one stored revision."""

    namespace: str
    name: str
    revision: int
    status: str
    chart: str = ""
    version: str = ""
    app_version: str = ""
    updated: datetime | None = None
    description: str = ""
    unreadable: str = ""
    """Why the payload cannot be read, as a sentence; then the labels alone tell the rest. Empty when it can."""


class StoredRelease(dict[str, object]):
    """The whole JSON of a stored revision: name, info, chart, config, manifest, hooks, version, namespace."""


def head(obj: Mapping[str, object], told: Stored | None = None) -> Head | None:
    """What a row shows of a Secret or ConfigMap of helm's; None for an object that names no release. Never raises.

    Only the front of the payload is decoded, where Go writes `info` and `chart.metadata`: name and status are held against the labels, revision and namespace,
    which stand at its end, when the whole is read.

    Args:
        obj: A Secret or ConfigMap.
        told: What its metadata tell, where that is known already.
    """
    told = told or stored(obj)
    if told is None:
        return None
    try:
        return _head(told, _payload(obj))
    except ValueError as cause:
        return unreadable(told, str(cause))


def unreadable(told: Stored, why: str) -> Head:
    """What a row shows of a record of which only the metadata can be read; `why` is the end of a sentence."""
    return Head(
        namespace=told.namespace,
        name=told.name,
        revision=told.revision,
        status=told.status,
        updated=told.modified,
        unreadable=f"What is stored of revision {told.revision} cannot be read: {why}.",
    )


def stored_release(obj: Mapping[str, object]) -> StoredRelease:
    """Everything in one stored record: user values (`config`), manifest, the chart with templates and defaults.

    Raises:
        ValueError: The payload cannot be read, or tells of another revision than its labels.
    """
    found = decode(_payload(obj))
    told = stored(obj)
    if told is not None:
        _compare(told, found)
    return found


def _compare(told: Stored, found: Mapping[str, object]) -> None:
    for what, label in (("name", told.name), ("namespace", told.namespace), ("version", told.revision)):
        if what in found and found[what] != label:
            raise ValueError(f"its labels say {_WORDS[what]} {label}, its content {_shown(found[what])}")


def decode(payload: str) -> StoredRelease:
    """The JSON in a payload as the API gives it.

    Raises:
        ValueError: Why it cannot be read, as the end of a sentence.
    """
    with _one_at_a_time:
        data = _unpacked(_unwrapped(payload), WHOLE_LIMIT)
        if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
            raise ValueError(f"it holds more than {MOST_VALUES:,} values")
        try:
            document = orjson.loads(data)
        except ValueError as cause:
            raise ValueError("it is no JSON" if _is_utf8(data) else "it is not UTF-8") from cause
    if not isinstance(document, dict):
        raise ValueError("it is JSON, but no object")
    return StoredRelease(document)


def go_time(text: object) -> datetime | None:
    """A time as Go writes it, in UTC; None for none, Go's zero time, one that no frame holds, or no time at all."""
    if not isinstance(text, str) or not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        utc = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if EARLIEST <= utc < LATEST else None


def _head(told: Stored, payload: str) -> Head:
    is_odd = named(told.object_name) not in (None, (told.name, told.revision))
    front = None if is_odd else _front(payload)
    if front is None:
        whole = decode(payload)
        if is_odd:  # name and labels cannot both be right
            _compare(told, whole)
        chart = whole.get("chart")
        front = whole.get("name"), whole.get("info"), chart.get("metadata") if isinstance(chart, dict) else None
    name, info, metadata = front
    if not isinstance(info, dict):
        raise ValueError("it has no info")
    if not isinstance(metadata, dict) or not _text(metadata.get("name")) or not isinstance(metadata.get("version"), str):
        raise ValueError("it names no chart")
    status = _text(info.get("status"))
    if name != told.name:
        raise ValueError(f"its labels say name {told.name}, its content {_shown(name)}")
    if status != told.status and told.status != UNKNOWN:
        raise ValueError(f"its labels say status {told.status}, its content {_shown(status)}")
    return Head(
        namespace=told.namespace,
        name=told.name,
        revision=told.revision,
        status=status or told.status,
        chart=_text(metadata.get("name")),
        version=_text(metadata.get("version")),
        app_version=_text(metadata.get("appVersion")),
        updated=go_time(info.get("last_deployed")),
        description=_text(info.get("description"), LONGEST_DESCRIPTION),
    )


_JSON = json.JSONDecoder()
_BEGINNING = '{"name":'
_INFO = ',"info":'
_CHART_METADATA = ',"chart":{"metadata":'


def _front(payload: str) -> tuple[object, object, object] | None:
    """`name`, `info` and `chart.metadata` from the beginning of a payload; None when they are not whole in it, or not in Go's order.

    Go writes a struct's fields in order: name, info, chart.metadata come first. Everything else (templates, values, manifest) stays packed.
    """
    for length, limit in FRONTS:
        try:
            # Multiples of 4 of the outer base64 give multiples of 3 bytes; 16 keeps the inner one whole as well.
            text = _beginning(_unwrapped(payload[: length - length % 16], is_cut=len(payload) > length), limit)
            if not text.startswith(_BEGINNING) or text.count("[") + text.count("{") > MOST_NESTED:
                return None
            name, at = _JSON.raw_decode(text, len(_BEGINNING))
            if not text.startswith(_INFO, at):
                return None
            info, at = _JSON.raw_decode(text, at + len(_INFO))
            if not text.startswith(_CHART_METADATA, at):
                return None
            metadata, _ = _JSON.raw_decode(text, at + len(_CHART_METADATA))
        except (ValueError, RecursionError):
            continue  # cut in the middle, or broken: take more, and at last everything, which says why
        return name, info, metadata
    return None


def _beginning(data: bytes, limit: int) -> str:
    if data.startswith(GZIP_MAGIC):
        try:
            data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, limit)
        except zlib.error as cause:
            raise ValueError("broken gzip") from cause
    data = data[:limit]
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError as wrong:
        return data[: wrong.start].decode()  # what comes before may be all that is needed


def _unwrapped(payload: str, *, is_cut: bool = False) -> bytes:
    """Without base64: two layers in a Secret, one in a ConfigMap."""
    outer = _unbased(payload)
    if outer.startswith((GZIP_MAGIC, b"{")):
        return outer
    return _unbased(outer[: len(outer) - len(outer) % 4] if is_cut else outer)


def _unbased(data: str | bytes) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raw = data.encode("ascii", "replace") if isinstance(data, str) else data
    # Go passes over line ends; everything else that does not belong is an error there too.
    try:
        return base64.b64decode(raw.translate(None, b"\r\n"), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise ValueError("it is not base64") from cause


def _unpacked(data: bytes, limit: int) -> bytes:
    if not data.startswith(GZIP_MAGIC):
        return data
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(data, limit)
    except zlib.error as cause:
        raise ValueError("it is broken gzip") from cause
    if not unpacker.eof:
        raise ValueError("it is cut off" if not unpacker.unconsumed_tail else f"it unpacks to more than {limit // 2**20} MiB")
    return found


_WORDS = {"name": "name", "namespace": "namespace", "version": "revision"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _payload(obj: Mapping[str, object]) -> str:
    data = obj.get("data")
    payload = data.get("release") if isinstance(data, dict) else None
    if not isinstance(payload, str) or not payload:
        raise ValueError("there is no payload in it")
    return payload


def _text(value: object, limit: int = LONGEST_TEXT) -> str:
    """A text that everything downstream can carry: no lone surrogates (JSON has them), no control characters, not without end."""
    if not isinstance(value, str):
        return ""
    return cut(_CONTROL.sub("\ufffd", value.encode("utf-8", "replace").decode()), limit)


def _shown(value: object) -> str:
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"  # which may be a million levels deep
    return _text(str(value), 60) or "nothing"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
