"""One of a few."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Select(Part):
    """The browser's own list of choices, labelled."""

    value = param.String(doc="Key of the chosen option.")
    options = param.List(doc="[key, text] pairs, in the order shown.")
    label = param.String(doc="Always given.")
    is_label_hidden = param.Boolean(default=False, doc="The label is for screen readers only.")
    hint = param.String(doc="One line below it.")

    _esm = esm("select")
    _stylesheets: ClassVar[list[str]] = [css("shared")]
