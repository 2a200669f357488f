"""The portal's gate: what may be mounted, and who may open the websocket."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from helmpanel import portal
from helmpanel.errors import SettingsInvalid


async def reached(gate: portal.OriginGate, scope: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    await gate(scope, receive, send)
    return sent


async def inner(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "reached"})


def scope(kind: str = "websocket", **headers: str) -> dict[str, Any]:
    return {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize("origin", ["http://evil.example", "http://portal.example:81", "null", ""])
async def test_a_websocket_of_another_site_is_refused(origin):
    gate = portal.OriginGate(inner)
    sent = await reached(gate, scope(host="portal.example", origin=origin))
    assert [m["type"] for m in sent] == ["websocket.close"]


async def test_a_websocket_without_an_origin_is_refused():
    sent = await reached(portal.OriginGate(inner), scope(host="portal.example"))
    assert [m["type"] for m in sent] == ["websocket.close"]


async def test_the_pages_own_websocket_passes():
    sent = await reached(portal.OriginGate(inner), scope(host="Portal.example", origin="https://portal.example"))
    assert sent == [{"type": "reached"}]


async def test_a_named_origin_passes():
    gate = portal.OriginGate(inner, ["Desk.example:8443"])
    sent = await reached(gate, scope(host="portal.example", origin="https://desk.example:8443"))
    assert sent == [{"type": "reached"}]


async def test_pages_need_no_origin():
    sent = await reached(portal.OriginGate(inner), scope("http", host="portal.example"))
    assert sent == [{"type": "reached"}]


@pytest.mark.parametrize("asked", [False, None, "yes", 1])
def test_mounting_without_a_login_must_be_asked_for_in_that_word(asked):
    app = FastAPI()
    routes = len(app.routes)
    with pytest.raises(SettingsInvalid, match="insecure=True"):
        portal.mount(app, "/helm", insecure=asked)
    assert len(app.routes) == routes


def test_the_root_of_an_application_is_not_taken():
    with pytest.raises(SettingsInvalid, match="path of its own"):
        portal.mount(FastAPI(), "/", insecure=True)
