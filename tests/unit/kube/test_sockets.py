"""Sockets that notice a dead connection."""

import socket

from helmpanel.kube.sockets import FIRST_PROBE_S, PROBE_EVERY_S, PROBES, watchful_socket

HALF_A_MINUTE_S = 30


def test_dead_connection_is_noticed_within_half_a_minute():
    assert FIRST_PROBE_S + PROBE_EVERY_S * PROBES <= HALF_A_MINUTE_S
    with watchful_socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 1))) as made:
        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == PROBE_EVERY_S
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == PROBES
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == HALF_A_MINUTE_S * 1000
