"""How the parts of a dialog lie: side by side, below each other, folded away."""

from __future__ import annotations

from typing import ClassVar

import param
from panel.custom import Children

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class TwoColumns(Part):
    """What is decided left, what it means right; below each other where it is narrow. Fills a flush dialog body."""

    left = Children(doc="Parts below each other, with air between them.")
    right = Children(doc="One part that fills the height.")

    _esm = esm("two_columns")
    _stylesheets: ClassVar[list[str]] = [css("shared", "two_columns")]


class Stack(Part):
    """Parts below each other with air between them."""

    parts = Children(doc="From top to bottom.")

    _esm = esm("stack")
    _stylesheets: ClassVar[list[str]] = [css("shared", "stack")]


class Padded(Stack):
    """A stack with room around it that scrolls by itself: one panel of flush tabs."""

    is_sunken = param.Boolean(default=True, doc="On the canvas colour, for parts with frames of their own.")

    _esm = esm("padded")
    _stylesheets: ClassVar[list[str]] = [css("shared", "padded")]


class Heading(Part):
    """A small heading of a section."""

    text = param.String(doc="The words.")
    hint = param.String(doc="Smaller words below; empty for none.")

    _esm = esm("heading")
    _stylesheets: ClassVar[list[str]] = [css("shared", "heading")]


class Fold(Part):
    """A heading that opens what is below it."""

    title = param.String(doc="Heading.")
    summary = param.String(doc="What is inside, in few words, beside the heading.")
    is_open = param.Boolean(default=False, doc="Whether the content shows. Written by the browser too.")
    parts = Children(doc="Content.")

    _esm = esm("fold")
    _stylesheets: ClassVar[list[str]] = [css("shared", "fold")]
