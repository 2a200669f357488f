"""Buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Button(Part):
    """A button with a word, an icon, or both. `on_press` takes what it does."""

    label = param.String(doc="The word on it; empty for an icon button.")
    kind = param.Selector(default="plain", objects=["plain", "primary", "danger", "ghost"], doc="At most one primary or danger in a dialog.")
    icon = param.String(doc="Name in icons.css; empty for none.")
    help = param.String(doc="Tooltip; for an icon button the verb and its object, such as `Roll back trino`.")
    disabled_why = param.String(doc="Why it cannot be pressed now; empty when it can. It stays focusable and says so.")
    is_small = param.Boolean(default=False, doc="28 px instead of 32, for toolbars.")
    is_outlined = param.Boolean(default=False, doc="Icon button with an outline, beside other buttons.")
    copies = param.String(doc="Text put on the clipboard at a press, in the browser; empty for none. Never a secret that is masked on the screen.")

    _sizing = None  # as wide as its word
    _esm = esm("button")
    _stylesheets: ClassVar[list[str]] = [css("shared", "button")]

    def on_press(self, handler: Callable[[], object]) -> Button:
        """Call `handler()` at each press; returns the button itself."""
        self.on("press", handler)
        return self
