"""A framed word on something that is so."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Callout(Part):
    """An icon, a title, a text and at most two buttons. `on("act", handler)` is called with `key=`."""

    tone = param.Selector(
        default="uninstalled",
        objects=["uninstalled", "upgrade", "failed", "pending", "healthy", "degraded"],
        doc="Colour family: grey, amber, red, blue, green, orange.",
    )
    icon = param.String(default="info", doc="Name in icons.css.")
    title = param.String(doc="Bold first line; empty for none.")
    text = param.String(doc="What is so, and what to do.")
    actions = param.List(doc="[key, word] pairs.")
    is_alert = param.Boolean(default=False, doc="Read out at once by screen readers; else politely.")

    _esm = esm("callout")
    _stylesheets: ClassVar[list[str]] = [css("shared")]
