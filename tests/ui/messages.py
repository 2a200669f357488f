"""What a page says to its server, message by message."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute

Part = str | bytes


def between(page: Page, said: Callable[[list[Part], Callable[[list[Part]], None]], None]) -> None:
    """Stand between a page and its server.

    Args:
        page: Not yet opened.
        said: Called with each message of the page (header, metadata and content, as Bokeh's protocol has them) and what hands one on.
    """

    def connect(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        parts: list[Part] = []

        def hand_on(message: list[Part]) -> None:
            for part in message:
                server.send(part)

        def take(part: Part) -> None:
            parts.append(part)
            if len(parts) == 3:
                message, parts[:] = list(parts), []
                said(message, hand_on)

        route.on_message(take)

    page.route_web_socket("**/ws", connect)
