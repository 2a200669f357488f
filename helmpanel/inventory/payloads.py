"""What labels do not tell (chart, app version, exact time, description): which payloads are known, which are missing, and which of those is most pressing.

No I/O: `Singles` fetches the rows on screen and whatever is few, `Bulk` the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.labels import Stored, is_newer
from helmpanel.inventory.patience import Patience, asked_s
from helmpanel.inventory.storage import Head
from helmpanel.inventory.tracker import Release
from helmpanel.runtime.tasks import happens

FEW = 40
"""So many payloads are fetched one by one; more of them in one listing, which costs the server no more than that."""
SHARE = 10
"""But not for less than a tenth of all: a listing brings every payload there is."""
SLOW_S = 1.0
"""A single request that takes longer holds up nothing else."""


@dataclass(frozen=True, slots=True)
class Got:
    """A payload that was read."""

    release: Release
    object_name: str
    version: str
    head: Head


@dataclass(slots=True)
class _Failing:
    """A release whose payload could not be had by itself."""

    error: HelmPanelError
    due: float
    """When it is asked for again; 0 for at once."""
    patience: Patience = field(default_factory=Patience)


class Payloads:
    """Heads of the newest revisions. On the I/O thread only.

    Args:
        newest: The newest stored revision of a release; None when there is none (any more).
        arrived: Called with releases whose head was read.
    """

    def __init__(self, *, newest: Callable[[Release], Stored | None], arrived: Callable[[set[Release]], object]) -> None:
        self.bulk_error: HelmPanelError | None = None
        """Why the last listing of payloads failed; None when it did not."""
        self.screen: tuple[Release, ...] = ()
        """What viewers show now: it is fetched before anything else."""
        self.is_looked_at = False
        """Whether there are viewers."""
        self.newest = newest
        self._arrived = arrived
        self._got: dict[Release, Got] = {}
        self._missing: dict[Release, None] = {}
        self._one_by_one: set[Release] = set()
        """Those that a listing did not bring."""
        self._failing: dict[Release, _Failing] = {}
        self._listing: set[str | None] = set()
        self._asking: dict[Release, float] = {}
        """Those that are being asked for, and since when."""
        self._quiet_until = 0.0
        self._has_given_up = False
        """The last listing failed, and nobody has hurried since."""
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    # What is known

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self._missing

    @property
    def error(self) -> HelmPanelError | None:
        """Why something is missing that was asked for; None when nothing is."""
        return self.bulk_error or next((one.error for one in self._failing.values()), None)

    def head(self, newest: Stored) -> tuple[Head | None, bool]:
        """The head of a release's newest revision, and whether it is of the record as it is now; else the last one read of the same revision, or None."""
        got = self._got.get(newest.release)
        if got is None or got.head.revision != newest.revision:
            return None, False
        return got.head, is_current(got, newest)

    async def settled(self) -> None:
        """Wait until nothing is missing, or what is missing could not be had now."""
        await self._settled.wait()

    async def news(self, timeout_s: float | None = None) -> None:
        """Wait until something else is missing, has come or is pressing; at most so long."""
        await happens(self._news, timeout_s)

    # What is wanted

    def want(self, releases: Iterable[Release]) -> None:
        """Releases whose newest revision was written: what is not known of them yet is fetched."""
        for release in releases:
            newest, got = self.newest(release), self._got.get(release)
            if newest is not None and not (got is not None and is_current(got, newest)):
                self._missing[release] = None
                self._failing.pop(release, None)
        self._tell()

    def forget(self, releases: Iterable[Release]) -> None:
        """Releases that are gone."""
        for release in releases:
            self._got.pop(release, None)
            self._done(release)
        self._tell()

    def on_screen(self, releases: Sequence[Release], *, is_looked_at: bool) -> None:
        """What viewers show now."""
        self.screen, self.is_looked_at = tuple(releases), is_looked_at
        self._tell()

    def hurry(self) -> None:
        """Ask at once, whatever was being waited for."""
        self._has_given_up = False
        self._quiet_until = 0.0
        for one in self._failing.values():
            one.due = 0.0
        self._tell()

    # What is most pressing

    @property
    def is_many(self) -> bool:
        """Whether a listing is the way to what is missing."""
        alone = sum(release in self._missing for release in self._one_by_one | self._failing.keys())
        return len(self._missing) - alone > max(FEW, len(self._got) // SHARE)

    def missing(self, namespace: str | None = None) -> set[Release]:
        """Releases whose payload is missing, of one namespace or all."""
        return {release for release in self._missing if namespace in (None, release[0])}

    def _is_due(self, release: Release) -> bool:
        """Whether it is missing, and nobody asks for it or waits before asking again."""
        failing = self._failing.get(release)
        return release in self._missing and release not in self._asking and (failing is None or failing.due <= time.monotonic())

    def next_single(self) -> Release | None:
        """What is to be asked for by itself now."""
        if self.quiet_s:
            return None
        alone = {*self._one_by_one, *self._failing}
        others: Collection[Release] = (
            alone if self.is_many or None in self._listing else [one for one in self._missing if one in alone or one[0] not in self._listing]
        )
        return next((release for them in (self.screen, others) for release in them if self._is_due(release)), None)

    @property
    def quiet_s(self) -> float:
        """Seconds for which the server wants to be left alone."""
        return max(0.0, self._quiet_until - time.monotonic())

    def next_due_s(self) -> float | None:
        """Seconds until something may be asked for again; None while nothing waits for that."""
        times = [self._quiet_until, *(one.due for release, one in self._failing.items() if release not in self._asking)]
        now = time.monotonic()
        return min((max(at, self._quiet_until) - now for at in times if at > now), default=None)

    @property
    def is_screen_coming(self) -> bool:
        """Whether a row on screen is about to be read: nothing else is to take time from it. One that failed or is slow holds up nothing."""
        late = time.monotonic() - SLOW_S
        return any(release in self._missing and release not in self._failing and self._asking.get(release, late + 1) > late for release in self.screen)

    # What happened

    def asked(self, release: Release) -> None:
        """It is being asked for by itself."""
        self._asking[release] = time.monotonic()

    def answered(self, release: Release, error: HelmPanelError | None = None, *, is_done: bool = False) -> None:
        """Asking for it by itself is over; with an error it is asked for again after a while."""
        self._asking.pop(release, None)
        if is_done:
            self._done(release)
        if error is not None and release in self._missing:
            before = self._failing.get(release)
            patience = before.patience if before is not None else Patience()
            self._failing[release] = _Failing(error, time.monotonic() + patience.after(error), patience)
            self._keep_quiet(error)
        self._tell()

    @contextlib.contextmanager
    def listing(self, namespace: str | None) -> Iterator[None]:
        """A listing of a namespace, or of all, is under way: its last ones are not asked for by themselves as well."""
        asked = self.missing(namespace)
        self._listing.add(namespace)
        try:
            yield
            self.listed(asked)
        finally:
            self._listing.discard(namespace)
            self._tell()

    def listed(self, asked: Iterable[Release]) -> None:
        """A listing is in: those that were missing before and still are were not in it."""
        self._one_by_one |= self._missing.keys() & set(asked)
        self._tell()

    def bulk_ended(self, error: HelmPanelError | None) -> None:
        """Listings of all that is missing are over; why one of them failed, if so."""
        self.bulk_error = error
        self._has_given_up = error is not None
        self._keep_quiet(error)
        self._tell()

    def _keep_quiet(self, error: HelmPanelError | None) -> None:
        """Leave a server alone that wants to be."""
        self._quiet_until = max(self._quiet_until, time.monotonic() + asked_s(error))

    def take(self, found: Iterable[Got]) -> None:
        """Payloads that were read; older ones than are known are passed over."""
        arrived: set[Release] = set()
        for got in found:
            release, newest = got.release, self.newest(got.release)
            if newest is None or newest.object_name != got.object_name:
                continue  # an older revision, or one that is gone again
            before = self._got.get(release)
            if before is not None and before.object_name == got.object_name and is_newer(before.version, got.version):
                continue
            self._got[release] = got
            arrived.add(release)
            if is_current(got, newest):
                self._done(release)
        if arrived:
            self._tell()
            self._arrived(arrived)

    def _done(self, release: Release) -> None:
        self._missing.pop(release, None)
        self._one_by_one.discard(release)
        self._failing.pop(release, None)

    def _tell(self) -> None:
        is_left_alone = self._has_given_up or (self.quiet_s > 0 and bool(self._failing))
        if is_left_alone or all(release in self._failing and self._failing[release].due for release in self._missing):
            self._settled.set()
        else:
            self._settled.clear()
        self._news.set()
        self._news = asyncio.Event()


def is_current(got: Got, newest: Stored) -> bool:
    """Whether a payload is of the record as it is known now, or a later one."""
    return got.object_name == newest.object_name and (got.version == newest.version or is_newer(got.version, newest.version))
