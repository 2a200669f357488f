"""Which way a cluster's releases are read, put together from its parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from helmpanel.errors import HelmPanelError
from helmpanel.helm.read import HelmReader
from helmpanel.inventory.assembly import AvailabilityOf
from helmpanel.inventory.by_helm import HelmLister
from helmpanel.inventory.drivers import Driver, by_helm_for
from helmpanel.inventory.health.health import HealthWatch
from helmpanel.inventory.inventory import Inventory
from helmpanel.inventory.live import LiveReading
from helmpanel.inventory.polled import PolledReading
from helmpanel.inventory.reading import Reading
from helmpanel.inventory.ways import EitherReading
from helmpanel.inventory.writer import Changed
from helmpanel.kube.api import KubeApi
from helmpanel.kube.kubeconfig import Access
from helmpanel.model.table import ReleaseTable
from helmpanel.settings import Settings

Told = Callable[[], object]


def make_inventory(
    api: KubeApi,
    access: Access,
    driver: Driver,
    *,
    namespaces: tuple[str, ...] | None,
    table: ReleaseTable,
    availability: AvailabilityOf,
    reader: Callable[[], Awaitable[HelmReader]],
    settings: Settings,
) -> Inventory:
    """An inventory that reads helm's storage itself where that can and may be read, and else asks helm.

    Args:
        api: The cluster.
        access: Its context.
        driver: Where helm stores releases.
        namespaces: Where to look, and nowhere else; None for the whole cluster.
        table: What is written.
        availability: See AvailabilityOf.
        reader: Gives what asks helm.
        settings: Times.
    """
    fallback = settings.namespaces or (access.namespace,)

    def by_helm(changed: Changed, told: Told, way: str) -> PolledReading:
        return PolledReading(HelmLister(reader, namespaces), changed=changed, told=told, way=way, settings=settings)

    def straight(plural: str) -> Callable[[Changed, Told], Reading]:
        return lambda changed, told: LiveReading(api, plural, namespaces, fallback, changed=changed, told=told, way=driver.way, settings=settings)

    def instead(changed: Changed, told: Told, refusal: HelmPanelError) -> PolledReading:
        return by_helm(changed, told, by_helm_for(refusal))

    def reading(changed: Changed, told: Told) -> Reading:
        if driver.plural is None:
            return by_helm(changed, told, driver.way)
        return EitherReading(straight(driver.plural), instead, changed=changed, told=told)

    def healths(changed: Changed) -> HealthWatch:
        return HealthWatch(api, namespaces, fallback, changed=changed, settings=settings)

    return Inventory(reading, table, context=access.context, availability=availability, healths=healths, settings=settings)
