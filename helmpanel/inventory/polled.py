"""Releases read by the helm command line, where nothing can be followed: asked for again from time to time while somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.reading import Seen
from helmpanel.inventory.storage import Head
from helmpanel.inventory.tracker import Release
from helmpanel.model.table import TableState
from helmpanel.runtime.tasks import end, happens, spawn
from helmpanel.settings import Settings


class Lister(Protocol):
    """Something that can list all releases."""

    problems: tuple[str, ...]
    """Sentences about namespaces that could not be listed while others could."""

    async def read(self) -> tuple[Head, ...]:
        """All releases, one head each.

        Raises:
            HelmPanelError: They cannot be known.
        """
        ...


class PolledReading:
    """See `Reading`.

    Args:
        lister: Who is asked.
        changed: Called with releases of which something else is known now.
        told: Called when the state may have changed.
        way: How it reads and why so, as a sentence.
        settings: Times.
    """

    def __init__(
        self, lister: Lister, *, changed: Callable[[set[Release]], object], told: Callable[[], object], way: str, settings: Settings | None = None
    ) -> None:
        self.way = way
        self.state = TableState.LOADING
        self.since: datetime | None = None
        self.heard: datetime | None = None
        self.error: HelmPanelError | None = None
        self._lister = lister
        self._changed = changed
        self._told = told
        self._settings = settings or Settings()
        self._heads: dict[Release, Head] = {}
        self._is_looked_at = False
        self._wake = asyncio.Event()
        self._asked: list[asyncio.Future[None]] = []

    @property
    def problems(self) -> tuple[str, ...]:
        """See Reading."""
        return tuple(self._lister.problems)

    @property
    def is_complete(self) -> bool:
        """See Reading."""
        return self.heard is not None

    @property
    def releases(self) -> Iterable[Release]:
        """See Reading."""
        return self._heads.keys()

    def seen(self, release: Release) -> Seen | None:
        """See Reading."""
        head = self._heads.get(release)
        if head is None:
            return None
        return Seen(
            revision=head.revision,
            status=head.status,
            chart=head.chart,
            version=head.version,
            app_version=head.app_version,
            updated=head.updated,
            description=head.description,
            unreadable=head.unreadable,
        )

    def is_in_doubt(self, release: Release) -> bool:
        """See Reading: what helm lists is all there is."""
        return False

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool) -> None:
        """See Reading."""
        begins, self._is_looked_at = is_looked_at and not self._is_looked_at, is_looked_at
        if begins:
            self._wake.set()

    @property
    def is_direct(self) -> bool:
        """See Reading."""
        return False

    async def run(self) -> None:
        """See Reading."""
        try:
            while True:
                self._wake.clear()
                if self._asked or self._is_due:
                    await self.read()
                await happens(self._wake, self._settings.refresh_interval_s if self._is_looked_at else None)
        finally:
            for one in self._asked:
                one.cancel()  # nobody asks any more
            self._asked.clear()

    async def refresh(self) -> None:
        """See Reading."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked.append(done)
        self._wake.set()
        await done

    async def confirm(self, release: Release) -> None:
        """See Reading."""
        await self.refresh()
        if self.error is not None:
            raise self.error

    async def read(self) -> None:
        """Ask once; what went wrong is in `error` afterwards."""
        asked, self._asked = self._asked, []
        task = spawn(self._heads_or_error(), "list releases by helm")
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            await end(task)
            self._asked += asked
            raise
        found = task.result()
        if isinstance(found, HelmPanelError):
            self.state = TableState.FAILED if self.heard is None else TableState.STALE
            self.since, self.error = self.heard, found
        else:
            before, self._heads = self._heads, found
            self.state, self.since, self.error, self.heard = TableState.READY, None, None, datetime.now(UTC)
            changed = {release for release in before.keys() | found.keys() if before.get(release) != found.get(release)}
            if changed:
                self._changed(changed)
        self._told()
        self._answer(asked)

    @property
    def _is_due(self) -> bool:
        if self.heard is None:
            return self.error is None or self._is_looked_at
        age_s = (datetime.now(UTC) - self.heard).total_seconds()
        return self._is_looked_at and (self.error is not None or age_s >= self._settings.refresh_interval_s)

    async def _heads_or_error(self) -> dict[Release, Head] | HelmPanelError:
        try:
            return {(head.namespace, head.name): head for head in await self._lister.read()}
        except HelmPanelError as error:
            return error

    def _answer(self, asked: list[asyncio.Future[None]]) -> None:
        for one in asked:
            if not one.done():
                one.set_result(None)
        asked.clear()
