"""Tabs."""

from __future__ import annotations

from typing import ClassVar

import param
from panel.custom import Children

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Tabs(Part):
    """Tabs over panels of which one shows; arrow keys move between them. Fills the height of a flush dialog body."""

    value = param.String(doc="Key of the tab that shows.")
    tabs = param.List(doc="Dicts, one a panel and in its order: `key`, `label`, and optionally `count` (text) and `is_bad` (count in red).")
    panels = Children(doc="Viewables, one a tab. Hidden ones stay alive: text typed in them is kept.")
    is_flush = param.Boolean(default=False, doc="Panels have no padding and scroll themselves.")

    _esm = esm("tabs")
    _stylesheets: ClassVar[list[str]] = [css("shared", "tabs")]
