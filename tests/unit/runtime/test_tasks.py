"""Coroutines side by side leave nothing behind, however they end."""

import asyncio

import pytest

from helmpanel.runtime.tasks import happens, spawn, until_one_ends


class Slow:
    """Somebody who takes some turns of the loop to come to rest."""

    def __init__(self):
        self.is_over = False

    async def run(self):
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(20):
                await asyncio.sleep(0)
            self.is_over = True


async def one_that_ends():
    await asyncio.sleep(0)


async def test_the_others_are_over_when_one_ends():
    others = Slow(), Slow()
    await until_one_ends(others[0].run(), one_that_ends(), others[1].run(), name="a test")
    assert all(one.is_over for one in others)


async def test_to_be_cancelled_while_the_others_come_to_rest_leaves_none_of_them_behind():
    others = Slow(), Slow(), Slow()
    task = spawn(until_one_ends(one_that_ends(), *(one.run() for one in others), name="a test"), "side by side")
    for _ in range(8):
        await asyncio.sleep(0)
    assert not any(one.is_over for one in others), "they are coming to rest"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(one.is_over for one in others)
    assert len(asyncio.all_tasks()) == 1


async def test_who_is_cancelled_in_the_moment_of_the_event_is_cancelled():
    """`asyncio.wait_for` would go on, and whoever waits for the end would wait for ever."""
    event = asyncio.Event()

    async def wait():
        while True:
            await happens(event, 60)
            event.clear()

    task = spawn(wait(), "waits for an event")
    for _ in range(5):
        await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=2)
    task.cancel()
    assert done


@pytest.mark.parametrize("is_set", [True, False])
async def test_an_event_is_waited_for_at_most_so_long(is_set):
    event = asyncio.Event()
    if is_set:
        event.set()
    assert await happens(event, 0.01) is is_set
