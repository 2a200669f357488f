"""The session in use: opened when first asked for, and again when its login ends or is refused; one login at a time however many wait for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helmpanel.errors import HelmPanelError, Unauthorized, Unreachable
from helmpanel.kube.credentials import log_in
from helmpanel.kube.kubeconfig import Access, load_access
from helmpanel.kube.session import Session
from helmpanel.runtime.tasks import end, spawn
from helmpanel.settings import Settings

# After a login that failed, until the next one with the same kubeconfig: a login program may open a browser or lock an account, and every watch asks for it.
PAUSE_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A login that was to no avail, and until when (time of the loop) it is not tried again."""

    access: Access
    error: Unauthorized
    until: float


class Sessions:
    """Hands out the session of one context. Lives on the I/O thread."""

    def __init__(
        self, kubeconfig: str | Path | None = None, context: str | None = None, *, settings: Settings, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._kubeconfig = kubeconfig
        self._context = context
        self._settings = settings
        self._environ = environ
        self._current: Session | None = None
        self._open: set[Session] = set()
        self._logging_in: asyncio.Task[Session | HelmPanelError] | None = None
        self._failure: _Failure | None = None

    async def access(self) -> Access:
        """The context in use; read from the kubeconfig when it is not known yet.

        Raises:
            KubeconfigInvalid: See load_access.
        """
        if self._current is not None:
            return self._current.access
        return await self._read_access()

    async def get(self) -> tuple[Session, bool]:
        """A session, and whether its login was made while this request waited.

        All who wait share one login and its failure. A login that ends does not end what runs on its session.

        Raises:
            KubeconfigInvalid: No usable credentials; read again at the next request.
            Unauthorized: The login failed; tried again by the first request after a pause, or once the kubeconfig says something else.
            Unreachable: Closed in the meantime.
        """
        while True:
            if self._current is not None and not self._current.login.is_over(datetime.now(UTC)):
                return self._current, False
            if self._logging_in is None:
                self._logging_in = spawn(self._log_in(), "kube login")
            login = self._logging_in
            # Not awaited itself: a request that is given up must not take the login from the others.
            await asyncio.wait([login])
            if login.cancelled():
                raise Unreachable("The connection to the API server was closed while logging in. Refresh to connect again.")
            found = login.result()
            if isinstance(found, HelmPanelError):
                raise found.with_traceback(None)
            if not found.is_closed:
                return found, True

    def refused(self, session: Session, error: Unauthorized, *, is_fresh: bool) -> None:
        """Take note that the server did not accept a session's login.

        Args:
            session: The session; taken out of use, what runs on it goes on.
            error: What the server said.
            is_fresh: Whether the login was new: then another one like it is not tried at once.
        """
        if session is not self._current:
            return
        if is_fresh:
            self._fail(session.access, error)
        self._retire()

    async def close(self) -> None:
        """End all connections and whatever runs on them; the next request opens new ones."""
        self._failure = None
        if self._logging_in is not None:
            await end(self._logging_in)
            self._logging_in = None
        self._current = None
        for session in tuple(self._open):
            await session.close()
        self._open.clear()

    async def _read_access(self) -> Access:
        access = await asyncio.to_thread(load_access, self._kubeconfig, self._context, environ=self._environ)
        # Pinned: when somebody switches the current context, this object stays where it is.
        self._context = access.context
        return access

    async def _log_in(self) -> Session | HelmPanelError:
        try:
            access = await self._read_access()
            failure = self._failure
            if failure is not None and failure.access == access and asyncio.get_running_loop().time() < failure.until:
                return failure.error
            try:
                login = await log_in(access, limit_s=self._settings.read_timeout_s, environ=self._environ)
            except Unauthorized as error:
                self._fail(access, error)
                return error
        except HelmPanelError as error:
            return error
        finally:
            self._logging_in = None
        self._retire()
        self._open = {each for each in self._open if not each.is_closed}
        self._current = Session(access, login, self._settings.request_timeout_s)
        self._open.add(self._current)
        return self._current

    def _fail(self, access: Access, error: Unauthorized) -> None:
        self._failure = _Failure(access=access, error=error, until=asyncio.get_running_loop().time() + PAUSE_S)

    def _retire(self) -> None:
        if self._current is not None:
            self._current.retire()
            self._current = None
