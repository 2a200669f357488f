"""One kind of object, followed wherever it may be read: the whole cluster or, where that is forbidden, some namespaces side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import quote

from helmpanel.errors import Forbidden, HelmPanelError, NamespaceMissing, NotFound
from helmpanel.inventory.api import METADATA_LIST, Api
from helmpanel.inventory.following import Following
from helmpanel.inventory.kinds import Kind
from helmpanel.model.table import TableState
from helmpanel.runtime.tasks import until_one_ends
from helmpanel.settings import Settings

T = TypeVar("T")

WORST_FIRST = (TableState.STALE, TableState.CATCHING_UP, TableState.LOADING, TableState.READY, TableState.LIVE)


class Places(Generic[T]):
    """Follows until cancelled; run again, it goes on from where it was. On the I/O thread only.

    Args:
        api: The cluster.
        kind: What is followed.
        namespaces: Where, and nowhere else; None for the whole cluster.
        fallback: Namespaces to look in when the whole cluster may not be listed.
        listed: Called with a namespace (None: the whole cluster) and everything that is there: it replaces what was known of that place.
        changed: Called with ADDED, MODIFIED or DELETED and the object.
        told: Called when the state, the places or the problems may have changed.
        verifies: Look whether a namespace without any such object exists: to list one that does not is no error, and a typing mistake would look empty.
        settings: Times.
    """

    def __init__(
        self,
        api: Api,
        kind: Kind[T],
        namespaces: tuple[str, ...] | None,
        fallback: tuple[str, ...],
        *,
        listed: Callable[[str | None, list[T]], object],
        changed: Callable[[str, T], object],
        told: Callable[[], object],
        verifies: bool = False,
        settings: Settings | None = None,
    ) -> None:
        namespaces = namespaces or None
        self.namespaces = namespaces
        """Where it looks now; None for the whole cluster."""
        self._api = api
        self._kind = kind
        self._fallback = fallback
        self._refusal: Forbidden | None = None
        """Why it does not look in the whole cluster; None when it does, or was never meant to."""
        self._listed = listed
        self._changed = changed
        self._told = told
        self._verifies = verifies
        self._settings = settings or Settings()
        self._moved = asyncio.Event()
        self._trying = asyncio.Lock()
        self._followings = self._make(namespaces)

    @property
    def state(self) -> TableState:
        """That of the place that is worst off, places left aside that may not be read or do not exist."""
        states = {one.state for one in self._open}
        if not states or states == {TableState.FAILED}:
            return TableState.FAILED
        if TableState.FAILED in states:  # the others are shown, and this one is not forgotten
            return TableState.STALE
        if TableState.LOADING in states and len(states) > 1:
            return TableState.CATCHING_UP
        return next(state for state in WORST_FIRST if state in states)

    @property
    def since(self) -> datetime | None:
        """UTC time from which on changes may be missing; None when none are."""
        return min((one.since for one in self._open if one.since is not None), default=None)

    @property
    def error(self) -> HelmPanelError | None:
        """Why it is stale or failed; None when it is neither."""
        if not self._open:
            return self._refusal or self._followings[0].error
        return next((one.error for one in self._open if one.error is not None), None)

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences: what is not read or not followed, while the rest is."""
        found = []
        if self._open:
            if self._refusal is not None and self.namespaces is not None:
                shown = [str(one.namespace) for one in self._open]
                found.append(f"Only namespace{'s' if len(shown) > 1 else ''} {', '.join(shown)} can be shown. {self._refusal}")
            found += [str(one.error) for one in self._followings if _is_closed(one)]
        limits = [one.limit for one in self._followings if one.limit is not None]
        if limits:
            found.append(f"Changes are seen every {self._settings.refresh_interval_s:g} s only. {limits[0]}")
        return tuple(found)

    def error_in(self, namespace: str) -> HelmPanelError | None:
        """Why what is known of one namespace is old, or nothing is; None when neither."""
        return next((one.error for one in self._followings if one.namespace in (None, namespace)), None)

    async def run(self) -> None:
        """Follow every place for ever."""
        while True:
            self._moved.clear()
            await until_one_ends(*(one.run() for one in self._followings), self._moved.wait(), name=f"follow {self._kind.plural}")

    async def hurry(self) -> None:
        """List every place anew, at once; back when the lists are in or have failed. Only while it runs."""
        async with self._trying:  # once: what a second one moved to would take the place of what the first one waits for
            if self._refusal is not None and await self._may_list_all():
                self._refusal = None
                self._move(None)
        asked: list[Following[T]] = []
        lists: list[asyncio.Future[None]] = []
        while asked is not self._followings:  # a refusal, or a right that was granted, leads to other places, which are asked as well
            asked = self._followings
            lists = [one.hurry() for one in asked]
            await asyncio.wait(lists)
        if any(one.cancelled() for one in lists):
            raise asyncio.CancelledError  # `run` has ended

    @property
    def readable(self) -> tuple[str | None, ...]:
        """Where may be read: namespaces, or None alone for the whole cluster."""
        return tuple(one.namespace for one in self._open)

    @property
    def heard(self) -> datetime | None:
        """UTC time up to which all that is shown is known; None before the first list."""
        return min((one.heard for one in self._open if one.heard is not None), default=None)

    @property
    def _open(self) -> list[Following[T]]:
        return [one for one in self._followings if not _is_closed(one)]

    def _make(self, namespaces: tuple[str, ...] | None) -> list[Following[T]]:
        return [self._following(namespace) for namespace in (dict.fromkeys(namespaces) if namespaces is not None else (None,))]

    def _following(self, namespace: str | None) -> Following[T]:
        return Following(
            self._api,
            self._kind,
            namespace,
            listed=lambda items: self._listed(namespace, items),
            changed=self._changed,
            told=self._note,
            verify=(lambda: self._look_for(namespace)) if self._verifies and namespace is not None else None,
            settings=self._settings,
        )

    def _note(self) -> None:
        first = self._followings[0]
        # Only where nothing was ever listed: rows that were right are not taken away because a right was.
        if self.namespaces is None and self._fallback and first.state is TableState.FAILED and isinstance(first.error, Forbidden):
            self._refusal = first.error
            self._move(self._fallback)
        self._told()

    def _move(self, namespaces: tuple[str, ...] | None) -> None:
        self.namespaces = namespaces
        self._followings = self._make(namespaces)
        self._moved.set()

    async def _may_list_all(self) -> bool:
        try:
            await self._api.get(self._kind.path(None), {"labelSelector": self._kind.selector, "limit": "1"}, METADATA_LIST)
        except HelmPanelError:
            return False
        return True

    async def _look_for(self, namespace: str) -> None:
        try:
            await self._api.get(f"/api/v1/namespaces/{quote(namespace, safe='')}")
        except NotFound as cause:
            raise NamespaceMissing(f"There is no namespace {namespace!r}. Check its spelling, and that this is the right context.") from cause
        except Forbidden:
            pass  # whoever may list what is in it need not be allowed to see the namespace itself


def _is_closed(one: Following[T]) -> bool:
    # What was once read of a place stays when the right to it is taken away, and goes with the place.
    return isinstance(one.error, NamespaceMissing) or (one.state is TableState.FAILED and isinstance(one.error, Forbidden))
