"""GET requests to one API server as one identity."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path

from helmpanel.errors import Unauthorized
from helmpanel.kube.kubeconfig import Access
from helmpanel.kube.sessions import Sessions
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
        self._settings = settings or Settings()
        self._sessions = Sessions(kubeconfig, context, settings=self._settings, environ=environ)

    async def access(self) -> Access:
        """The context in use; read from the kubeconfig when it is not known yet.

        Raises:
            KubeconfigInvalid: See load_access.
        """
        return await self._sessions.access()

    async def get(self, path: str, params: Mapping[str, str] | None = None, accept: str = JSON) -> bytes:
        """Body of a GET.

        Args:
            path: Such as `/api/v1/secrets`.
            params: Query.
            accept: Media types wanted.

        Raises:
            KubeconfigInvalid: No usable credentials; read again at the next request.
            Unauthorized: 401, also after logging in once more; or the login failed.
            Forbidden: 403.
            NotFound: 404.
            Expired: 410.
            Overloaded: 429, or 503 that says when to come back.
            ServerFault: Any other answer that is no success.
            Unreachable: No answer, or one that broke off.
        """
        total_s = self._settings.request_timeout_s * WHOLE_ANSWER
        async with self._answered(path, params or {}, accept, silence_s=None, total_s=total_s, packed=True) as pieces:
            return b"".join([piece async for piece in pieces])

    def stream(
        self, path: str, params: Mapping[str, str] | None = None, accept: str = JSON, *, silence_s: float | None = None, packed: bool = True
    ) -> contextlib.AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Body of a GET as it comes, for a watch or a listing too large to hold: `async with api.stream(path) as pieces: async for piece in pieces`.

        Pieces end anywhere and are at most a few hundred KiB. While nobody takes them nothing more is read from the connection. The iterator ends when the
        body does; leaving the block early ends the connection. A login that ends, or is renewed for others, leaves the stream alone.

        Args:
            path: Such as `/api/v1/secrets`.
            params: Query.
            accept: Media types wanted.
            silence_s: Longest wait for the next bytes of the body; None for the timeout of a request.
            packed: Whether the body may come as gzip. Stored releases shrink by a quarter only, and packing them takes a server longer than a fast network.

        Raises:
            HelmPanelError: As `get`, on entering the block.
            Unreachable: While iterating: the body broke off, or nothing came for too long; also when this object was closed.
        """
        return self._answered(path, params or {}, accept, silence_s=silence_s, total_s=None, packed=packed)

    @contextlib.asynccontextmanager
    async def _answered(
        self, path: str, params: Mapping[str, str], accept: str, *, silence_s: float | None, total_s: float | None, packed: bool
    ) -> AsyncGenerator[AsyncIterator[bytes], None]:
        async with contextlib.AsyncExitStack() as stack:
            session, is_fresh = await self._sessions.get()
            try:
                pieces = await stack.enter_async_context(session.stream(path, params, accept, silence_s=silence_s, total_s=total_s, packed=packed))
            except Unauthorized as refused:
                self._sessions.refused(session, refused, is_fresh=is_fresh)
                if is_fresh:
                    raise
                # Tokens are revoked before their time and kubeconfigs rewritten by a login: once more with what is there now.
                session, is_fresh = await self._sessions.get()
                try:
                    pieces = await stack.enter_async_context(session.stream(path, params, accept, silence_s=silence_s, total_s=total_s, packed=packed))
                except Unauthorized as again:
                    self._sessions.refused(session, again, is_fresh=is_fresh)
                    raise
            yield pieces

    async def close(self) -> None:
        """Close the connections and end the streams on them; a later request opens new ones."""
        await self._sessions.close()
