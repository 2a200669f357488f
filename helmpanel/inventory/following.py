"""One kind of object at one place, followed for ever: a list, then a watch that goes on from it, and again where that breaks off."""

from __future__ import annotations

import asyncio
import errno
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Generic, TypeVar

from helmpanel.errors import Expired, Forbidden, HelmPanelError, NamespaceMissing
from helmpanel.inventory.api import JSON, METADATA, METADATA_LIST, Api
from helmpanel.inventory.kinds import Event, Kind, document, event, listing
from helmpanel.inventory.patience import Patience
from helmpanel.inventory.splitter import Splitter
from helmpanel.kube.lines import whole_lines
from helmpanel.model.table import TableState
from helmpanel.runtime.tasks import end, happens, spawn
from helmpanel.settings import Settings

T = TypeVar("T")

log = logging.getLogger(__name__)

LONGEST_WATCH_S = 300
"""The server is asked to end a watch after this, and up to as long again by chance, as client-go does: load spreads over API servers that come and go."""
SILENCE_S = 130.0
"""A server sends a bookmark about once a minute: after two that did not come it is asked anew, however open the connection seems."""
CONFIRMED_S = 0.5
"""A watch that goes on from an old version is believed when it has said something, or has not been ended for this long: `too old` comes at once."""
SHORTEST_WATCH_S = 1.0
"""A server that ends watches as soon as they begin is not asked more often than this."""
LARGE = 256 * 1024
"""Bytes of a listing that are better read in a thread."""
MAY_BE_GRANTED_S = 60.0
"""Between two looks at what is forbidden: somebody may grant it meanwhile."""


class Following(Generic[T]):
    """Follows until cancelled; run again, it goes on from where it was. On the I/O thread only.

    Args:
        api: The cluster.
        kind: What is followed.
        namespace: Where; None for the whole cluster.
        listed: Called with everything there is, after each list: what is not in it is gone.
        changed: Called with ADDED, MODIFIED or DELETED and the object.
        told: Called when state, since or error have changed.
        verify: Awaited when a list is empty; raises when that is a mistake, such as a namespace that does not exist (any more).
        settings: Times.
        patience: Waits between failures.
    """

    def __init__(
        self,
        api: Api,
        kind: Kind[T],
        namespace: str | None,
        *,
        listed: Callable[[list[T]], object],
        changed: Callable[[str, T], object],
        told: Callable[[], object],
        verify: Callable[[], Awaitable[None]] | None = None,
        settings: Settings | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.kind = kind
        self.namespace = namespace
        self.state = TableState.LOADING
        self.since: datetime | None = None
        self.error: HelmPanelError | None = None
        self.limit: Forbidden | None = None
        """Why nothing can be followed, only listed from time to time."""
        self._api = api
        self._listed = listed
        self._changed = changed
        self._told = told
        self._verify = verify
        self._settings = settings or Settings()
        self._patience = patience or Patience()
        self._version = ""
        self._is_current = False
        self.heard: datetime | None = None
        """UTC time of the last list or news; None before the first list."""
        self._hurry = asyncio.Event()
        self._asked: set[asyncio.Future[None]] = set()
        self._served: set[asyncio.Future[None]] = set()
        """Who waits for the list that is under way: it is not given up for others, or ten who ask one after the other would never get any."""
        self._unanswered: set[asyncio.Future[None]] = set()

    async def run(self) -> None:
        """List and watch for ever.

        Raises:
            CancelledError: The only way out.
        """
        if self.heard is not None:
            self.since = self.since or self.heard
            self._tell(TableState.CATCHING_UP)
        try:
            while True:
                self._hurry.clear()
                error = await self._unless_hurried(self._round())
                if error is None:
                    continue
                wait_s = self._patience.after(error)
                if isinstance(error, Expired):
                    self._is_current = False
                    self._tell(TableState.CATCHING_UP)
                else:
                    self._failed(error, is_first=wait_s == 0 and self.state is TableState.LIVE and self._is_current)
                self._answer(self._unanswered)
                if not self._asked:
                    await happens(self._hurry, MAY_BE_GRANTED_S if isinstance(error, Forbidden) else wait_s)
        finally:
            for one in self._asked:
                one.cancel()  # nobody lists any more
            self._asked.clear()

    def hurry(self) -> asyncio.Future[None]:
        """List anew at once, whatever is being waited for but a list that somebody asked for before; what is told then may be older than this question.

        The future is done when that list is in, or has failed, and cancelled when `run` ends.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked.add(done)
        self._is_current = False
        if not self._served:
            self._hurry.set()
        return done

    async def _round(self) -> HelmPanelError | None:
        """One list where what is known is not enough to go on from, and one watch; what went wrong, if anything."""
        try:
            while not self._is_current:
                await self._list()
            began = asyncio.get_running_loop().time()
            try:
                await self._watch()
            except Forbidden as cause:
                # Listing is allowed, following is not: so be it, now and then.
                self.limit = cause
                self._tell(TableState.READY)
                await asyncio.sleep(self._settings.refresh_interval_s)
                self._is_current = False
                return None
        except HelmPanelError as error:
            return error
        self._tell(TableState.CATCHING_UP)
        lasted = asyncio.get_running_loop().time() - began
        if lasted < SHORTEST_WATCH_S:
            await asyncio.sleep(SHORTEST_WATCH_S - lasted)
        return None

    async def _list(self) -> None:
        asked = self._served = set(self._asked)
        try:
            await self._list_once()
        except HelmPanelError:
            self._unanswered |= asked  # until the failure shows in the state
            raise
        finally:
            self._served = set()
        self._answer(asked)

    async def _list_once(self) -> None:
        path, params = self.kind.path(self.namespace), {"labelSelector": self.kind.selector}
        self._is_current = True  # unless somebody hurries meanwhile: then it is done again
        mistake: HelmPanelError | None = None
        try:
            if self.kind.is_metadata:
                body = await self._api.get(path, params, METADATA_LIST)
                items, version = await asyncio.to_thread(listing, body, self.kind) if len(body) > LARGE else listing(body, self.kind)
            else:
                items, version = await self._list_whole(path, params)
            if not items and self._verify is not None:
                try:
                    await self._verify()
                except NamespaceMissing as cause:
                    if self.heard is None:
                        raise
                    mistake = cause  # it is gone, and with it all that was in it
        except BaseException:
            self._is_current = False
            raise
        self._version = version
        self.heard = datetime.now(UTC)
        if mistake is None or not isinstance(self.error, NamespaceMissing):  # told once
            self._listed(items)
        if mistake is not None:
            self._is_current = False
            raise mistake
        # What was listed is how things are now; whether they can be followed shows at once.
        self._tell(TableState.CATCHING_UP)

    def _answer(self, asked: set[asyncio.Future[None]]) -> None:
        for one in tuple(asked):
            self._asked.discard(one)
            self._unanswered.discard(one)
            if not one.done():
                one.set_result(None)

    async def _list_whole(self, path: str, params: dict[str, str]) -> tuple[list[T], str]:
        splitter, items = Splitter(), []
        async with self._api.stream(path, params, JSON) as chunks:
            async for chunk in chunks:
                for raw in splitter.feed(chunk):
                    kept = self.kind.convert(document(raw))
                    if kept is not None:
                        items.append(kept)
        splitter.end()
        return items, splitter.version

    async def _watch(self) -> None:
        params = {
            "labelSelector": self.kind.selector,
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(LONGEST_WATCH_S + random.randrange(LONGEST_WATCH_S)),  # noqa: S311
        }
        is_fresh = self.heard is not None and (datetime.now(UTC) - self.heard).total_seconds() < CONFIRMED_S
        accept = METADATA if self.kind.is_metadata else JSON
        async with self._api.stream(self.kind.path(self.namespace), params, accept, silence_s=SILENCE_S) as chunks:
            self.limit = None
            loop = asyncio.get_running_loop()
            timers = [loop.call_later(0 if is_fresh else CONFIRMED_S, self._tell, TableState.LIVE), loop.call_later(CONFIRMED_S, self._patience.succeeded)]
            try:
                async for line in whole_lines(chunks):
                    self._take(event(line, self.kind))
            finally:
                for timer in timers:
                    timer.cancel()

    def _take(self, news: Event[T]) -> None:
        self.heard = datetime.now(UTC)
        # In one go with the change: cancelled between two lines, nothing is missed and nothing comes twice.
        if news.item is not None:
            self._changed(news.kind, news.item)
        self._version = news.version
        self._patience.succeeded()
        self._tell(TableState.LIVE)

    def _failed(self, error: HelmPanelError, *, is_first: bool) -> None:
        log.info("following %s in %s: %s", self.kind.plural, self.namespace or "the whole cluster", error)
        if self.since is None and _is_silence(error):
            self.since = self.heard  # nobody knows since when nothing was said
        if self.heard is None:
            self._tell(TableState.FAILED, error)
        elif is_first:
            # A connection that breaks is made anew at once; only when that fails too is anything wrong.
            self._tell(TableState.CATCHING_UP)
        else:
            self._tell(TableState.STALE, error)

    def _tell(self, state: TableState, error: HelmPanelError | None = None) -> None:
        is_behind = state in (TableState.CATCHING_UP, TableState.STALE)
        since = (self.since or datetime.now(UTC)) if is_behind else None
        if (state, since, error) != (self.state, self.since, self.error):
            self.state, self.since, self.error = state, since, error
            self._told()

    async def _unless_hurried(self, coro: Coroutine[object, object, HelmPanelError | None]) -> HelmPanelError | None:
        """Result of the coroutine, which is given up when somebody is in a hurry."""
        task = spawn(coro, f"follow {self.kind.plural}")
        hurried = spawn(self._hurry.wait(), f"hurry {self.kind.plural}")
        try:
            await asyncio.wait({task, hurried}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hurried.cancel()
            if not task.done():
                await end(task)
        return None if task.cancelled() else task.result()


def _is_silence(error: HelmPanelError) -> bool:
    """Whether a server was given up because it said nothing: by us, or by the kernel half a minute after the last answer."""
    cause = error.__cause__
    while cause is not None:
        if isinstance(cause, TimeoutError) or (isinstance(cause, OSError) and cause.errno == errno.ETIMEDOUT):
            return True
        cause = cause.__cause__
    return False
