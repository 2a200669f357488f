"""The seam between the inventory and where releases are read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.tracker import Release
from helmpanel.model.table import TableState


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of one release."""

    revision: int
    status: str
    chart: str = ""
    version: str = ""
    app_version: str = ""
    updated: datetime | None = None
    description: str = ""
    unreadable: str = ""
    """Why the payload cannot be read; empty when it can."""
    is_read: bool = True
    """Whether the payload was read; until then only labels are known."""


class Reading(Protocol):
    """One way to know the releases of a cluster. On the I/O thread only; tells its inventory of changes by the callbacks it was made with."""

    @property
    def way(self) -> str:
        """How it reads, and why so, as a sentence."""

    @property
    def state(self) -> TableState:
        """Whether what it knows can be believed."""

    @property
    def since(self) -> datetime | None:
        """UTC time from which on changes may be missing; None when none are."""

    @property
    def heard(self) -> datetime | None:
        """UTC time up to which everything is known; None before the first answer."""

    @property
    def error(self) -> HelmPanelError | None:
        """Why it is stale or failed, or why payloads are missing; None when nothing is wrong."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences: what it does not read, or not follow, while the rest is."""

    @property
    def is_complete(self) -> bool:
        """Whether the payload of every release is known."""

    @property
    def releases(self) -> Iterable[Release]:
        """All releases it knows."""

    @property
    def is_direct(self) -> bool:
        """Whether it reads helm's storage itself."""

    def seen(self, release: Release) -> Seen | None:
        """What is known of a release; None when it is not there (any more)."""

    def is_in_doubt(self, release: Release) -> bool:
        """Whether it is being found out if anything is left of a release: until then what is shown of it stays."""

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool) -> None:
        """Which releases viewers show now, and whether there are any viewers."""

    async def run(self) -> None:
        """Read, until cancelled; run again, it goes on from where it was."""

    async def confirm(self, release: Release) -> None:
        """Wait until what it knows of a release is what the cluster says now. Only while it runs.

        Raises:
            HelmPanelError: The cluster cannot be asked.
        """

    async def refresh(self) -> None:
        """Read everything anew, at once; back when it is in, or has failed. Only while it runs."""
