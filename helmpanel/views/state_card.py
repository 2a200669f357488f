"""What stands in place of the table when there is none to show."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class StateCard(Part):
    """One icon, what happened, why, the raw text in a box, and at most two buttons. `on("act", handler)` is called with `key=`."""

    icon = param.String(default="box", doc="Name in icons.css.")
    title = param.String(doc="What is so.")
    text = param.String(doc="Why, and what to do.")
    raw = param.String(doc="What the other side said, as it said it; empty for none.")
    actions = param.List(doc="[key, word] pairs; the first is the primary one.")

    copies = param.Dict(default={}, doc="Key of an action to the text it puts on the clipboard.")

    _esm = esm("state_card")
    _stylesheets: ClassVar[list[str]] = [css("shared", "state_card")]
