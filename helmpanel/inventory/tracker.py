"""Which stored revision is the newest of each release, kept up to date by lists and watches. No I/O: tested without a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from helmpanel.inventory.labels import Stored

Release = tuple[str, str]
"""Namespace and name."""
SUPERSEDED = "superseded"


class Tracker:
    """Stored revisions of all releases: those that lists and watches tell of, and superseded ones where they are the newest (somebody deleted what was newer).

    No watch tells of the latter: they are brought in by `set_old` and `replace_old`, and have to be looked after.
    """

    def __init__(self) -> None:
        self._revisions: dict[Release, dict[str, Stored]] = {}
        self._old: dict[Release, Stored] = {}

    @property
    def releases(self) -> Iterable[Release]:
        """All that are known."""
        return self._revisions.keys() | self._old.keys()

    @property
    def old(self) -> set[Release]:
        """Releases whose newest revision is a superseded one."""
        return set(self._old)

    def newest(self, release: Release) -> Stored | None:
        """The stored revision with the highest number; None when there is no such release."""
        return _newest(self._known(release))

    def mark(self, release: Release) -> tuple[Stored, bool] | None:
        """The newest revision, and whether another object claims to be it as well; None when there is no such release."""
        known = self._known(release)
        newest = _newest(known)
        return (newest, _is_ambiguous(known)) if newest is not None else None

    def replace(self, namespace: str | None, items: Iterable[Stored]) -> tuple[set[Release], set[Release]]:
        """Take a list for all there is in a namespace (None: anywhere), superseded revisions apart.

        Returns:
            Releases whose newest revision is another one or was written anew; and those of which nothing is left.
        """
        before = {release: self.mark(release) for release in self._revisions if namespace is None or release[0] == namespace}
        for release in before:
            del self._revisions[release]
        for item in items:
            if namespace is None or item.namespace == namespace:
                self._revisions.setdefault(item.release, {})[item.object_name] = item
                self._outdate(item)
        now = {release for release in self._revisions if namespace is None or release[0] == namespace}
        changed = {release for release in now | before.keys() if before.get(release) != (mark := self.mark(release)) and mark is not None}
        return changed, {release for release in before if self.newest(release) is None}

    def change(self, event: str, item: Stored) -> tuple[bool, bool]:
        """Take one event of a watch.

        Returns:
            Whether the release's newest revision is another one or was written anew; and whether its newest revision is gone, so that nobody knows what
            the newest is now: nothing, an older one, or a superseded one that no watch tells of.
        """
        release = item.release
        before, newest = self.mark(release), self.newest(release)
        revisions = self._revisions.setdefault(release, {})
        if event == "DELETED":
            revisions.pop(item.object_name, None)
        else:
            revisions[item.object_name] = item
            self._outdate(item)
        if not revisions:
            del self._revisions[release]
        if event == "DELETED" and newest is not None and newest.object_name == item.object_name:
            return False, True
        return before != self.mark(release), False

    def set_old(self, release: Release, item: Stored | None) -> None:
        """The newest superseded revision of a release; None for none."""
        self._old.pop(release, None)
        newest = self.newest(release)
        if item is not None and (newest is None or item.revision > newest.revision):
            self._old[release] = item

    def replace_old(self, namespace: str | None, items: Mapping[Release, Stored], *, but: Set[Release] = frozenset()) -> set[Release]:
        """The newest superseded revision of every release of a namespace (None: of any) that has one, some releases left as they are.

        Returns:
            Releases whose newest revision is another one for that, or none.
        """
        touched = {release for release in self._old.keys() | items.keys() if namespace in (None, release[0])} - but
        before = {release: self.mark(release) for release in touched}
        for release in touched:
            self.set_old(release, items.get(release))
        return {release for release in touched if before[release] != self.mark(release)}

    def _known(self, release: Release) -> list[Stored]:
        known = list(self._revisions.get(release, {}).values())
        if release in self._old:
            known.append(self._old[release])
        return known

    def _outdate(self, item: Stored) -> None:
        old = self._old.get(item.release)
        if old is not None and (old.revision < item.revision or old.object_name == item.object_name):
            del self._old[item.release]


def _newest(known: Sequence[Stored]) -> Stored | None:
    if len(known) == 1:
        return known[0]
    # Of two with one number the same one each time, whatever the order they came in.
    return max(known, key=lambda one: (one.revision, one.object_name), default=None)


def _is_ambiguous(known: Sequence[Stored]) -> bool:
    return len(known) > 1 and sorted(one.revision for one in known)[-2:] == [max(one.revision for one in known)] * 2
