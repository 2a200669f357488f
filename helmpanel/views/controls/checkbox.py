"""Yes or no."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Checkbox(Part):
    """A checkbox with its sentence."""

    value = param.Boolean(default=False, doc="Whether it is on.")
    label = param.String(doc="Sentence beside it.")
    hint = param.String(doc="What it leads to, below the sentence.")
    disabled_why = param.String(doc="Why it cannot be changed now; empty when it can.")

    _esm = esm("checkbox")
    _stylesheets: ClassVar[list[str]] = [css("shared", "checkbox")]
