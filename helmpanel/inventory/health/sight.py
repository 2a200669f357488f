"""One kind of workload: where it is followed, and what is not known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from helmpanel.errors import Forbidden, HelmPanelError, NotFound
from helmpanel.inventory.api import Api
from helmpanel.inventory.health.kept import Kept
from helmpanel.inventory.health.readiness import SELECTOR, Found, found
from helmpanel.inventory.kinds import Kind
from helmpanel.inventory.places import Places
from helmpanel.inventory.reading import Reading
from helmpanel.settings import Settings
from helmpanel.text import cut

KINDS = {
    "Deployment": ("/apis/apps/v1", "deployments"),
    "StatefulSet": ("/apis/apps/v1", "statefulsets"),
    "DaemonSet": ("/apis/apps/v1", "daemonsets"),
    "Job": ("/apis/batch/v1", "jobs"),
}
"""API and plural of each kind of workload."""
WHOLE = "the whole cluster"


class Known(Enum):
    """How much is known of a kind at some place."""

    LOADING = "loading"
    READ = "read"
    FORBIDDEN = "forbidden"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is known of one kind in one namespace."""

    known: Known
    why: str = ""
    """Where it may not be listed, or why it cannot be read."""


class Sight:
    """Follows one kind of workload. On the I/O thread only.

    Args:
        api: The cluster.
        kind: Deployment, StatefulSet, DaemonSet or Job.
        namespaces: See Places.
        fallback: See Places.
        replaced: Called with a namespace (None: the whole cluster) and all there is of the kind.
        changed: Called with whether it is there, and the workload.
        told: Called when an outlook may have changed.
        settings: Times.
    """

    def __init__(
        self,
        api: Api,
        kind: str,
        namespaces: tuple[str, ...] | None,
        fallback: tuple[str, ...],
        *,
        replaced: Callable[[str, str | None, list[Found]], object],
        changed: Callable[[Found, bool], object],
        told: Callable[[], object],
        settings: Settings,
    ) -> None:
        self.kind = kind
        group_path, self.plural = KINDS[kind]
        self._replaced = replaced
        self._told = told
        self._lists: set[str | None] = set()
        """Places that have been listed."""
        self._kept = Kept()

        def convert(obj: Mapping[str, object]) -> Found | None:
            return found(kind, obj)

        self.places = Places(
            api,
            Kind(group_path=group_path, plural=self.plural, selector=SELECTOR, convert=convert),
            namespaces,
            fallback,
            listed=self._listed,
            changed=lambda event, one: changed(one, event != "DELETED"),
            told=self._note,
            settings=settings,
        )

    def outlook(self, namespace: str) -> Outlook:
        """What is known of the kind in a namespace."""
        places, error = self.places, self.places.error_in(namespace)
        looked_in = places.namespaces
        is_listed = None in self._lists or namespace in self._lists
        if is_listed and self._kept.is_believed(None if looked_in is None else namespace):
            return Outlook(known=Known.READ)
        if isinstance(error or places.error, NotFound) and not is_listed:
            return Outlook(known=Known.READ)  # a server without this API has no such workloads; one that had it is not the one that answers
        if looked_in is not None and namespace not in looked_in:
            # Else nobody would have told of a release there.
            return Outlook(known=Known.FORBIDDEN, why=WHOLE)
        if None not in places.readable and namespace not in places.readable:
            if isinstance(error, Forbidden) or error is None:
                return Outlook(known=Known.FORBIDDEN, why=WHOLE if looked_in is None else f"namespace {namespace}")
            return Outlook(known=Known.FAILED, why=_told(error))
        if error is not None:
            if isinstance(error, Forbidden):
                return Outlook(known=Known.FORBIDDEN, why=WHOLE if error.namespace is None else f"namespace {namespace}")
            return Outlook(known=Known.FAILED, why=_told(error))
        return Outlook(known=Known.LOADING)

    def weigh(self, releases: Reading | None) -> bool:
        """Whether something is not known any more since it was asked last.

        Args:
            releases: What the cluster says of them meanwhile; None as if they were heard of at this moment.
        """
        now = datetime.now(UTC)
        return self._kept.weigh(now, heard=now if releases is None else releases.heard, is_away=releases is not None and releases.since is not None)

    def _listed(self, place: str | None, items: list[Found]) -> None:
        self._lists = {None} if place is None else {*self._lists, place}
        self._replaced(self.kind, place, items)

    def _note(self) -> None:
        failing = [place for place in self.places.namespaces or (None,) if self.places.error_in(place or "") is not None]
        self._kept.note(failing, datetime.now(UTC))
        self._told()


def sentence(outlooks: Mapping[str, Outlook]) -> str:
    """What is not known of the kinds at one place; empty when everything is.

    Args:
        outlooks: By plural, such as deployments.
    """
    forbidden: dict[str, list[str]] = {}
    failed: dict[str, list[str]] = {}
    for plural, one in outlooks.items():
        if one.known is Known.FORBIDDEN:
            forbidden.setdefault(one.why, []).append(plural)
        elif one.known is Known.FAILED:
            failed.setdefault(one.why, []).append(plural)
    told = [f"You may not list {_and(plurals)} in {where}." for where, plurals in forbidden.items()]
    told += [f"The {_and(plurals)} cannot be read. {why}" for why, plurals in failed.items()]
    return " ".join(told)


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _told(error: HelmPanelError) -> str:
    return cut(str(error), 300)
