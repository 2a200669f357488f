"""All stored revisions of one release, superseded ones included."""

from __future__ import annotations

from helmpanel.inventory.api import METADATA_LIST, Api
from helmpanel.inventory.kinds import listing
from helmpanel.inventory.labels import Stored, can_select, releases_kind
from helmpanel.inventory.tracker import Release


async def revisions(api: Api, plural: str, release: Release) -> list[Stored]:
    """Metadata of the records that helm would find for a release, by one small request; none for a name that no label can hold.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        release: Which.

    Raises:
        HelmPanelError: The cluster cannot be asked.
    """
    namespace, name = release
    if not can_select(name):
        return []
    kind = releases_kind(plural, f"owner=helm,name={name}")
    found, _ = listing(await api.get(kind.path(namespace), {"labelSelector": kind.selector}, METADATA_LIST), kind)
    return [one for one in found if one.release == release]
