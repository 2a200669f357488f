"""What the server says of viewers that have left."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest
from tornado.websocket import WebSocketClosedError

from helmpanel.app import unheard


@pytest.mark.parametrize(("fault", "is_told"), [(WebSocketClosedError(), False), (RuntimeError("boom"), True)], ids=["viewer left", "anything else"])
def test_a_push_to_a_viewer_who_has_left_is_no_traceback_and_everything_else_is_one(fault: Exception, is_told: bool, caplog: pytest.LogCaptureFixture):
    """Panel begins to write, and drops what it began when the session ends: nobody is left to hear of it."""

    async def write() -> None:
        raise fault

    async def push() -> None:
        asyncio.get_running_loop().set_exception_handler(unheard)
        writing = asyncio.ensure_future(write())
        await asyncio.sleep(0)
        assert writing.done()
        del writing
        gc.collect()

    with caplog.at_level(logging.ERROR, "asyncio"):
        asyncio.run(push())
    assert [record.message.partition("\n")[0] for record in caplog.records] == ["Task exception was never retrieved"] * is_told
