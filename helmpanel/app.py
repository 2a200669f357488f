"""The dashboard as an application: the target of `panel serve`, and `serve()`."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from panel.io.server import get_server

from helmpanel.cluster import connect
from helmpanel.dashboard import page
from helmpanel.settings import Settings

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@cache
def shared() -> Cluster:
    """The cluster of `panel serve helmpanel/app.py`: one for all sessions of the process, from KUBECONFIG and the environment."""
    return connect()


def serve(
    *,
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    namespaces: Sequence[str] | None = None,
    helm: str | Path | None = None,
    port: int = 5006,
    address: str = "127.0.0.1",
    read_only: bool = False,
    notice: str = "",
    open_browser: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the dashboard until SIGINT or SIGTERM.

    Args:
        kubeconfig, context, namespaces, helm: As for `helmpanel.connect`.
        port: 0 for any free one.
        address: Where to listen. Anything but loopback gives everyone who reaches it the rights of this process: there is no login yet.
        read_only: Nothing can be changed.
        notice: Neutral text above the releases.
        open_browser: Open the page in the user's browser.
        on_ready: Called with the page's address once it answers.
    """
    settings = dataclasses.replace(Settings(), read_only=read_only)
    cluster = connect(kubeconfig, context, namespaces, helm, settings=settings)
    port = port or _free_port(address)
    if address not in LOOPBACK:
        log.warning("Serving on %s: there is no login, everyone who reaches it acts with the rights of this process", address)
    server = get_server(
        {"/": lambda: page(cluster, notice=notice)},
        port=port,
        address=address,
        websocket_origin=_origins(address, port),
        title="helmpanel",
        start=False,
        show=False,
    )
    server.start()
    url = f"http://{'127.0.0.1' if address in ('0.0.0.0', '::') else f'[{address}]' if ':' in address else address}:{port}/"  # noqa: S104
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: server.io_loop.add_callback_from_signal(server.io_loop.stop))
    if on_ready is not None:
        on_ready(url)
    if open_browser:
        webbrowser.open(url)
    try:
        server.io_loop.start()
    finally:
        server.stop()
        asyncio.run(cluster.close())


def _origins(address: str, port: int) -> list[str]:
    """Hosts whose pages may open the websocket: the page's own."""
    names = {"localhost", "127.0.0.1"} if address in LOOPBACK else {address, socket.gethostname(), "localhost", "127.0.0.1"}
    return [f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name in sorted(names)]


def _free_port(address: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


if __name__.startswith("bokeh_app"):
    # `panel serve` runs this file anew for each session and clears its names afterwards: what lives on comes from the importable module.
    from helmpanel import app

    page(app.shared()).servable()
