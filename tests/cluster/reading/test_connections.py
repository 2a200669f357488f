"""Connections to a cluster: what is asked of them while they are silent, and that none is left when they are closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from pathlib import Path

import pytest

from helmpanel.errors import Unreachable
from helmpanel.kube.sockets import FIRST_PROBE_S
from tests.relay import Relay
from tests.waiting import until

from .servers import write_kubeconfig
from .streams import MAPS, listed, watching


def options_of(port: int) -> list[tuple[int, int]]:
    """Keepalive and its first probe of this process's connections to a port."""
    found = []
    for entry in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as each:
            if each.family == socket.AF_INET and each.getpeername()[1] == port:
                found.append((each.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), each.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)))
    return found


async def test_connections_ask_whether_the_other_end_is_still_there(box, connect):
    await listed(connect(box.kubeconfig))
    [(is_on, first_probe_s)] = options_of(int(box.host_port.rpartition(":")[2]))
    assert is_on
    assert first_probe_s == FIRST_PROBE_S


async def test_closing_ends_streams_and_a_login_under_way(box, tmp_path, connect):
    api = connect(box.kubeconfig)
    async with watching(api, await listed(api)) as events:
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.05)
        await api.close()
        with pytest.raises(Unreachable, match="broke off"):
            await waiting
    assert await listed(api), "a later request connects again"
    script = f"touch {tmp_path}/begun; sleep 600"
    plugin = {"exec": {"command": "/bin/sh", "args": ["-c", script], "apiVersion": "client.authentication.k8s.io/v1"}}
    slow = connect(write_kubeconfig(tmp_path, "https://127.0.0.1:1", user=plugin))
    request = asyncio.create_task(slow.get(MAPS))
    await until(lambda: (tmp_path / "begun").exists())
    await slow.close()
    with pytest.raises(Unreachable, match="closed while logging in"):
        await request


async def test_closing_ends_the_connection_of_a_request_that_was_given_up_however_the_server_behaves(box, connect, tmp_path):
    """TLS parts in an exchange of words, and who has been given up says none: an event loop that ends meanwhile would leave the socket open."""
    with Relay(box.host_port) as relay:
        api = connect(relay.kubeconfig(box.kubeconfig, tmp_path / "relayed"))
        box.faults.add("configmaps", hang=True)
        request = asyncio.create_task(api.get(MAPS))
        await until(lambda: box.requests, "the request has come")
        with relay.held():
            request.cancel()
            await asyncio.wait([request])
            await api.close()
            assert options_of(relay.port) == []


async def test_watch_that_is_left_ends_its_connection_without_waiting_for_the_server(box, connect, tmp_path):
    with Relay(box.host_port) as relay:
        api = connect(relay.kubeconfig(box.kubeconfig, tmp_path / "relayed"))
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(watching(api, await listed(api)))
            assert len(options_of(relay.port)) == 1
            with relay.held():
                await stack.aclose()
                await until(lambda: options_of(relay.port) == [], timeout_s=10)
