"""How the workloads of all releases are: four kinds followed, each by one list and one watch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from helmpanel.inventory.api import Api
from helmpanel.inventory.health.combine import combined
from helmpanel.inventory.health.pods import PodReasons, Where, worsened
from helmpanel.inventory.health.readiness import TERMINATING, Found
from helmpanel.inventory.health.sight import KINDS, Known, Sight, sentence
from helmpanel.inventory.reading import Reading
from helmpanel.inventory.tracker import Release
from helmpanel.model.health import NOT_LOOKED, Health, HealthState, Workload
from helmpanel.runtime.tasks import until_one_ends
from helmpanel.settings import Settings

WEIGHED_EVERY_S = 1.0
"""Between two looks at whether what was known of kinds that fail still counts."""


class HealthWatch:
    """See `writer.Healths`. Lives on the I/O thread; `workloads` may be used from any thread.

    Args:
        api: The cluster.
        namespaces: Where workloads are followed, and nowhere else; None for the whole cluster.
        fallback: Namespaces to look in when the whole cluster may not be listed.
        changed: Called with releases whose health is another one now.
        settings: Times.
    """

    def __init__(
        self,
        api: Api,
        namespaces: tuple[str, ...] | None,
        fallback: tuple[str, ...],
        *,
        changed: Callable[[set[Release]], object],
        settings: Settings | None = None,
    ) -> None:
        self._changed = changed
        self._found: dict[Where, Found] = {}
        self._members: dict[Release, set[Where]] = {}
        self._workloads: dict[Release, tuple[Workload, ...]] = {}
        """Replaced release by release, never changed: read from other threads."""
        self._healths: dict[Release, Health] = {}
        """What was told of those that somebody asked for."""
        self._unknown: dict[str, str | None] = {}
        """By namespace what is not known there; None when not everything has been listed yet."""
        self._screen: frozenset[Release] = frozenset()
        self._releases: Reading | None = None
        self._pods = PodReasons(api, self._pods_changed)
        self._sights = [
            Sight(api, kind, namespaces, fallback, replaced=self._replaced, changed=self._workload_changed, told=self._told, settings=settings or Settings())
            for kind in KINDS
        ]

    def health(self, namespace: str, name: str) -> Health:
        """Of one release; it is told of from now on when that changes."""
        release = (namespace, name)
        health = self._healths[release] = self._health(release)
        return health

    def forget(self, namespace: str, name: str) -> None:
        """It is gone: it is told of no more."""
        self._healths.pop((namespace, name), None)

    def beside(self, releases: Reading) -> None:
        """Where the releases are read: with the cluster away for both, what was known of workloads counts."""
        self._releases = releases

    def workloads(self, namespace: str, name: str) -> tuple[Workload, ...]:
        """Of one release, by kind and name."""
        return self._workloads.get((namespace, name), ())

    def on_screen(self, releases: Collection[Release]) -> None:
        """What viewers show now: the pods of what is not ready there are looked at."""
        screen = frozenset(releases)
        if screen != self._screen:
            self._screen = screen
            self._suspect()

    async def run(self) -> None:
        """Follow, until cancelled; run again, it goes on from where it was."""
        await until_one_ends(*(one.places.run() for one in self._sights), self._pods.run(), self._weigh(), name="follow workloads")

    async def refresh(self) -> None:
        """List anew, and ask again for what was forbidden, at once; back when the lists are in or have failed. Only while it runs."""
        self._pods.hurry()
        await asyncio.gather(*(one.places.hurry() for one in self._sights))

    # What the cluster says

    def _replaced(self, kind: str, place: str | None, items: list[Found]) -> None:
        now = {one.where: one for one in items}
        gone = [where for where in self._found if where[0] == kind and place in (None, where[1]) and where not in now]
        touched = {release for where in gone for release in self._put(where, None)}
        touched |= {release for where, one in now.items() for release in self._put(where, one)}
        self._consider(touched)

    def _workload_changed(self, one: Found, is_there: bool) -> None:
        self._consider(self._put(one.where, one if is_there else None))

    def _pods_changed(self, where: Where) -> None:
        one = self._found.get(where)
        if one is not None and one.release is not None:
            self._consider({one.release})

    def _told(self) -> None:
        """Nothing is computed anew for what every watch says now and then: only where something else is known."""
        before, self._unknown = self._unknown, {}
        places = {namespace for namespace in {release[0] for release in self._healths} if before.get(namespace) != self._unknown_in(namespace)}
        if places:
            self._consider({release for release in self._healths if release[0] in places})

    async def _weigh(self) -> None:
        while True:
            await asyncio.sleep(WEIGHED_EVERY_S)
            lost = [one.kind for one in self._sights if one.weigh(self._releases)]
            if lost:
                self._told()

    # What it comes to

    def _put(self, where: Where, one: Found | None) -> set[Release]:
        """Take what is known of a workload now; releases for which it makes a difference."""
        if one is not None and one.release is None:
            one = None  # somebody took Helm's annotations off, or they were never there
        before = self._found.get(where)
        if before == one:
            return set()
        if before is not None and (one is None or not _is_suspect(one) or (one.uid, one.generation) != (before.uid, before.generation)):
            self._pods.forget(where)
        if one is None:
            self._found.pop(where, None)
        else:
            self._found[where] = one
        touched = {each.release for each in (before, one) if each is not None and each.release is not None}
        for release in touched:
            members = self._members.setdefault(release, set())
            if one is not None and one.release == release:
                members.add(where)
            else:
                members.discard(where)
            if not members:
                del self._members[release]
        return touched

    def _consider(self, releases: Iterable[Release]) -> None:
        different = set()
        for release in releases:
            made = tuple(self._made(self._found[where]) for where in sorted(self._members.get(release, ())))
            if made:
                self._workloads[release] = made
            else:
                self._workloads.pop(release, None)
            before = self._healths.get(release)
            if before is not None:
                now = self._healths[release] = self._health(release)
                if now != before:
                    different.add(release)
        self._suspect()
        if different:
            self._changed(different)

    def _made(self, one: Found) -> Workload:
        return replace(one.workload, health=worsened(one.workload.health, self._pods.reason(one.where)))

    def _health(self, release: Release) -> Health:
        unknown = self._unknown_in(release[0])
        return NOT_LOOKED if unknown is None else combined(self.workloads(*release), unknown)

    def _unknown_in(self, namespace: str) -> str | None:
        if namespace not in self._unknown:
            outlooks = {one.plural: one.outlook(namespace) for one in self._sights}
            is_loading = any(one.known is Known.LOADING for one in outlooks.values())
            self._unknown[namespace] = None if is_loading else sentence(outlooks)
        return self._unknown[namespace]

    def _suspect(self) -> None:
        shown = {where: self._found[where] for release in self._screen for where in self._members.get(release, ())}
        self._pods.look_at({where: one for where, one in shown.items() if _is_suspect(one)})


def _is_suspect(one: Found) -> bool:
    """Whether its pods may say why it is not ready."""
    health = one.workload.health
    return bool(one.pods) and health.reason != TERMINATING and health.state in (HealthState.PROGRESSING, HealthState.DEGRADED)
