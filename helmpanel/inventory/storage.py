"""Helm's storage, decoded: from a Secret to what a row shows, and on request to everything in it. Pure.

A payload is base64 (Kubernetes), base64 (helm), gzip when its magic bytes are there, JSON; helm's own is pkg/storage/driver/util.go.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from helmpanel.errors import ServerFault

UNREADABLE = "The stored record of this revision cannot be read."
"""Description of a release whose payload is broken: the labels still give name, revision and status."""

GZIP_MAGIC = b"\x1f\x8b\x08"
# 4 KB of base64 hold the metadata of nearly every chart; 0.1 ms instead of 3 ms for a whole payload.
PREFIX = 4096
# Go cuts nothing, so a payload of 1 MiB may unpack to much more; a bomb must not take the process with it.
WHOLE_LIMIT = 256 * 1024 * 1024
_PREFIX_LIMIT = 1024 * 1024


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


class StoredRelease(dict[str, object]):
    """The whole JSON of a stored revision: name, info, chart, config, manifest, hooks, version, namespace."""


def heads(listing: bytes) -> list[Head]:
    """The highest revision of each release in a listing of Secrets, in no order. CPU-bound: call it in a thread.

    Args:
        listing: JSON of a SecretList. Items that are not helm's are passed over.

    Raises:
        ServerFault: The bytes are no list of Secrets.
    """
    try:
        items = orjson.loads(listing)["items"] or []
        newest: dict[tuple[str, str], tuple[int, Mapping[str, object]]] = {}
        for item in items:
            found = _identity(item)
            if found is not None and found[1] > newest.get(found[0], (-1,))[0]:
                newest[found[0]] = (found[1], item)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ServerFault("The API server answered a listing of Secrets with something else. Check its address, and proxies in between.") from None
    return [head(item, key, revision) for key, (revision, item) in newest.items()]


def newest_heads(parts: Iterable[Head]) -> list[Head]:
    """The highest revision of each release among heads of several listings."""
    newest: dict[tuple[str, str], Head] = {}
    for one in parts:
        key = (one.namespace, one.name)
        if key not in newest or one.revision > newest[key].revision:
            newest[key] = one
    return list(newest.values())


def head(secret: Mapping[str, object], key: tuple[str, str], revision: int) -> Head:
    """What a row shows of a Secret; from its labels alone when the payload cannot be read.

    Args:
        secret: A release Secret as the API gives it.
        key: Namespace and name, from the Secret's metadata.
        revision: From its labels.
    """
    namespace, name = key
    status = str(_labels(secret).get("status") or "unknown")
    broken = Head(namespace=namespace, name=name, revision=revision, status=status, description=UNREADABLE)
    payload = _payload(secret)
    if payload is None:
        return broken
    found = _front(payload)
    if found is None:
        try:
            whole = decode(payload)
        except ValueError:
            return broken
        found = whole.get("info"), _mapping(whole.get("chart")).get("metadata")
    info, metadata = found
    if not isinstance(info, dict) or not isinstance(metadata, dict):
        return broken
    return Head(
        namespace=namespace,
        name=name,
        revision=revision,
        status=_text(info.get("status")) or status,
        chart=_text(metadata.get("name")),
        version=_text(metadata.get("version")),
        app_version=_text(metadata.get("appVersion")),
        updated=go_time(info.get("last_deployed")),
        description=_text(info.get("description")),
    )


def stored_release(secret: Mapping[str, object]) -> StoredRelease:
    """Everything stored in one release Secret: user values (`config`), manifest, the chart with templates and defaults.

    Raises:
        ValueError: The payload cannot be read.
    """
    payload = _payload(secret)
    if payload is None:
        raise ValueError("the Secret holds no release")
    return decode(payload)


def decode(payload: str) -> StoredRelease:
    """The JSON in a payload as the API gives it.

    Raises:
        ValueError: It is no base64, broken gzip, no JSON object, or unpacks to more than WHOLE_LIMIT.
    """
    data = base64.b64decode(base64.b64decode(payload, validate=True))
    if data.startswith(GZIP_MAGIC):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            data = unpacker.decompress(data, WHOLE_LIMIT)
        except zlib.error as cause:
            raise ValueError("broken gzip") from cause
        if not unpacker.eof:
            raise ValueError("the payload is cut off" if not unpacker.unconsumed_tail else "the payload unpacks to too much")
    document = orjson.loads(data)
    if not isinstance(document, dict):
        raise ValueError("the payload is no JSON object")
    return StoredRelease(document)


def go_time(text: object) -> datetime | None:
    """A time as Go writes it, in UTC; None for none, Go's zero time, or no time at all."""
    if not isinstance(text, str) or not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        utc = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if utc.year > 1 else None


def _identity(item: object) -> tuple[tuple[str, str], int] | None:
    """((namespace, name), revision) of a release Secret, from its labels or else from its own name; None for any other object."""
    metadata = _mapping(_mapping(item).get("metadata"))
    labels = _mapping(metadata.get("labels"))
    named = re.fullmatch(r"sh\.helm\.release\.v1\.(.+)\.v(\d{1,9})", _text(metadata.get("name")))
    name = _text(labels.get("name")) or (named[1] if named else "")
    number = _text(labels.get("version")) or (named[2] if named else "")
    if not name or not re.fullmatch(r"\d{1,9}", number):
        return None
    return (_text(metadata.get("namespace")), name), int(number)


_INFO = json.JSONDecoder()
_NAME_THEN_INFO = re.compile(r'\{"name":"(?:[^"\\]|\\.)*","info":')
_CHART_METADATA = ',"chart":{"metadata":'


def _front(payload: str) -> tuple[object, object] | None:
    """`info` and `chart.metadata` from the beginning of a payload; None when they are not whole in it.

    Go writes a struct's fields in order: name, info, chart.metadata come first. Everything else (templates, values, manifest) stays packed.
    """
    # Multiples of 4 of the outer base64 give multiples of 3 bytes; 16 keeps the inner one whole as well.
    for length in (PREFIX, PREFIX * 8):
        try:
            inner = base64.b64decode(payload[: length - length % 16], validate=True)
            data = base64.b64decode(inner[: len(inner) - len(inner) % 4])
            if data.startswith(GZIP_MAGIC):
                data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, _PREFIX_LIMIT)
            text = data.decode("utf-8", errors="ignore")
            start = _NAME_THEN_INFO.match(text)
            if start is None:
                return None
            info, at = _INFO.raw_decode(text, start.end())
            if not text.startswith(_CHART_METADATA, at):
                return None
            metadata, _ = _INFO.raw_decode(text, at + len(_CHART_METADATA))
        except (ValueError, zlib.error, RecursionError):
            continue  # cut in the middle: take more, and at last everything
        return info, metadata
    return None


def _payload(secret: Mapping[str, object]) -> str | None:
    payload = _mapping(secret.get("data")).get("release")
    return payload if isinstance(payload, str) and payload else None


def _labels(secret: Mapping[str, object]) -> Mapping[str, object]:
    return _mapping(_mapping(secret.get("metadata")).get("labels"))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
