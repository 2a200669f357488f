"""Watches: a stream of what changes, after what was there."""

import asyncio
from collections.abc import AsyncGenerator

import orjson

from helmpanel.sandbox.answer import shaped
from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.request import Request, Target
from helmpanel.sandbox.resources import Resource
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.store import Change, Store
from helmpanel.sandbox.verbs import selector_of

LONGEST_S = 1800.0


class Watches:
    """Hands each change to the watches of its resource, and ends all of them when the server stops."""

    def __init__(self, store: Store, bookmark_every_s: float) -> None:
        self._store = store
        self._bookmark_every_s = bookmark_every_s
        self._open: dict[asyncio.Queue[Change | None], Resource] = {}
        self._is_over = False
        store.listeners.append(self._tell)

    def _tell(self, change: Change) -> None:
        for queue, resource in self._open.items():
            if resource == change.resource:
                queue.put_nowait(change)

    def end(self) -> None:
        """Let every watch finish."""
        self._is_over = True
        for queue in self._open:
            queue.put_nowait(None)

    async def events(self, request: Request, target: Target) -> AsyncGenerator[bytes, None]:
        """Lines of a watch; first, once it is clear that it can begin (no 410), those of what was there, or none."""
        store, resource, selector = self._store, target.resource, selector_of(request, target)

        def line(kind: str, obj: Object) -> bytes:
            return orjson.dumps({"type": kind, "object": obj}) + b"\n"

        def told(change: Change) -> bytes:
            kind = _seen(change, selector)
            return line(kind, shaped(request, resource, change.obj, store.version)) if kind else b""

        def bookmark(**metadata: object) -> bytes:
            metadata |= {"resourceVersion": str(store.version), "creationTimestamp": None}
            return line("BOOKMARK", {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata})

        since, wants_initial = request.query.get("resourceVersion", ""), request.flag("sendInitialEvents")
        if since in ("", "0") or wants_initial:
            first = [told(Change(store.version, "ADDED", resource, each, None)) for each in store.select(resource, selector)]
            first += [bookmark(annotations={"k8s.io/initial-events-end": "true"})] if wants_initial else []
        else:
            first = [told(change) for change in store.changes_since(resource, int(since))]
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Change | None]()
        ends_at = loop.time() + float(request.query.get("timeoutSeconds") or LONGEST_S)
        self._open[queue] = resource
        try:
            yield b"".join(first)
            while not self._is_over and (left := ends_at - loop.time()) > 0:
                try:
                    async with asyncio.timeout(min(self._bookmark_every_s, left)):
                        change = await queue.get()
                except TimeoutError:
                    news = bookmark() if request.flag("allowWatchBookmarks") else b""
                else:
                    news = told(change) if change else b""
                if news:
                    yield news
        finally:
            del self._open[queue]


def _seen(change: Change, selector: Selector) -> str | None:
    """The event that a watch with a selector makes of a change; None when it is none of its business."""
    is_in = change.kind != "DELETED" and selector.matches(change.obj)
    was_in = change.before is not None and selector.matches(change.before)
    if is_in:
        return "MODIFIED" if was_in else "ADDED"
    return "DELETED" if was_in else None
