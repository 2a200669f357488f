"""Live Release objects: one for each release that somebody holds, the same one for everybody."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Mapping

from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord
from helmpanel.model.release import Release
from helmpanel.runtime.news import write


class LiveObjects:
    """Kept as long as somebody holds them. From any thread."""

    def __init__(self) -> None:
        self._objects: weakref.WeakValueDictionary[ReleaseKey, Release] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()

    def get(self, key: ReleaseKey, record: Callable[[ReleaseKey], ReleaseRecord]) -> Release:
        """The object of a release, made from its record when nobody holds one; raises what `record` raises."""
        with self._lock:
            found = self._objects.get(key)
            if found is None:
                found = Release(key=key, namespace=key.namespace, name=key.name, **_parameters(record(key)))
                self._objects[key] = found
            return found

    def update(self, keys: Iterable[ReleaseKey], records: Mapping[ReleaseKey, ReleaseRecord]) -> None:
        """Tell the objects of these releases what is known now; a release without a record is gone."""
        with self._lock:
            objects = dict(self._objects)
        for key in keys if objects else ():
            release, record = objects.get(key), records.get(key)
            if release is None:
                continue
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
        "health": record.health,
        "unreadable": record.unreadable,
    }
