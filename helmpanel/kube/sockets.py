"""TCP connections that notice when the other end is gone without a word."""

from __future__ import annotations

import socket
import sys

# A laptop that changes networks, a firewall that forgets a connection, a node that loses power: no reset ever comes, and a watch only waits. The kernel then
# asks every 5 s, first after 10 s of silence, and gives up after four questions: 30 s. helm and kubectl take 45 s (HTTP/2 ping after 30 s, 15 s to answer).
# Against proxies that stay alive while the server behind them does not, only a limit on silence helps (KubeApi.stream's silence_s).
FIRST_PROBE_S = 10
PROBE_EVERY_S = 5
PROBES = 4
UNANSWERED_MS = 30_000
"""Linux: the same limit for bytes that we sent and nobody acknowledges, which keepalive does not look at (15 minutes without it)."""

# Of each option the name on this platform; those it has not are left out. macOS calls the first one TCP_KEEPALIVE.
_OPTIONS = (
    ("TCP_KEEPALIVE" if sys.platform == "darwin" else "TCP_KEEPIDLE", FIRST_PROBE_S),
    ("TCP_KEEPINTVL", PROBE_EVERY_S),
    ("TCP_KEEPCNT", PROBES),
    ("TCP_USER_TIMEOUT", UNANSWERED_MS),
)


def watchful_socket(address: tuple[object, ...]) -> socket.socket:
    """A socket with keepalive, for one result of getaddrinfo. The form of aiohttp's `socket_factory`."""
    family, kind, protocol, *_ = address
    made = socket.socket(family, kind, protocol)  # type: ignore[arg-type]
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _OPTIONS:
        option = getattr(socket, name, None)
        if option is not None:
            made.setsockopt(socket.IPPROTO_TCP, option, value)
    return made
