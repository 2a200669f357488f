"""Payloads fetched all at once where many are missing: a stream that is cut, decoded and dropped piece by piece, so that little is held at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import orjson

from helmpanel.inventory.api import Api
from helmpanel.inventory.each import first_fault, in_each
from helmpanel.inventory.labels import SELECTOR, releases_kind, stored
from helmpanel.inventory.patience import Patience
from helmpanel.inventory.payloads import Got, Payloads
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.storage import head
from helmpanel.runtime.tasks import happens

BATCH = 512 * 1024
"""Bytes that are cut and decoded in one go, in a thread: some ten payloads. What is held at a time is this and one payload, of each stream."""
STREAMS = 3
"""Namespaces that are listed at a time, where they are listed one by one: one that hangs holds up no other."""
GRACE_S = 0.15
"""The stream waits this long for a viewer to say what it shows: those rows come first."""
SCREEN_S = 2.0
"""And this long, in all, for those rows."""


class Bulk:
    """Lists payloads whenever many are missing. On the I/O thread only.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        payloads: Told what is found.
        namespaces: Where may be read now; None in it is the whole cluster.
    """

    def __init__(self, api: Api, plural: str, payloads: Payloads, *, namespaces: Callable[[], Sequence[str | None]]) -> None:
        self._api = api
        self._plural = plural
        self._payloads = payloads
        self._namespaces = namespaces
        self._patience = Patience()
        self._hurried = asyncio.Event()
        self._left_s = 0.0
        """For rows on screen, before the stream goes on."""

    def hurry(self) -> None:
        """Ask at once, whatever was being waited for."""
        self._hurried.set()

    async def run(self) -> None:
        """List, for ever."""
        payloads = self._payloads
        while True:
            if not payloads.is_many:
                if payloads.bulk_error is not None:
                    payloads.bulk_ended(None)  # what is left is few: singles say what becomes of it
                await payloads.news()
                continue
            self._hurried.clear()
            self._left_s = SCREEN_S
            await self._wait(GRACE_S, lambda: payloads.is_looked_at and not payloads.screen)
            await self._screen_first()
            if quiet_s := payloads.quiet_s:
                await happens(self._hurried, quiet_s)
                continue
            where = [namespace for namespace in self._namespaces() if payloads.missing(namespace)]
            if not where:
                payloads.listed(payloads.missing())  # in places that may not be read any more: no listing brings it
                continue
            error = first_fault(await in_each(where, self._in, STREAMS))
            payloads.bulk_ended(error)
            if error is None:
                self._patience.succeeded()
                continue
            await happens(self._hurried, self._patience.after(error))

    async def _in(self, namespace: str | None) -> None:
        with self._payloads.listing(namespace):
            await self._stream(namespace)

    async def _stream(self, namespace: str | None) -> None:
        splitter, waiting, size = Splitter(), [], 0
        path = releases_kind(self._plural).path(namespace)
        # Not gzipped: payloads are, and packing them once more would take the server longer than sending them.
        async with self._api.stream(path, {"labelSelector": SELECTOR}, packed=False) as chunks:
            async for chunk in chunks:
                waiting.append(chunk)
                size += len(chunk)
                if size >= BATCH:
                    self._payloads.take(await asyncio.to_thread(_cut, splitter, waiting))
                    waiting, size = [], 0
                    await self._screen_first()
        self._payloads.take(await asyncio.to_thread(_cut, splitter, waiting))
        splitter.end()

    async def _screen_first(self) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        await self._wait(self._left_s, lambda: self._payloads.is_screen_coming)
        self._left_s -= clock() - begun

    async def _wait(self, most_s: float, condition: Callable[[], bool]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(most_s, 0)):
                while condition():
                    await self._payloads.news()


def _cut(splitter: Splitter, chunks: list[bytes]) -> list[Got]:
    """Heads of the whole items in some chunks of a listing. CPU-bound."""
    # Joined: an item that comes in many pieces would be looked through from its beginning with each.
    found = map(decoded, splitter.feed(b"".join(chunks)))
    return [one for one in found if one is not None]


def decoded(body: bytes) -> Got | None:
    """What is kept of one record; None when it is none. CPU-bound: a small one may unpack to very much."""
    try:
        obj = orjson.loads(body)
    except ValueError:
        return None
    labels = stored(obj)
    found = head(obj, labels) if labels is not None else None
    return Got(labels.release, labels.object_name, labels.version, found) if labels is not None and found is not None else None
