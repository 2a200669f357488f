"""An ASGI application over TLS on 127.0.0.1, in a thread with a loop of its own."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import trustme
import uvicorn

T = TypeVar("T")
Work = Callable[[], None]

START_LIMIT_S = 10.0
GOODBYE_LIMIT_S = 2


class Serving:
    """The socket, the certificate, the thread and the loop of one server."""

    def __init__(self, port: int) -> None:
        authority = trustme.CA()
        self.authority = authority.cert_pem.bytes()  # PEM of what clients are to trust
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self._tls)
        self._socket = socket.create_server(("127.0.0.1", port))
        # asyncio sets it on sockets that say they are TCP, which accepted ones of Python's own servers do not: answers came 40 ms late.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host_port = "{}:{}".format(*self._socket.getsockname())  # 127.0.0.1:PORT

    def start(self, application: Callable[..., Awaitable[None]], *, started: Work, stopping: tuple[Work, ...]) -> None:
        """Serve. Called on the loop are `started` before the first request, and `stopping` to let requests that still run end."""
        config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=GOODBYE_LIMIT_S, http="h11")
        # Keeps a watch that is cut on purpose off the terminal; handlers of the application still hear of it.
        logging.getLogger("uvicorn").addHandler(logging.NullHandler())
        config.load()
        config.ssl = self._tls
        self._server = uvicorn.Server(config)
        self._stopping = stopping
        is_up = threading.Event()

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            started()
            is_up.set()
            await self._server.serve(sockets=[self._socket])
            # A TLS goodbye that a client never answers would outlive the server.
            for each in list(self._server.server_state.connections):
                each.transport.abort()
            await asyncio.sleep(0)

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), name="helmpanel-sandbox", daemon=True)
        self._thread.start()
        if not is_up.wait(START_LIMIT_S):
            raise RuntimeError(f"the sandbox did not start within {START_LIMIT_S:.0f} s")

    def stop(self) -> None:
        """End all connections; back when the thread has ended."""
        for each in self._stopping:
            self.call(each)
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def call(self, work: Callable[[], T]) -> T:
        """Do something on the loop and wait for it."""
        if threading.current_thread() is self._thread:
            return work()

        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()
