"""One inventory for all who look, when it rests, and faults of our own."""

import asyncio

import pytest

from helmpanel.errors import HelmPanelError
from helmpanel.inventory.labels import SELECTOR
from helmpanel.inventory.live import LiveReading
from helmpanel.model.table import TableState
from tests.unit.inventory.conftest import WEB
from tests.unit.inventory.fake_api import FakeApi, secret
from tests.waiting import until


async def test_empty_cluster_is_complete_and_live(live):
    inventory = live(FakeApi())
    await inventory.refresh()
    assert inventory.table.is_complete
    assert inventory.table.read_at is not None
    await until(lambda: inventory.table.state is TableState.LIVE)


async def test_one_list_and_one_watch_however_many_look(live):
    api = FakeApi(secret())
    inventory = live(api)
    stops = [inventory.look() for _ in range(20)]
    await inventory.refresh()
    await until(lambda: api.watches == 1)
    assert api.requests("metadata").count(SELECTOR) <= 2, "one, and one more that the refresh asked for"
    for stop in stops:
        stop()


async def test_last_viewer_gone_for_long_the_cluster_rests_and_the_next_one_wakes_it(live):
    api = FakeApi(secret())
    inventory = live(api, rest_after_s=0.05)
    stop = inventory.look()
    await until(lambda: inventory.table.state is TableState.LIVE)
    stop()
    await until(lambda: api.watches == 0)
    await until(lambda: inventory.table.state is TableState.STALE)
    assert "Nobody was looking" in str(inventory.table.error)
    api.put(secret(revision=2))
    gets = len(api.requests("get"))
    again = inventory.look()
    await until(lambda: inventory.table.state is TableState.LIVE and inventory.record(WEB).revision == 2)
    assert api.requests("metadata").count(SELECTOR) == 1, "it goes on from where it was"
    await until(lambda: inventory.table.is_complete)
    assert len(api.requests("get")) == gets + 1, "and reads only what is new"
    again()


async def test_without_any_viewer_ever_a_script_is_followed(live):
    api = FakeApi(secret())
    inventory = live(api, rest_after_s=0.01)
    inventory.start()
    await until(lambda: inventory.table.state is TableState.LIVE)
    await asyncio.sleep(0.05)
    assert api.watches == 1


async def test_fault_of_our_own_does_not_look_live(live, caplog):
    api, broken = FakeApi(secret()), []
    inventory = live(api, changed=lambda places: broken and 1 / 0)
    await inventory.refresh()
    broken.append(1)
    api.put(secret(revision=2))
    await until(lambda: inventory.table.state is TableState.STALE)
    assert "helmpanel itself failed while it followed the releases (ZeroDivisionError)" in str(inventory.table.error)
    assert "ZeroDivisionError" in caplog.text
    broken.clear()
    await inventory.refresh()
    assert inventory.record(WEB).revision == 2


async def test_fault_of_our_own_leaves_nobody_waiting(live, caplog):
    api = FakeApi(secret())
    inventory = live(api, changed=lambda places: 1 / 0)
    with pytest.raises(HelmPanelError, match="helmpanel itself failed"):
        await asyncio.wait_for(inventory.refresh(), 5)
    assert "ZeroDivisionError" in caplog.text


async def test_end_of_an_operation_waits_for_the_row(live):
    api = FakeApi(secret())
    inventory = live(api)
    await inventory.refresh()
    api.put(secret(status="superseded"))
    api.put(secret(revision=2, version="1.1.0"))
    await inventory.confirm(WEB)
    assert (inventory.record(WEB).revision, inventory.record(WEB).version) == (2, "1.1.0")
    for revision in (1, 2):
        api.delete("a", f"sh.helm.release.v1.web.v{revision}")
    await inventory.confirm(WEB)
    assert WEB not in inventory.records


async def test_rest_and_start_in_quick_succession_make_one_run_at_a_time(over):
    runs = []

    class Slow(LiveReading):
        async def run(self):
            runs.append(runs[-1] + 1 if runs else 1)
            try:
                await super().run()
            finally:
                await asyncio.sleep(0.02)  # what a TLS connection takes to close
                runs.append(runs[-1] - 1)

    api = FakeApi(secret())
    inventory = over(lambda changed, told: Slow(api, "secrets", None, (), changed=changed, told=told))
    await inventory.refresh()
    for _ in range(3):
        inventory.rest()
        inventory.start()
        await asyncio.sleep(0)
    await until(lambda: inventory.table.state is TableState.LIVE and api.watches == 1)
    await inventory.refresh()
    assert max(runs) == 1
