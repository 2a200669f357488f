"""Work handed to the I/O thread can be awaited anywhere."""

import asyncio
import contextlib
import logging
import threading

import pytest

from helmpanel.runtime import io, tasks
from helmpanel.runtime.io import LoopThread


async def whereabouts():
    return threading.current_thread().name


async def test_coroutine_runs_on_the_io_thread_and_returns_its_result():
    assert await io.run(whereabouts()) == "helmpanel-io"


def test_work_can_be_awaited_from_several_event_loops_on_several_threads():
    got = []
    threads = [threading.Thread(target=lambda: got.append(asyncio.run(io.run(whereabouts())))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert got == ["helmpanel-io"] * 4


async def test_run_on_the_io_thread_itself_does_not_deadlock():
    async def outer():
        return await io.run(whereabouts())

    assert await asyncio.wait_for(io.run(outer()), 5) == "helmpanel-io"


async def test_error_reaches_the_one_who_awaits():
    async def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await io.run(fail())


async def forever(began, ended):
    try:
        began.set()
        await asyncio.Event().wait()
    finally:
        ended.set()


async def test_cancelling_the_caller_cancels_the_work():
    began, ended = threading.Event(), threading.Event()
    waiter = asyncio.create_task(io.run(forever(began, ended)))
    await asyncio.to_thread(began.wait, 5)
    waiter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiter
    assert await asyncio.to_thread(ended.wait, 5)


def test_stopped_thread_cancels_its_tasks_and_a_new_use_starts_again():
    thread, ended = LoopThread("test-loop"), threading.Event()
    began = threading.Event()
    thread.submit(forever(began, ended))
    assert began.wait(5)
    thread.stop()
    assert ended.is_set()
    assert thread.submit(whereabouts()).result(5) == "test-loop"
    thread.stop()


def test_open_things_are_closed_when_the_thread_ends():
    class Thing:
        where = ""

        async def close(self):
            self.where = threading.current_thread().name

    thread, thing = LoopThread("test-loop"), Thing()
    thread.close_at_stop(thing)
    thread.submit(whereabouts()).result(5)
    thread.stop()
    assert thing.where == "test-loop"


async def test_task_that_fails_is_logged_with_its_name(caplog):
    async def fail():
        raise ValueError("broken")

    with caplog.at_level(logging.ERROR):
        task = tasks.spawn(fail(), "read releases")
        await asyncio.wait([task])
        await asyncio.sleep(0)
    assert "task read releases failed: ValueError" in caplog.text


async def test_ended_task_is_over_and_not_logged(caplog):
    task = tasks.spawn(asyncio.Event().wait(), "waits for ever")
    await asyncio.sleep(0)
    await tasks.end(task)
    assert task.cancelled()
    assert caplog.text == ""
