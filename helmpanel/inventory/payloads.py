"""What labels do not tell (chart, app version, exact time, description): fetched for the rows on screen first, then for the rest in one bounded stream."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from helmpanel.errors import Forbidden, HelmPanelError, NotFound, Overloaded, ServerFault
from helmpanel.inventory.api import Api
from helmpanel.inventory.kinds import document
from helmpanel.inventory.labels import SELECTOR, Stored, is_newer, stored
from helmpanel.inventory.patience import Patience
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.storage import Head, head, unreadable
from helmpanel.inventory.tracker import Release

PARALLEL = 3
"""Single requests at a time: a page of 25 rows is there after eight or nine answers of some 3 ms, and each more connection costs a TLS handshake of 10."""
FEW = 40
"""So many payloads are fetched one by one; more of them in one listing, which costs the server no more than that."""
SHARE = 10
"""But not for less than a tenth of all: a listing brings every payload there is."""
BATCH = 512 * 1024
"""Bytes that are cut and decoded in one go, in a thread: some ten payloads. What is held at a time is this and one payload."""
GRACE_S = 0.15
"""The stream waits this long for a viewer to say what it shows: those rows come first."""


@dataclass(frozen=True, slots=True)
class Got:
    """A payload that was read."""

    release: Release
    object_name: str
    version: str
    head: Head


class Payloads:
    """Heads of the newest revisions. On the I/O thread only.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        newest: The newest stored revision of a release; None when there is none (any more).
        namespaces: Where may be read now; None in it is the whole cluster.
        arrived: Called with releases whose head was read.
        patience: Waits between failures.
    """

    def __init__(
        self,
        api: Api,
        plural: str,
        *,
        newest: Callable[[Release], Stored | None],
        namespaces: Callable[[], Sequence[str | None]],
        arrived: Callable[[set[Release]], object],
        patience: Patience | None = None,
    ) -> None:
        self.error: HelmPanelError | None = None
        """Why the last attempt failed; None when it did not."""
        self._api = api
        self._plural = plural
        self._newest = newest
        self._namespaces = namespaces
        self._arrived = arrived
        self._patience = patience or Patience()
        self._got: dict[Release, Got] = {}
        self._wanted: dict[Release, None] = {}
        self._one_by_one: set[Release] = set()
        self._screen: tuple[Release, ...] = ()
        self._is_looked_at = False
        self._may_get = True
        self._work = asyncio.Event()
        self._told = asyncio.Event()
        self._hurried = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self._wanted

    def head(self, release: Release) -> tuple[Head | None, bool]:
        """The head of the release's newest revision, and whether it is of the record as it is now; else the last one read of the same revision, or None."""
        newest, got = self._newest(release), self._got.get(release)
        if newest is None or got is None or got.head.revision != newest.revision:
            return None, False
        return got.head, _is_current(got, newest)

    def want(self, releases: Iterable[Release]) -> None:
        """Releases whose newest revision was written: what is not known of them yet is fetched."""
        for release in releases:
            newest, got = self._newest(release), self._got.get(release)
            if newest is not None and not (got is not None and _is_current(got, newest)):
                self._wanted[release] = None
        self._wake()

    def forget(self, releases: Iterable[Release]) -> None:
        """Releases that are gone."""
        for release in releases:
            self._got.pop(release, None)
            self._done(release)
        self._wake()

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool = True) -> None:
        """What viewers show now: it is fetched before anything else."""
        self._screen = tuple(releases)
        self._is_looked_at = is_looked_at
        self._told.set() if releases else self._told.clear()

    async def settled(self) -> None:
        """Wait until nothing is missing, or what is missing could not be had now."""
        await self._settled.wait()

    def hurry(self) -> None:
        """Ask at once, whatever was being waited for, and for what was forbidden too."""
        self._may_get = True
        self._hurried.set()

    async def run(self) -> None:
        """Fetch what is wanted, for ever."""
        self._wake()
        while True:
            await self._work.wait()
            try:
                await self._some()
            except HelmPanelError as error:
                self.error = error
                self._settled.set()
                self._hurried.clear()
                wait_s = self._patience.wait_s(error.retry_after_s if isinstance(error, Overloaded) else None)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._hurried.wait(), wait_s)
            else:
                self.error = None
                self._patience.succeeded()

    def _wake(self) -> None:
        if self._wanted:
            self._work.set()
            self._settled.clear()
        else:
            self._work.clear()
            self._settled.set()

    def _done(self, release: Release) -> None:
        self._wanted.pop(release, None)
        self._one_by_one.discard(release)

    async def _some(self) -> None:
        """What is most pressing now."""
        if self._is_looked_at and not self._screen and len(self._wanted) > FEW:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), GRACE_S)
        first = self._pressing()
        if not first and len(self._wanted) > max(FEW, len(self._got) // SHARE):
            first = [release for release in self._one_by_one if release in self._wanted]
        elif not first:
            first = list(self._wanted)
        if first:
            await self._one_each(first[:FEW])
        elif self._wanted:
            await self._all()
        self._wake()

    def _pressing(self) -> list[Release]:
        return [release for release in self._screen if release in self._wanted]

    # One by one

    async def _one_each(self, releases: list[Release]) -> None:
        turn = asyncio.Semaphore(PARALLEL)
        faults = await asyncio.gather(*(self._one(release, turn) for release in releases))
        fault = next((one for one in faults if one is not None), None)
        if fault is not None:
            raise fault

    async def _one(self, release: Release, turn: asyncio.Semaphore) -> HelmPanelError | None:
        """Fetch one; the error is returned, so that no sibling is left running."""
        async with turn:
            newest = self._newest(release)
            if newest is None:
                self._done(release)
                return None
            where = f"/api/v1/namespaces/{quote(newest.namespace, safe='')}/{self._plural}"
            try:
                body = await self._body(where, newest)
            except NotFound:
                # It vanished since it was listed; the watch will say so, and until it does the row says why there is nothing.
                self._take([Got(release, newest.object_name, newest.version, unreadable(newest, "it is not there any more"))])
                self._done(release)
                return None
            except HelmPanelError as error:
                return error
            found = await asyncio.to_thread(_decoded, body)  # a small one may unpack to very much
            if found is None:
                return ServerFault(f"The API server answered {where} with something else. Check proxies in between.")
            now = self._newest(release)
            # At least as new as what was known when it was asked for, whatever the numbers look like.
            version = now.version if now == newest and not _is_current(found, newest) else found.version
            self._take([Got(release, newest.object_name, version, found.head)])
            if now == newest:
                self._done(release)
            return None

    async def _body(self, where: str, newest: Stored) -> bytes:
        if self._may_get:
            try:
                return await self._api.get(f"{where}/{quote(newest.object_name, safe='')}")
            except Forbidden:
                # Whoever may list Secrets has their content, even where getting a single one was left out of the role.
                self._may_get = False
        splitter = Splitter()
        body = await self._api.get(where, {"fieldSelector": f"metadata.name={newest.object_name}"})
        for item in splitter.feed(body):
            one = stored(document(item))
            if one is not None and one.object_name == newest.object_name:
                return item
        raise NotFound(f"{newest.object_name} is not there any more.")

    # All at once

    async def _all(self) -> None:
        asked = set(self._wanted)
        for namespace in self._namespaces():
            where = f"/namespaces/{quote(namespace, safe='')}" if namespace is not None else ""
            splitter, waiting, size = Splitter(), [], 0
            # Not gzipped: payloads are, and packing them once more would take the server longer than sending them.
            async with self._api.stream(f"/api/v1{where}/{self._plural}", {"labelSelector": SELECTOR}, packed=False) as chunks:
                async for chunk in chunks:
                    waiting.append(chunk)
                    size += len(chunk)
                    if size >= BATCH:
                        self._take(await asyncio.to_thread(_cut, splitter, waiting))
                        waiting, size = [], 0
                        if first := self._pressing():
                            await self._one_each(first)
            self._take(await asyncio.to_thread(_cut, splitter, waiting))
            splitter.end()
        left = asked & self._wanted.keys()
        self._one_by_one |= left

    def _take(self, found: Iterable[Got]) -> None:
        arrived: set[Release] = set()
        for got in found:
            release, newest = got.release, self._newest(got.release)
            if newest is None or newest.object_name != got.object_name:
                continue  # an older revision, or one that is gone again
            before = self._got.get(release)
            if before is not None and before.object_name == got.object_name and is_newer(before.version, got.version):
                continue
            self._got[release] = got
            arrived.add(release)
            if _is_current(got, newest):
                self._done(release)
        if arrived:
            self._wake()
            self._arrived(arrived)


def _cut(splitter: Splitter, chunks: list[bytes]) -> list[Got]:
    """Heads of the whole items in some chunks of a listing. CPU-bound."""
    # Joined: an item that comes in many pieces would be looked through from its beginning with each.
    found = map(_decoded, splitter.feed(b"".join(chunks)))
    return [one for one in found if one is not None]


def _decoded(body: bytes) -> Got | None:
    try:
        obj = orjson.loads(body)
    except ValueError:
        return None
    labels = stored(obj)
    found = head(obj, labels) if labels is not None else None
    return Got(labels.release, labels.object_name, labels.version, found) if labels is not None and found is not None else None


def _is_current(got: Got, newest: Stored) -> bool:
    return got.object_name == newest.object_name and (got.version == newest.version or is_newer(got.version, newest.version))
