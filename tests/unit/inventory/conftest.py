"""A lister that says what it is told to, and an inventory over it that leaves nothing behind."""

import asyncio

import pytest

from helmpanel.inventory.inventory import Inventory
from helmpanel.inventory.live import LiveReading
from helmpanel.inventory.polled import PolledReading
from helmpanel.inventory.storage import Head
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.table import ReleaseTable
from helmpanel.settings import Settings
from tests.unit.inventory.watcher import Watcher

WEB = ReleaseKey("prod", "a", "web")


def some(name="web", **changes):
    return Head(**{"namespace": "a", "name": name, "revision": 1, "status": "deployed", "chart": "nginx", "version": "1.0.0", **changes})


class FakeReader:
    """Says what it is told to; `hold()` makes readings wait."""

    def __init__(self, *heads):
        self.says = heads
        self.problems = ()
        self.begun = 0
        self.gate = asyncio.Event()
        self.gate.set()

    def hold(self):
        self.gate.clear()

    async def read(self):
        self.begun += 1
        now = self.says
        await self.gate.wait()
        if isinstance(now, Exception):
            raise now
        return tuple(now)


def current(chart, version):
    return Availability(state=AvailabilityState.CURRENT, source="repo")


@pytest.fixture
async def made():
    """Inventories that are closed at the end."""
    made = []
    yield made
    for inventory in made:
        await inventory.close()
    assert len(asyncio.all_tasks()) == 1, "the inventory left tasks behind"


@pytest.fixture
def over(made):
    """Makes inventories over a way of reading."""

    def over(reading, *, availability=current, **more):
        inventory = Inventory(reading, ReleaseTable(), context="prod", availability=availability, **more)
        made.append(inventory)
        return inventory

    return over


@pytest.fixture
def make(over):
    def make(reader, availability=current, healths=None, **settings):
        known = Settings(**settings)
        return over(
            lambda changed, told: PolledReading(reader, changed=changed, told=told, way="Read by a test.", settings=known),
            availability=availability,
            healths=healths,
            settings=known,
        )

    return make


@pytest.fixture
def live(over):
    def live(api, namespaces=None, fallback=("default",), changed=lambda places: None, **settings):
        known = Settings(**settings)

        def reading(note, told):
            def both(places):
                changed(places)
                note(places)

            return LiveReading(api, "secrets", namespaces, fallback, changed=both, told=told, way="From Secrets.", settings=known)

        return over(reading, settings=known)

    return live


@pytest.fixture
async def follow():
    made = []

    def follow(api, namespace=None, **settings):
        made.append(Watcher(api, namespace, **settings))
        made[-1].start()
        return made[-1]

    yield follow
    for one in made:
        await one.stop()
    assert len(asyncio.all_tasks()) == 1, "following left tasks behind"
