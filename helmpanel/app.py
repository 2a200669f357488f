"""The dashboard as an application: the target of `panel serve`, and `serve()`."""

from __future__ import annotations

import asyncio
import dataclasses
import errno
import logging
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panel.io.server import get_server
from tornado.websocket import WebSocketClosedError

from helmpanel.cluster import connect
from helmpanel.dashboard import page
from helmpanel.errors import SettingsInvalid
from helmpanel.settings import Settings

if TYPE_CHECKING:
    from bokeh.server.server import Server

    from helmpanel.cluster import Cluster

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with: nothing is bound to it unless somebody asks for it


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

    Raises:
        SettingsInvalid: Nothing can be served on that address and port.
    """
    _free_port(address, port)  # before anything is begun
    settings = dataclasses.replace(Settings(), read_only=read_only)
    cluster = connect(kubeconfig, context, namespaces, helm, settings=settings)
    if address not in LOOPBACK:
        log.warning("Serving on %s: there is no login, everyone who reaches it acts with the rights of this process", address)
    server = _listening({"/": lambda: page(cluster, notice=notice)}, address, port)
    server.io_loop.add_callback(lambda: asyncio.get_running_loop().set_exception_handler(unheard))
    server.start()
    url = f"http://{_host_port('127.0.0.1' if address in EVERYWHERE else address, server.port)}/"
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


def unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The loop's handler of exceptions that nobody waits for: that a viewer has left is none to tell of, everything else is told as ever.

    Panel begins to write before it awaits, and drops what it began when the session ends or the server does. Seen with Panel 1.9.4 on Ctrl-C.
    """
    if not isinstance(context.get("exception"), WebSocketClosedError):
        loop.default_exception_handler(context)


def _listening(pages: dict[str, Callable[[], object]], address: str, port: int) -> Server:
    """A server that has its port, and is not started.

    Raises:
        SettingsInvalid: As `_free_port`.
    """
    while True:
        free = port or _free_port(address, port)  # the pages' own origin has to be known before
        try:
            return get_server(pages, port=free, address=address, websocket_origin=_origins(address, free), title="helmpanel", start=False, show=False)
        except OSError as cause:
            # Somebody else took it since: of those for 0 there are more.
            if port or cause.errno != errno.EADDRINUSE:
                raise SettingsInvalid(_why_not(address, port, cause)) from cause


def _origins(address: str, port: int) -> list[str]:
    """Hosts whose pages may open the websocket: the page's own."""
    names = {"localhost", "127.0.0.1"} if address in LOOPBACK else {address, socket.gethostname(), "localhost", "127.0.0.1"}
    return [_host_port(name, port) for name in sorted(names)]


def _host_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _free_port(address: str, port: int) -> int:
    """The port to serve on: this one when it is free; for 0 any free one.

    Raises:
        SettingsInvalid: It is taken, or not for us, or the address is not one of this machine.
    """
    try:
        # IPv4 first, as a name such as localhost may be both.
        family, kind, protocol, _, place = min(socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE))
        with socket.socket(family, kind, protocol) as probe:
            # As the server will: a port that was given up a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            return int(probe.getsockname()[1])
    except (OSError, UnicodeError) as cause:  # UnicodeError: an address that cannot even be a host's name
        raise SettingsInvalid(_why_not(address, port, cause)) from cause


def _why_not(address: str, port: int, cause: OSError | UnicodeError) -> str:
    number = getattr(cause, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} on {address} is taken. Choose another with --port, or 0 for any free one."
    if number == errno.EACCES:
        return f"Port {port} on {address} is kept for the system's own services. Choose one above 1023 with --port, or 0 for any free one."
    if number == errno.EADDRNOTAVAIL or isinstance(cause, socket.gaierror | UnicodeError):
        return f"{address} is no address of this machine. Choose one with --address: 127.0.0.1 for this machine only, 0.0.0.0 for every network."
    return f"Nothing can be served on port {port} of {address}: {cause.strerror}. Choose others with --port and --address."


if __name__.startswith("bokeh_app"):
    # `panel serve` runs this file anew for each session and clears its names afterwards: what lives on comes from the importable module.
    from helmpanel import app

    page(app.shared()).servable()
