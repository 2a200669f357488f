"""Watches: a stream of what changes, after what was there."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import orjson

from helmpanel.sandbox.answer import shaped
from helmpanel.sandbox.verbs import selector_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.request import Request, Target
    from helmpanel.sandbox.resources import Resource
    from helmpanel.sandbox.store import Change, Store

# A real server bookmarks about once a minute; tests see one sooner.
BOOKMARK_EVERY_S = 10.0
LONGEST_S = 1800.0


class Watches:
    """Wakes the watches of a resource when something of it changes, and all of them when the server stops."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[Resource, set[asyncio.Event]] = {}
        self.is_over = False
        store.listeners.append(self._wake)

    def _wake(self, change: Change) -> None:
        for each in self._waiting.get(change.resource, ()):
            each.set()

    def end(self) -> None:
        """Let every watch finish."""
        self.is_over = True
        for each in self._waiting.values():
            for event in each:
                event.set()

    async def events(self, request: Request, target: Target) -> AsyncGenerator[bytes, None]:
        """Lines of a watch; empty bytes first, once it is clear that it can begin.

        Raises:
            ApiError: 410, it asks for changes that are forgotten.
        """
        store, resource, selector = self._store, target.resource, selector_of(request, target)
        wants_bookmarks = request.flag("allowWatchBookmarks")

        def line(kind: str, obj: Object) -> bytes:
            return orjson.dumps({"type": kind, "object": shaped(resource, obj, request.form, store.version)}) + b"\n"

        def bookmark(annotations: dict[str, str] | None = None) -> bytes:
            metadata = {"resourceVersion": str(store.version), "creationTimestamp": None, **({"annotations": annotations} if annotations else {})}
            return orjson.dumps({"type": "BOOKMARK", "object": {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata}}) + b"\n"

        since = request.query.get("resourceVersion", "")
        wants_initial = request.flag("sendInitialEvents")
        begins_at = int(since) if since not in ("", "0") and not wants_initial else None
        if begins_at is not None:
            store.changes_since(resource, begins_at)
        yield b""
        if begins_at is None:
            begins_at = store.version
            first = [line("ADDED", each) for each in store.select(resource, selector)]
            if wants_initial:
                first.append(bookmark({"k8s.io/initial-events-end": "true"}))
            yield b"".join(first)
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + float(request.query.get("timeoutSeconds") or LONGEST_S)
        woken = asyncio.Event()
        self._waiting.setdefault(resource, set()).add(woken)
        try:
            while not self.is_over and (left := ends_at - loop.time()) > 0:
                lines = [line(kind, change.obj) for change in store.changes_since(resource, begins_at) if (kind := _seen(change, selector.matches))]
                begins_at = store.version
                if lines:
                    yield b"".join(lines)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), min(BOOKMARK_EVERY_S, left))
                if wants_bookmarks and not woken.is_set():
                    yield bookmark()
                woken.clear()
        finally:
            self._waiting[resource].discard(woken)


def _seen(change: Change, matches: Callable[[Object], bool]) -> str | None:
    """The event that a watch with a selector makes of a change; None when it is none of its business."""
    is_in = matches(change.obj)
    was_in = change.before is not None and matches(change.before)
    if change.kind == "DELETED":
        return "DELETED" if is_in or was_in else None
    if is_in:
        return "MODIFIED" if was_in else "ADDED"
    return "DELETED" if was_in else None
