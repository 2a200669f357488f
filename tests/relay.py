"""The network in front of a server, which a test can cut, take away or hold up for those clients that go through it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self, TypeVar

T = TypeVar("T")

CHUNK = 65_536
# SO_LINGER of zero seconds: closing sends a reset, as from a machine that knows nothing of the connection.
_RESET = struct.pack("ii", 1, 0)


class Relay:
    """Hands bytes on between a port of loopback and a server, TLS and all, in a thread of its own.

    Args:
        server: Where to hand on to, as 127.0.0.1:PORT.
    """

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition(":")
        self._server = (host, int(port))
        # Bound and not listening, so that the port is nobody else's while nobody listens.
        self._kept = socket.socket()
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._kept.bind(("127.0.0.1", 0))
        self.port: int = self._kept.getsockname()[1]
        self.opened = 0  # connections that clients have made
        self._open: set[asyncio.StreamWriter] = set()  # both ends of each connection
        self._is_resetting = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="relay", daemon=True)
        self._is_up = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_up.wait(10), "the relay did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._on_loop(self._over.set)
        self._thread.join()
        self._kept.close()

    def kubeconfig(self, original: Path, copy: Path) -> Path:
        """Write a kubeconfig that goes through here instead of straight to the server."""
        host, port = self._server
        # Replaced as a whole: whoever reads it meanwhile finds the old one or the new one.
        new = copy.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(original.read_text(encoding="utf-8").replace(f"{host}:{port}", f"{host}:{self.port}"), encoding="utf-8")
        return new.replace(copy)

    def cut(self) -> None:
        """Reset every connection; new ones work."""
        self._on_loop(self._cut)

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Reset every connection and refuse new ones: nobody listens."""
        self._on_loop(self._go_away)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    @contextlib.contextmanager
    def resetting(self) -> Iterator[None]:
        """Reset every connection, and each new one as soon as it is made."""
        self._is_resetting = True
        self.cut()
        try:
            yield
        finally:
            self._is_resetting = False

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hand nothing on in either direction, as a network that loses everything; afterwards all of it arrives."""
        self._on_loop(self._flows.clear)
        try:
            yield
        finally:
            self._on_loop(self._flows.set)

    def _on_loop(self, work: Callable[[], T]) -> T:
        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    async def _serve(self) -> None:
        self._loop, self._over, self._flows = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self._flows.set()
        await self._listen()
        self._is_up.set()
        await self._over.wait()
        self._flows.set()
        self._go_away()
        while self._open:
            await asyncio.sleep(0.01)

    async def _listen(self) -> None:
        self._listening = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    def _go_away(self) -> None:
        self._listening.close()
        self._cut()

    def _cut(self) -> None:
        for writer in self._open:
            _reset(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        if self._is_resetting:
            _reset(writer)
            return
        ends = {writer}
        self._open.add(writer)
        try:
            theirs, ours = await asyncio.open_connection(*self._server)
            ends.add(ours)
            self._open.add(ours)
            pumps = [asyncio.ensure_future(self._pump(*way)) for way in ((reader, ours), (theirs, writer))]
            await asyncio.wait(pumps)
        except OSError:
            pass  # the server is gone: so is this connection
        finally:
            for each in ends:
                each.close()
            self._open -= ends

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK):
                await self._flows.wait()
                sink.write(chunk)
                await sink.drain()
        # Whoever ends it ends it for both.
        sink.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):  # it is closed already
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
