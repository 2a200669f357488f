"""Following that is asked to look anew, to rest and to go on."""

import asyncio

import pytest

from helmpanel.errors import Overloaded, Unreachable
from helmpanel.model.table import TableState
from tests.unit.inventory.fake_api import FakeApi, secret
from tests.waiting import until


async def test_hurry_lists_anew_at_once_however_long_the_wait(follow):
    api = FakeApi(secret())
    api.trouble = lambda what, path, params: Overloaded("Too many.", retry_after_s=99_999.0)
    watcher = follow(api)
    await until(lambda: watcher.following.state is TableState.FAILED)
    await asyncio.wait_for(watcher.following.hurry(), 5)
    assert len(api.asked) == 2, "asked once more, and told that it failed"
    api.trouble = lambda what, path, params: None
    await asyncio.wait_for(watcher.following.hurry(), 5)
    assert watcher.seen == {("web", 1, "deployed")}
    before = watcher.lists
    await watcher.is_live()
    await asyncio.wait_for(watcher.following.hurry(), 5)
    assert watcher.lists == before + 1


async def test_hurry_during_a_list_waits_for_the_next(follow):
    """What is under way may be older than the question."""
    api, gate = FakeApi(secret()), asyncio.Event()

    async def wait():
        await gate.wait()

    api.trouble = lambda what, path, params: wait()
    watcher = follow(api)
    await until(lambda: len(api.asked) == 1)
    asked = watcher.following.hurry()
    await asyncio.sleep(0.01)
    assert not asked.done()
    gate.set()
    await asyncio.wait_for(asked, 5)
    assert [what for what, _, _ in api.asked][:2] == ["metadata", "metadata"]


@pytest.mark.parametrize("fault", [None, Unreachable("It is away.")])
async def test_many_who_ask_one_after_the_other_share_a_list_and_starve_nobody(follow, fault):
    api, gate = FakeApi(secret()), asyncio.Event()
    watcher = follow(api)
    await watcher.is_live()
    before = len(api.requests("metadata"))

    async def wait():
        await gate.wait()
        return fault

    api.trouble = lambda what, path, params: wait() if what == "metadata" else None
    first = watcher.following.hurry()
    await until(lambda: len(api.requests("metadata")) == before + 1)
    others = []
    for _ in range(10):
        others.append(watcher.following.hurry())
        await asyncio.sleep(0.005)
    assert len(api.requests("metadata")) == before + 1, "the list of the first is not given up"
    assert not first.done()
    gate.set()
    await asyncio.wait_for(asyncio.gather(first, *others), 5)
    assert len(api.requests("metadata")) == before + 2, "one more, for all the others"


async def test_hurry_of_one_that_ends_does_not_hang(follow):
    api = FakeApi(secret())
    gate = asyncio.Event()

    async def wait():
        await gate.wait()

    api.trouble = lambda what, path, params: wait()
    watcher = follow(api)
    asked = watcher.following.hurry()
    await until(lambda: len(api.asked) >= 1)
    await watcher.stop()
    await asyncio.wait([asked], timeout=5)
    assert asked.cancelled()


async def test_rest_and_going_on_loses_nothing_and_lists_nothing(follow):
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    await watcher.stop()
    api.put(secret(name="db"))
    api.put(secret(status="failed"))
    assert watcher.seen == {("web", 1, "deployed")}
    watcher.start()
    await until(lambda: watcher.seen == {("web", 1, "failed"), ("db", 1, "deployed")})
    assert watcher.lists == 1


async def test_what_was_missed_while_nobody_looked_is_old_since_the_last_word(follow):
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    heard = watcher.following.heard
    await watcher.stop()
    api.cut()
    api.trouble = lambda what, path, params: Unreachable("No answer.")
    await asyncio.sleep(0.02)
    watcher.start()
    await until(lambda: watcher.following.state is TableState.STALE)
    assert watcher.following.since == heard
