"""An ASGI application over TLS on 127.0.0.1, in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
import ssl
import threading
import weakref
from typing import TYPE_CHECKING, Any, TypeVar

import trustme
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

START_LIMIT_S = 10.0
GOODBYE_LIMIT_S = 2


class Serving:
    """The socket, the certificate, the thread and the loop of one server.

    Attributes:
        authority: PEM of the certificate authority to trust.
        host_port: Where it listens, as 127.0.0.1:PORT.
    """

    def __init__(self, port: int) -> None:
        authority = trustme.CA()
        self.authority = authority.cert_pem.bytes()
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self._tls)
        self._socket = socket.create_server(("127.0.0.1", port))
        self.host_port = "{}:{}".format(*self._socket.getsockname())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._is_up = threading.Event()

    def start(self, application: Callable[..., Awaitable[None]], started: Callable[[], None], stopping: Callable[[], None]) -> None:
        """Serve; back when requests are answered.

        Args:
            started: Called on the loop before the first request.
            stopping: Called on the loop when no more requests are taken; requests that still run should end then.
        """
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(application, started, stopping)), name="helmpanel-sandbox", daemon=True)
        self._thread.start()
        if not self._is_up.wait(START_LIMIT_S):
            raise RuntimeError(f"the sandbox did not start within {START_LIMIT_S:.0f} s")

    def stop(self) -> None:
        """End all connections; back when the thread has ended."""
        if self._server:
            self._server.should_exit = True
            self._thread.join()
        self._socket.close()

    def call(self, work: Callable[[], T]) -> T:
        """Do something on the loop and wait for it."""
        if self._loop is None or threading.current_thread() is self._thread:
            return work()

        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    async def _serve(self, application: Callable[..., Awaitable[None]], started: Callable[[], None], stopping: Callable[[], None]) -> None:
        transports: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()
        connection = functools.partial(_Connection, transports)
        config = uvicorn.Config(
            application, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=GOODBYE_LIMIT_S, http=connection, loop="asyncio"
        )
        _quieten(logging.getLogger("uvicorn"))
        config.load()
        config.ssl = self._tls
        self._loop = asyncio.get_running_loop()
        started()
        self._server = _Server(config, self._is_up.set, stopping)
        await self._server.serve(sockets=[self._socket])
        for each in list(transports):
            each.abort()
        await asyncio.sleep(0)


class _Connection(H11Protocol):
    """uvicorn's connection, its transport remembered: a TLS goodbye that a client never answers would outlive the server."""

    def __init__(self, transports: weakref.WeakSet[asyncio.Transport], **options: Any) -> None:
        super().__init__(**options)
        self._transports = transports

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin."""
        super().connection_made(transport)
        self._transports.add(transport)


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it has started and when it begins to stop."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._says_started = started
        self._says_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self._says_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and let connections end."""
        self._says_stopping()
        await super().shutdown(sockets)


def _quieten(logger: logging.Logger) -> None:
    """Keep a watch that is cut on purpose off the terminal; handlers of the application still hear of it."""
    if not any(isinstance(each, logging.NullHandler) for each in logger.handlers):
        logger.addHandler(logging.NullHandler())
