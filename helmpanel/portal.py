"""Mounting the dashboard in a FastAPI application: a prefix of its own, an iframe in the host's page.

Panel's FastAPI side claims `/static` and `/components` at the root of whatever application it is given, which would
collide with most portals, and its websocket checks no origin. So the dashboard gets a sub-application, and a gate
in front of it that refuses websockets which other sites open.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from helmpanel.errors import SettingsInvalid

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

    from helmpanel.cluster import Cluster


class OriginGate:
    """ASGI middleware: a websocket must come from the page's own host, or from a host that was named."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str] = ()) -> None:
        self.app = app
        self.allowed = frozenset(host.lower() for host in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but websockets that another site opened."""
        if scope["type"] == "websocket" and not self._is_allowed(scope):
            await send({"type": "websocket.close", "code": 1008, "reason": "origin not allowed"})
            return
        await self.app(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = urlparse(headers.get("origin", "")).netloc.lower()
        return bool(origin) and (origin == headers.get("host", "").lower() or origin in self.allowed)


def mount(
    app: FastAPI,
    path: str = "/helm",
    *,
    insecure: bool = False,
    cluster: Cluster | None = None,
    notice: str = "",
    allowed_origins: Iterable[str] = (),
    **connect: Any,
) -> None:
    """Serve the dashboard below `path` of a FastAPI application, to be shown in an iframe.

    Args:
        app: The host application. Only `path` of it is taken: its own routes and `/static` stay.
        path: Where, such as `/helm`.
        insecure: Must be True. Everyone who reaches the host application acts as the one identity of this process;
            until logins are known to helmpanel, that has to be asked for in this word.
        cluster: What to show; None connects with `connect` when the host application starts.
        notice: Neutral text above the releases.
        allowed_origins: Hosts (`name:port`) besides the page's own that may open the websocket.
        connect: Arguments of `helmpanel.connect`, such as `context` or `settings`.

    Raises:
        SettingsInvalid: `insecure` was not asked for, the path cannot be used, or FastAPI is not installed.
    """
    if insecure is not True:
        raise SettingsInvalid(
            f"helmpanel was not mounted at {path}: it has no login yet, so everyone who reaches this application would act with its rights. "
            "Put your own login in front of it, then say mount(..., insecure=True)."
        )
    prefix = "/" + path.strip("/")
    if prefix == "/":
        raise SettingsInvalid("helmpanel cannot be mounted at the root of an application. Give it a path of its own, such as /helm.")
    try:
        from fastapi import FastAPI
        from panel.io.fastapi import add_applications
    except ImportError as cause:
        raise SettingsInvalid("Mounting needs FastAPI and bokeh-fastapi. Install them with: pip install 'helmpanel[portal]'.") from cause

    from helmpanel.cluster import connect as connect_cluster
    from helmpanel.dashboard import page

    shown: list[Cluster] = [cluster] if cluster is not None else []

    def build() -> Any:
        return page(shown[0], notice=notice)

    below = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    server = add_applications({"/": build}, app=below, title="helmpanel")
    # The routes are already below the mount; only the addresses written into the page need the prefix.
    server._prefix = prefix
    app.mount(prefix, OriginGate(below, allowed_origins))

    # A mounted application's own lifespan is not run by Starlette: its session clean-up would never start.
    outer = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(host: FastAPI) -> AsyncIterator[Any]:
        async with contextlib.AsyncExitStack() as stack:
            state = await stack.enter_async_context(outer(host))
            if not shown:
                ours = connect_cluster(**connect)
                shown.append(ours)
                stack.push_async_callback(ours.close)
            await stack.enter_async_context(below.router.lifespan_context(below))
            yield state

    app.router.lifespan_context = lifespan
