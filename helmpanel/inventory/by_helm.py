"""All releases, listed by the helm command line: for storage that only helm can read, and for identities that may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from helmpanel.errors import HelmPanelError
from helmpanel.helm.read import HelmReader, ListedRelease
from helmpanel.inventory.each import in_each
from helmpanel.inventory.storage import Head

PARALLEL = 4
"""Namespaces listed at the same time: each is a helm process."""


class HelmLister:
    """See `polled.Lister`.

    Args:
        reader: Gives what asks helm; raises HelmMissing or HelmTooOld.
        namespaces: Where to look; None for the whole cluster.
    """

    def __init__(self, reader: Callable[[], Awaitable[HelmReader]], namespaces: tuple[str, ...] | None) -> None:
        self.problems: tuple[str, ...] = ()
        self._reader = reader
        self._places: tuple[str | None, ...] = tuple(dict.fromkeys(namespaces)) if namespaces else (None,)

    async def read(self) -> tuple[Head, ...]:
        """All releases; a namespace that cannot be listed while others can is named in `problems`.

        Raises:
            HelmPanelError: helm is missing, or none could be listed.
        """
        reader = await self._reader()
        found = await in_each(self._places, reader.releases, PARALLEL)
        faults = [one for one in found if isinstance(one, HelmPanelError)]
        if len(faults) == len(found):
            raise faults[0]
        self.problems = tuple(str(fault) for fault in faults)
        return tuple(_head(row) for rows in found if not isinstance(rows, HelmPanelError) for row in rows)


def _head(row: ListedRelease) -> Head:
    return Head(
        namespace=row.namespace,
        name=row.name,
        revision=row.revision,
        status=row.status,
        chart=row.chart,
        version=row.version,
        app_version=row.app_version,
        updated=row.updated,
    )
