"""What is left of a release whose newest record is gone."""

import asyncio

import pytest

from helmpanel.errors import HelmPanelError, NotFound, Overloaded, ServerFault, Unreachable
from helmpanel.model.table import TableState
from tests.unit.inventory.fake_api import FakeApi, secret
from tests.waiting import until


async def test_doubt_that_news_have_ended_keeps_no_refresh_waiting(live):
    """Uninstalled and installed anew, told in one go, as by a watch that is resumed."""
    api = FakeApi(secret(revision=3), secret(name="db"))
    inventory = live(api)
    await inventory.refresh()
    await until(lambda: api.watches == 1)
    api.delete("a", "sh.helm.release.v1.web.v3")
    api.put(secret())
    await until(lambda: inventory.table.frame.loc["a/web", "revision"] == 1)
    api.trouble = lambda what, path, params: Unreachable("It is away.")
    api.cut()
    async with asyncio.timeout(10):
        with pytest.raises(HelmPanelError):
            await inventory.refresh()


async def test_namespace_that_is_gone_is_looked_at_no_more(live, monkeypatch):
    monkeypatch.setattr("helmpanel.inventory.patience.LONGEST_S", 0.02)
    api, tries = FakeApi(secret(), secret(namespace="b")), []

    def trouble(what, path, params):
        if path == "/api/v1/namespaces/b":
            tries.append(1)
            return NotFound("no")
        return None

    inventory = live(api, namespaces=("a", "b"))
    await inventory.refresh()
    api.trouble = trouble
    api.delete("b", "sh.helm.release.v1.web.v1")
    await inventory.refresh()
    await until(lambda: inventory.table.state is TableState.LIVE and len(tries) > 3)
    await asyncio.sleep(0.1)
    before, tried = len(api.requests("old")), len(tries)
    await until(lambda: len(tries) > tried + 5)
    assert len(api.requests("old")) == before


@pytest.mark.parametrize("fault", [ServerFault("Broken."), Overloaded("Too many.", retry_after_s=60.0)])
async def test_refresh_asks_at_once_whatever_was_waited_for(live, fault):
    api = FakeApi(secret(status="superseded"), secret(name="db"))
    api.trouble = lambda what, path, params: fault if what == "old" else None
    inventory = live(api)
    await inventory.refresh()
    await until(lambda: len(inventory.table.problems) == 1)
    for _ in range(4):
        await inventory.refresh()
    api.trouble = lambda what, path, params: None
    await inventory.refresh()
    await until(lambda: "a/web" in inventory.table.frame.index, timeout_s=5)
    assert inventory.table.problems == []


async def test_record_that_goes_a_second_time_during_the_look_is_asked_for_by_itself(live):
    """The look began before: what it brings may be older than what the watch says."""
    api, gate = FakeApi(secret(), secret(revision=2), secret(name="db")), asyncio.Event()
    api.put(secret(status="superseded"))
    gate.set()
    begun = []

    async def late():
        begun.append(1)
        await gate.wait()

    api.trouble = lambda what, path, params: late() if what == "old" else None
    inventory = live(api)
    await inventory.refresh()
    await until(lambda: begun and inventory.table.state is TableState.LIVE)
    gate.clear()
    begun.clear()
    api.cut()
    api.delete("a", "sh.helm.release.v1.web.v2")
    api.compact()
    api.cut()
    await until(lambda: bool(begun))
    await until(lambda: api.watches == 1)
    api.put(secret(revision=2))
    await until(lambda: inventory.table.frame.loc["a/web", "revision"] == 2 and inventory.table.state is TableState.LIVE)
    api.delete("a", "sh.helm.release.v1.web.v2")
    await until(lambda: inventory.table.frame.loc["a/web", "revision"] == 1, "by a question of its own, the look still being under way", timeout_s=5)
    assert not gate.is_set()
    gate.set()
