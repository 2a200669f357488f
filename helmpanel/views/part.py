"""The base of every component drawn by helmpanel itself."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any, ClassVar

from panel.custom import JSComponent

from helmpanel.views.design import OwnStyles, Plain

log = logging.getLogger(__name__)

Handler = Callable[..., Any]


class Part(OwnStyles, JSComponent):
    """A component with its own browser code: text goes in as parameters, what the person does comes out as named messages.

    Browser code calls `model.send_msg({event: "press", ...})`; `on("press", handler)` is called with the rest as keyword arguments.
    Values are shown by `textContent` only, so any text is safe.
    """

    __abstract = True

    # By default Panel runs `render` anew when a child comes or goes, and what the browser code remembered is lost.
    _render_policy = "manual"

    _sizing: ClassVar[str | None] = "stretch_width"

    def __init__(self, **params: Any) -> None:
        self._handlers: dict[str, list[Handler]] = {}
        super().__init__(**{"design": Plain, "margin": 0, "sizing_mode": self._sizing, **params})

    def on(self, event: str, handler: Handler) -> None:
        """Call `handler` for each message named `event`; it must not block and must not be a coroutine function.

        Raises:
            TypeError: The handler is a coroutine function: wrap it with `clicks.run`, which shows its failure.
        """
        if inspect.iscoroutinefunction(handler):
            raise TypeError(f"{handler!r} is a coroutine function: pass a plain function that hands it to Clicks.run.")
        self._handlers.setdefault(event, []).append(handler)

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict) or not isinstance(data.get("event"), str):
            log.warning("A message of %s has no name", type(self).__name__)
            return
        rest = {str(k): v for k, v in data.items() if k != "event"}
        for handler in self._handlers.get(data["event"], ()):
            handler(**rest)
