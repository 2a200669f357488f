"""One line of text."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class TextField(Part):
    """A labelled field. `value` follows every key; `on("enter", ...)` is told about Enter."""

    value = param.String(doc="What stands in it.")
    label = param.String(doc="Always given: read by screen readers even when hidden.")
    is_label_hidden = param.Boolean(default=False, doc="The label is for screen readers only.")
    placeholder = param.String(doc="An example, never the only label.")
    hint = param.String(doc="One line below it.")
    problem = param.String(doc="What is wrong with the value, in place of the hint; empty when nothing is.")
    icon = param.String(doc="Name in icons.css at its start.")
    suffix = param.String(doc="Unit at its end, such as `s`.")
    is_mono = param.Boolean(default=False, doc="For names and commands.")
    is_number = param.Boolean(default=False, doc="Digits: a phone shows its number keys. The value stays text.")

    _esm = esm("text_field")
    _stylesheets: ClassVar[list[str]] = [css("shared")]
