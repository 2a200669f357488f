"""Connections made with one login, and requests on them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from helmpanel.kube.credentials import Login
from helmpanel.kube.faults import answer_fault, connection_fault
from helmpanel.kube.kubeconfig import Access
from helmpanel.kube.sockets import watchful_socket
from helmpanel.runtime.tasks import spawn

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientTimeout

REFUSAL_BYTES = 64 * 1024
"""Read of a refusal's body: a Status is small, a proxy's error page need not be."""

PARTING_TURNS = 1_000
"""Of the event loop, at most; three were needed where any was."""


class Session:
    """Connections made with one login; once retired, closed when the last request on it is over."""

    def __init__(self, access: Access, login: Login, timeout_s: float) -> None:
        import aiohttp

        self.access = access
        self.login = login
        self._timeout_s = timeout_s
        # No limit on connections: a watch holds one for ever, and with aiohttp's usual 100 the watches of 25 namespaces would keep every other request waiting.
        connector = aiohttp.TCPConnector(ssl=login.tls if login.tls is not None else True, limit=0, socket_factory=self._socket)
        self._http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        self._users = 0
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._responses: set[ClientResponse] = set()
        self._is_retired = False
        self._closing: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def stream(
        self, path: str, params: Mapping[str, str], accept: str, *, silence_s: float | None, total_s: float | None, packed: bool
    ) -> AsyncGenerator[AsyncIterator[bytes], None]:
        """Body of a GET, piece by piece; see KubeApi.stream.

        Args:
            path: Such as `/api/v1/secrets`.
            params: Query.
            accept: Media types wanted.
            silence_s: Longest wait for the next bytes of the body; None for the timeout of a request.
            total_s: For the whole answer; None for as long as bytes keep coming.
            packed: Whether the body may come as gzip.
        """
        import aiohttp

        # sock_read bounds silence, so that a server that hangs is noticed however large the answer may be.
        timeout = aiohttp.ClientTimeout(total=total_s, sock_read=silence_s or self._timeout_s)
        self._users += 1
        try:
            response = await self._asked(path, params, accept, timeout, packed=packed)
            self._responses.add(response)
            try:
                async with contextlib.aclosing(self._pieces(response, silence_s or self._timeout_s)) as pieces:
                    if not 200 <= response.status < 300:
                        asked = f"{path}?watch=true" if params.get("watch") == "true" else path
                        raise answer_fault(response.status, await _beginning(pieces), asked, self.access, response.headers)
                    yield pieces
            finally:
                self._responses.discard(response)
                _let_go(response)
        finally:
            self._users -= 1
            if self._is_retired and not self._users:
                await self.close()

    async def _asked(self, path: str, params: Mapping[str, str], accept: str, timeout: ClientTimeout, *, packed: bool) -> ClientResponse:
        import aiohttp

        try:
            # The answer must begin within a request's timeout, however long a watch may be silent later.
            async with asyncio.timeout(self._timeout_s):
                return await self._http.get(
                    self.access.server + path,
                    params=dict(params),
                    headers=[*self.login.headers, ("Accept", accept), ("Accept-Encoding", "gzip" if packed else "identity"), ("User-Agent", user_agent())],
                    timeout=timeout,
                    allow_redirects=False,  # a redirect would carry the query, and perhaps the token, to a stranger
                    proxy=self.login.proxy,
                    server_hostname=self.login.tls_name,
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as cause:
            raise connection_fault(cause, self.access, self._timeout_s) from cause

    async def _pieces(self, response: ClientResponse, silence_s: float) -> AsyncGenerator[bytes, None]:
        import aiohttp

        # Whatever has come, at most a few hundred KiB: aiohttp stops reading from the socket, and unpacking gzip, while nobody takes them.
        pieces = response.content.iter_any()
        while True:
            try:
                piece = await anext(pieces, b"")
            except (aiohttp.ClientError, TimeoutError, OSError) as cause:
                raise connection_fault(cause, self.access, silence_s) from cause
            if not piece:
                return
            yield piece

    @property
    def is_closed(self) -> bool:
        """Whether it takes no request any more."""
        return self._http.closed

    def retire(self) -> None:
        """Take no more requests; close when the running ones, streams among them, are over."""
        self._is_retired = True
        self._closing = spawn(self._close_unused(), "close kube session")

    async def _close_unused(self) -> None:
        if not self._users:
            await self.close()

    async def close(self) -> None:
        """End the connections, and with them the requests that still run."""
        import aiohttp

        # aiohttp lets go of a body that somebody waits for without a word: whoever reads it would wait for ever.
        for response in self._responses:
            response.content.set_exception(aiohttp.ClientConnectionError("closed"))
        await self._http.close()
        await self._hang_up()
        if self._closing is not None and self._closing is not asyncio.current_task():
            await asyncio.wait([self._closing])

    def _socket(self, address: tuple[object, ...]) -> socket.socket:
        made = watchful_socket(address)
        self._sockets.add(made)
        return made

    async def _hang_up(self) -> None:
        """End what aiohttp has closed but does not wait for: the request was given up, or the server ended the connection, and both part in TLS's own way.

        An event loop that ends meanwhile would leave the sockets open.
        """
        for each in self._sockets:
            with contextlib.suppress(OSError):  # closed already
                each.shutdown(socket.SHUT_RDWR)
        for _ in range(PARTING_TURNS):
            if all(each.fileno() < 0 for each in self._sockets):
                break
            await asyncio.sleep(0)


def _let_go(response: ClientResponse) -> None:
    """Keep the connection for the next request, or end it when there is more to come on it."""
    if response.connection is not None and response.connection.transport is not None:
        response.connection.transport.abort()  # at once: to part in TLS's own way takes an answer, and the server may be silent
    response.release()


async def _beginning(pieces: AsyncIterator[bytes]) -> bytes:
    found, size = [], 0
    async for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > REFUSAL_BYTES:
            break
    return b"".join(found)[:REFUSAL_BYTES]


@cache
def user_agent() -> str:
    """Ours, so that an audit log tells helmpanel from other Python programs."""
    try:
        return f"helmpanel/{version('helmpanel')}"
    except PackageNotFoundError:
        return "helmpanel"
