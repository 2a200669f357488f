"""What the server says of viewers that have left, and of a port that is taken."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging

import pytest
from tornado.websocket import WebSocketClosedError

from helmpanel import app
from helmpanel.app import unheard
from helmpanel.errors import SettingsInvalid


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


@pytest.mark.parametrize("port", [0, 5999])
def test_a_port_that_is_taken_at_the_last_moment_is_another_one_for_zero_and_told_for_any_other(port: int, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def taken_once(*_: object, port: int, **__: object) -> str:
        asked.append(port)
        if len(asked) == 1:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return "a server"

    monkeypatch.setattr(app, "get_server", taken_once)
    monkeypatch.setattr(app, "_free_port", lambda address, port: port or 40_000 + len(asked))
    if port:
        with pytest.raises(SettingsInvalid, match=r"Port 5999 on 127\.0\.0\.1 is taken\. Choose another with --port"):
            app._listening({}, "127.0.0.1", port)
    else:
        assert app._listening({}, "127.0.0.1", port) == "a server"
        assert asked == [40_000, 40_001]
