"""Kinds of objects that are followed, and what is kept of each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec
import orjson

from helmpanel.errors import Expired, HelmPanelError, Overloaded, ServerFault
from helmpanel.text import cut

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """One kind of object, such as Helm's Secrets as metadata."""

    group_path: str
    """`/api/v1` or `/apis/apps/v1`."""
    plural: str
    selector: str
    """labelSelector of list and watch."""
    convert: Callable[[Mapping[str, object]], T | None]
    """What is kept of an object; None passes it over. Pure; must not raise, whatever it is given."""
    is_metadata: bool = False
    """Ask for metadata only: small enough to be read in one go. Whole objects are taken from the stream one by one."""

    def path(self, namespace: str | None) -> str:
        """Where the objects of a namespace, or of the whole cluster, are listed."""
        where = f"/namespaces/{quote(namespace, safe='')}" if namespace is not None else ""
        return f"{self.group_path}{where}/{self.plural}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Generic[T]):
    """One line of a watch."""

    kind: str
    """ADDED, MODIFIED, DELETED or BOOKMARK."""
    version: str
    """Where a watch goes on after it."""
    item: T | None
    """None for a bookmark, and for what `Kind.convert` passes over."""


def event(line: bytes, kind: Kind[T]) -> Event[T]:
    """One line of a watch, read.

    Raises:
        Expired: The server no longer knows the version asked for. Real servers say so inside an answer that began as a success, too.
        Overloaded: It wants to be left alone.
        ServerFault: It is no event, or one that tells of another failure.
    """
    try:
        document = orjson.loads(line)
        what, obj = document["type"], document["object"]
        if what == "ERROR":
            raise _told(obj)
        version = str(obj["metadata"]["resourceVersion"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ServerFault("The API server sent something that is no event while it was followed. It is asked anew; check proxies in between.") from None
    return Event(kind=str(what), version=version, item=None if what == "BOOKMARK" else kind.convert(obj))


def _told(status: Mapping[str, object]) -> HelmPanelError:
    code = status.get("code")
    if code == 410 or status.get("reason") in ("Expired", "Gone"):
        return Expired("The API server no longer knows what changed since it was last heard. Everything is listed anew.")
    if code == 429:
        return Overloaded("The API server is overloaded and ended the watch (429). It is asked again after a while.", retry_after_s=None)
    return ServerFault(f"The API server ended the watch ({cut(str(status.get('reason') or code), 60)}). It is asked again by itself.")


def document(raw: bytes) -> Mapping[str, object]:
    """One item of a listing.

    Raises:
        ServerFault: The bytes are no object.
    """
    try:
        found = orjson.loads(raw)
    except ValueError:
        raise ServerFault("The API server sent an item of a listing that is no JSON. It is asked again; check proxies in between.") from None
    return found if isinstance(found, dict) else {}


class _Metadata(msgspec.Struct, gc=False):
    name: Any = None
    namespace: Any = None
    labels: Any = None
    resourceVersion: Any = None


class _Item(msgspec.Struct, gc=False):
    metadata: _Metadata | None = None


class _Version(msgspec.Struct):
    resourceVersion: str


class _List(msgspec.Struct):
    metadata: _Version
    items: list[_Item] | None


# Of a thousand objects the fields that nobody asked for (managedFields) would be ten thousand dicts: four times as long, and a pause to collect them.
_lists = msgspec.json.Decoder(_List)


def listing(body: bytes, kind: Kind[T]) -> tuple[list[T], str]:
    """What is kept of the items of a list of metadata, and the version the list is of. CPU-bound when it is large.

    Raises:
        ServerFault: The bytes are no such list.
    """
    try:
        found = _lists.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # broken, no UTF-8, nested without end
        raise ServerFault(f"The API server answered a listing of {kind.plural} with something else. Check its address, and proxies in between.") from None
    items = ({"metadata": msgspec.structs.asdict(item.metadata)} for item in found.items or () if item.metadata is not None)
    return [kept for item in items if (kept := kind.convert(item)) is not None], found.metadata.resourceVersion
