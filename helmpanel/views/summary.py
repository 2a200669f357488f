"""Counts by status; pressing one filters."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Summary(Part):
    """All = Healthy + Degraded + Failed + Pending + Deployed + Uninstalled, joined; Upgrade available cuts across and stands apart.

    `on("press", handler)` is called with `key=` (one of the keys of `counts`) and `more=` (the person held Shift or Ctrl: add to what is chosen).
    """

    counts = param.Dict(default={}, doc="all, healthy, degraded, failed, pending, deployed, uninstalled, newer; empty while the first reading is under way.")
    pressed = param.List(default=["all"], doc="Keys that filter now.")
    is_compact = param.Boolean(default=False, doc="Pills on one line, for a notebook cell.")

    _esm = esm("summary")
    _stylesheets: ClassVar[list[str]] = [css("shared", "summary")]
