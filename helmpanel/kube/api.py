"""GET requests to one API server as one identity."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from helmpanel.errors import Unauthorized
from helmpanel.kube.credentials import Login, log_in
from helmpanel.kube.faults import answer_fault, connection_fault
from helmpanel.kube.kubeconfig import Access, load_access
from helmpanel.runtime.tasks import spawn
from helmpanel.settings import Settings

JSON = "application/json"

# A listing of 5,000 releases is 270 MB: on a slow line that is far more than one silence, and no reason to give up.
WHOLE_ANSWER = 8
"""Times the request timeout that a whole answer may take, as long as bytes keep coming."""


class KubeApi:
    """Reads from the API server of one context. Lives on the I/O thread; connects when first asked, and again when credentials end."""

    def __init__(
        self,
        kubeconfig: str | Path | None = None,
        context: str | None = None,
        *,
        settings: Settings | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._kubeconfig = kubeconfig
        self._context = context
        self._settings = settings or Settings()
        self._environ = environ
        self._opening = asyncio.Lock()
        self._session: _Session | None = None

    async def access(self) -> Access:
        """The context in use; read from the kubeconfig when it is not known yet.

        Raises:
            KubeconfigInvalid: See load_access.
        """
        if self._session is not None:
            return self._session.access
        return await self._read_access()

    async def get(self, path: str, params: Mapping[str, str] | None = None, accept: str = JSON) -> bytes:
        """Body of a GET.

        Args:
            path: Such as `/api/v1/secrets`.
            params: Query.
            accept: Media types wanted.

        Raises:
            KubeconfigInvalid: No usable credentials; read again at the next request.
            Unauthorized: 401, also after logging in once more.
            Forbidden: 403.
            NotFound: 404.
            ServerFault: Any other answer that is no success.
            Unreachable: No answer.
        """
        session, is_fresh = await self._open()
        try:
            return await session.get(path, params or {}, accept)
        except Unauthorized:
            # Tokens are revoked before their time and kubeconfigs rewritten by a login: once more with what is there now.
            if is_fresh:
                raise
        self._drop(session)
        session, _ = await self._open()
        return await session.get(path, params or {}, accept)

    async def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        async with self._opening:
            if self._session is not None:
                await self._session.close()
                self._session = None

    async def _read_access(self) -> Access:
        access = await asyncio.to_thread(load_access, self._kubeconfig, self._context, environ=self._environ)
        # Pinned: when somebody switches the current context, this object stays where it is.
        self._context = access.context
        return access

    async def _open(self) -> tuple[_Session, bool]:
        """A session, and whether it was opened for this request."""
        async with self._opening:
            if self._session is not None and not self._session.login.is_over(datetime.now(UTC)):
                return self._session, False
            self._drop(self._session)
            access = await self._read_access()
            login = await log_in(access, limit_s=self._settings.read_timeout_s, environ=self._environ)
            self._session = _Session(access, login, self._settings.request_timeout_s)
            return self._session, True

    def _drop(self, session: _Session | None) -> None:
        if session is not None and session is self._session:
            self._session = None
            session.retire()


class _Session:
    """Connections made with one login; closed when the last request on it is over."""

    def __init__(self, access: Access, login: Login, timeout_s: float) -> None:
        import aiohttp

        self.access = access
        self.login = login
        self._timeout_s = timeout_s
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=login.tls if login.tls is not None else True), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._users = 0
        self._is_retired = False

    async def get(self, path: str, params: Mapping[str, str], accept: str) -> bytes:
        import aiohttp

        # sock_read bounds silence, so that a server that hangs is noticed however large the answer may be.
        limit = self._timeout_s
        timeout = aiohttp.ClientTimeout(total=limit * WHOLE_ANSWER, sock_connect=limit, sock_read=limit)
        self._users += 1
        try:
            async with self._http.get(
                self.access.server + path,
                params=dict(params),
                headers=[*self.login.headers, ("Accept", accept), ("User-Agent", user_agent())],
                timeout=timeout,
                allow_redirects=False,  # a redirect would carry the query, and perhaps the token, to a stranger
                proxy=self.login.proxy,
                server_hostname=self.login.tls_name,
            ) as response:
                body: bytes = await response.read()
                status: int = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as cause:
            raise connection_fault(cause, self.access, limit) from cause
        finally:
            self._users -= 1
            if self._is_retired and not self._users:
                await self.close()
        if not 200 <= status < 300:
            raise answer_fault(status, body, path, self.access)
        return body

    def retire(self) -> None:
        """Take no more requests; close when the running ones are over."""
        self._is_retired = True
        if not self._users:
            spawn(self.close(), "close kube session")

    async def close(self) -> None:
        await self._http.close()


@cache
def user_agent() -> str:
    """Ours, so that an audit log tells helmpanel from other Python programs."""
    try:
        return f"helmpanel/{version('helmpanel')}"
    except PackageNotFoundError:
        return "helmpanel"
