"""The API where it may be asked, helm where not, and back again."""

import asyncio

import pytest

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.live import LiveReading
from helmpanel.inventory.polled import PolledReading
from helmpanel.inventory.ways import EitherReading
from helmpanel.model.table import TableState
from helmpanel.settings import Settings
from tests.unit.inventory.conftest import WEB, FakeReader, some
from tests.unit.inventory.fake_api import FakeApi, forbidden, secret
from tests.waiting import until


@pytest.fixture
def either(over):
    def either(api, reader, namespaces=None):
        known = Settings()
        return over(
            lambda changed, told: EitherReading(
                lambda note, tell: LiveReading(api, "secrets", namespaces, (), changed=note, told=tell, way="From Secrets.", settings=known),
                lambda note, tell, why: PolledReading(reader, changed=note, told=tell, way="By helm.", settings=known),
                changed=changed,
                told=told,
            ),
            settings=known,
        )

    return either


async def test_refresh_ends_where_neither_the_api_nor_helm_may_read(either):
    """One namespace refuses before the other: the first way is left while the refresh waits for it."""
    api, reader = FakeApi(secret()), FakeReader()
    reader.says = HelmPanelError("helm may not either.")

    async def refuse(path):
        await asyncio.sleep(0.0 if "/namespaces/a/" in path else 0.1)
        return forbidden(namespace="a" if "/namespaces/a/" in path else "b")

    api.trouble = lambda what, path, params: refuse(path) if what == "metadata" else None
    inventory = either(api, reader, ("a", "b"))
    inventory.start()
    await until(lambda: inventory.table.state is TableState.FAILED)
    for _ in range(3):
        async with asyncio.timeout(20):
            with pytest.raises(HelmPanelError):
                await inventory.refresh()
        assert not inventory.table.is_reading


@pytest.mark.parametrize("is_asked", [True, False])
async def test_right_that_is_there_a_moment_later_leads_back_to_the_api(either, monkeypatch, is_asked):
    api, reader = FakeApi(secret(), secret(name="new")), FakeReader(some(), some("gone"))
    api.trouble = lambda what, path, params: forbidden()
    inventory = either(api, reader)
    await inventory.refresh()
    assert (inventory.table.way, inventory.is_direct) == ("By helm.", False)
    rows = []
    inventory.table.param.watch(lambda event: rows.append(set(event.new.index)), "frame")
    await inventory.refresh()
    assert inventory.table.way == "By helm.", "it is still refused"
    if not is_asked:
        monkeypatch.setattr("helmpanel.inventory.ways.AGAIN_S", 0.05)
        inventory.rest()
        inventory.start()
    api.trouble = lambda what, path, params: None
    if is_asked:
        await inventory.refresh()
    await until(lambda: set(inventory.table.frame.index) == {"a/web", "a/new"} and inventory.table.state is TableState.LIVE)
    assert (inventory.table.way, inventory.is_direct) == ("From Secrets.", True)
    assert all("a/web" in each for each in rows), "what helm told stayed until then"
    api.put(secret(name="db"))
    await until(lambda: "a/db" in inventory.table.frame.index)


async def test_row_that_is_waited_for_is_told_though_the_way_changes(either):
    api, reader = FakeApi(secret()), FakeReader(some())
    api.trouble = lambda what, path, params: forbidden()
    inventory = either(api, reader)
    await inventory.refresh()
    before = reader.begun
    reader.hold()
    confirmed = asyncio.ensure_future(inventory.confirm(WEB))
    await until(lambda: reader.begun > before)
    api.trouble = lambda what, path, params: None
    async with asyncio.timeout(10):
        await inventory.refresh()
        assert inventory.table.way == "From Secrets."
        await confirmed


async def test_rest_while_helm_is_asked_for_the_first_time_loses_no_way(either):
    api, reader = FakeApi(secret()), FakeReader(some())
    api.trouble = lambda what, path, params: forbidden()
    reader.hold()
    inventory = either(api, reader)
    inventory.start()
    await until(lambda: reader.begun == 1)
    inventory.rest()
    reader.gate.set()
    await until(lambda: inventory.table.state is not TableState.LOADING)
    inventory.look()
    await until(lambda: list(inventory.table.frame.index) == ["a/web"])
    assert inventory.table.way == "By helm."
