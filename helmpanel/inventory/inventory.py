"""What is known of the releases of one cluster: the only writer of the release table and of Release objects."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from helmpanel.errors import HelmPanelError, ReleaseNotFound
from helmpanel.model.availability import Availability, SourceState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord, releases_frame
from helmpanel.model.release import Release
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.runtime.news import write
from helmpanel.runtime.tasks import end, spawn
from helmpanel.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from helmpanel.inventory.reading import ReleaseReader
    from helmpanel.inventory.storage import Head

AvailabilityOf: TypeAlias = Callable[[str, str], Availability]
"""Chart name and version to what is known of newer ones. Called in a thread; must not raise."""


class Inventory:
    """Reads the releases, again and again while somebody looks, and writes what it finds.

    Lives on the I/O thread; `release` and `records` may be used from any thread.
    """

    def __init__(self, reader: ReleaseReader, table: ReleaseTable, *, context: str, availability: AvailabilityOf, settings: Settings | None = None) -> None:
        self.table = table
        self._reader = reader
        self._context = context
        self._availability = availability
        self._settings = settings or Settings()
        self._records: dict[ReleaseKey, ReleaseRecord] = {}
        self._objects: weakref.WeakValueDictionary[ReleaseKey, Release] = weakref.WeakValueDictionary()
        self._objects_lock = threading.Lock()
        self._turn = asyncio.Lock()
        self._waiting: asyncio.Task[HelmPanelError | None] | None = None
        self._readings: set[asyncio.Task[HelmPanelError | None]] = set()
        self._lookers = 0
        self._polling: asyncio.Task[None] | None = None

    @property
    def records(self) -> dict[ReleaseKey, ReleaseRecord]:
        """Everything of the last reading that succeeded; replaced as a whole, never changed."""
        return self._records

    def record(self, key: ReleaseKey) -> ReleaseRecord:
        """One release of the last reading.

        Raises:
            ReleaseNotFound: It is not there (any more).
        """
        found = self._records.get(key)
        if found is None:
            raise ReleaseNotFound.of(key)
        return found

    def release(self, key: ReleaseKey) -> Release:
        """The live object of a release, kept up to date as long as somebody holds it; the same one for everybody.

        Raises:
            ReleaseNotFound: It is not there (any more).
        """
        with self._objects_lock:
            found = self._objects.get(key)
            if found is None:
                found = Release(key=key, namespace=key.namespace, name=key.name, **_parameters(self.record(key)))
                self._objects[key] = found
            return found

    async def refresh(self) -> None:
        """Read the releases anew; asked for during a reading, it means one more reading after it, the same one for all who ask.

        Raises:
            HelmPanelError: They could not be read; the table says so too and keeps the rows it had.
        """
        if self._waiting is None:
            self._waiting = spawn(self._read(), f"read releases of {self._context}")
            self._readings.add(self._waiting)
            self._waiting.add_done_callback(self._readings.discard)
        task = self._waiting
        await asyncio.wait([task])  # which, unlike awaiting the task, does not cancel it for the others when one caller is cancelled
        if task.cancelled():
            return  # closed meanwhile
        error = task.result()
        if error is not None:
            raise error

    def look(self) -> Callable[[], None]:
        """Say that somebody looks: read every `refresh_interval_s` until the returned function is called by the last one."""
        self._lookers += 1
        if self._polling is None:
            self._polling = spawn(self._poll(), f"poll releases of {self._context}")
        is_over = False

        def stop() -> None:
            nonlocal is_over
            if is_over:
                return
            is_over = True
            self._lookers -= 1
            if not self._lookers and self._polling is not None:
                self._polling.cancel()
                self._polling = None

        return stop

    async def reconsider(self, sources: SourceState | None = None) -> None:
        """Ask anew what is available for each release, after the chart repositories were read; `sources` says how old they are."""
        async with self._turn:
            known = self._records
            frame, records = await asyncio.to_thread(_considered, known.values(), self._availability)
            changes: dict[str, object] = {} if sources is None else {"sources": sources}
            if records != known:
                self._records = records
                changes["frame"] = frame
            if changes:
                write(self.table, **changes)
            self._update_objects()

    async def close(self) -> None:
        """End what is under way."""
        polling, self._polling = self._polling, None
        for task in [*self._readings, *([polling] if polling else [])]:
            await end(task)

    async def _read(self) -> HelmPanelError | None:
        async with self._turn:
            # From here on a new request would see a cluster newer than what this reading may see: it gets the next one.
            self._waiting = None
            write(self.table, is_reading=True)
            changes: dict[str, object] = {}
            try:
                reading = await self._reader.read()
                frame, records = await asyncio.to_thread(_assembled, reading.heads, self._context, self._availability)
            except HelmPanelError as error:
                changes = {"error": error, "state": TableState.FAILED if self.table.read_at is None else TableState.STALE}
                return error
            else:
                changes = {"state": TableState.READY, "read_at": datetime.now(UTC), "error": None}
                if list(reading.problems) != self.table.problems:
                    changes["problems"] = list(reading.problems)
                # An unchanged frame is not set again: every viewer would compare all its rows.
                if records != self._records or self.table.read_at is None:
                    changes["frame"] = frame
                self._records = records
                return None
            finally:
                write(self.table, is_reading=False, **changes)
                self._update_objects()

    async def _poll(self) -> None:
        interval_s = self._settings.refresh_interval_s
        while True:
            read_at = self.table.read_at
            is_current = read_at is not None and self.table.state is TableState.READY
            age_s = (datetime.now(UTC) - read_at).total_seconds() if read_at is not None and is_current else interval_s
            if age_s >= interval_s:
                with contextlib.suppress(HelmPanelError):  # the table says so; go on asking
                    await self.refresh()
                age_s = 0.0
            await asyncio.sleep(interval_s - age_s)

    def _update_objects(self) -> None:
        with self._objects_lock:
            objects = dict(self._objects)
        for key, release in objects.items():
            record = self._records.get(key)
            changes = {"is_gone": True} if record is None else {"is_gone": False, **_parameters(record)}
            changed = {name: value for name, value in changes.items() if getattr(release, name) != value}
            if changed:
                write(release, **changed)


def _parameters(record: ReleaseRecord) -> dict[str, object]:
    return {
        "revision": record.revision,
        "status": record.status,
        "chart": record.chart,
        "version": record.version,
        "app_version": record.app_version,
        "updated": record.updated,
        "description": record.description,
        "availability": record.availability,
    }


def _assembled(heads: Iterable[Head], context: str, availability: AvailabilityOf) -> tuple[pd.DataFrame, dict[ReleaseKey, ReleaseRecord]]:
    """Frame and records of a reading. 10,000 releases take a moment: call it in a thread."""
    records = (
        ReleaseRecord(
            key=ReleaseKey(context, head.namespace, head.name),
            revision=head.revision,
            status=head.status,
            chart=head.chart,
            version=head.version,
            app_version=head.app_version,
            updated=head.updated,
            description=head.description,
        )
        for head in heads
    )
    return _considered(records, availability)


def _considered(records: Iterable[ReleaseRecord], availability: AvailabilityOf) -> tuple[pd.DataFrame, dict[ReleaseKey, ReleaseRecord]]:
    """The records with what is available for each, asked once for each chart and version."""
    answers: dict[tuple[str, str], Availability] = {}
    found: dict[ReleaseKey, ReleaseRecord] = {}
    for record in records:
        chart = (record.chart, record.version)
        if chart not in answers:
            answers[chart] = availability(*chart)
        found[record.key] = replace(record, availability=answers[chart])
    return releases_frame(found.values()), found
