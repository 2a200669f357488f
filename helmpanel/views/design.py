"""Our parts take no stylesheet but their own: Panel's would be fetched from a content network in a notebook, and would restyle what has a look of its own."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
from panel.theme.base import Design, Theme


class PlainTheme(Theme):
    """Nothing: light and dark are custom properties of the outermost element."""


class Plain(Design):
    """Nothing to add to any component."""

    _themes: ClassVar[dict[str, type[Theme]]] = {"default": PlainTheme, "dark": PlainTheme}


class OwnStyles:
    """Mixin for Panel components: leaves out the stylesheets that Panel would load by address (its loading spinner's)."""

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        properties: dict[str, Any] = super()._process_param_change(params)  # type: ignore[misc]
        if "stylesheets" in properties:
            properties["stylesheets"] = [sheet for sheet in properties["stylesheets"] if isinstance(sheet, str)]
        return properties


class Box(OwnStyles, pn.Column):
    """A column without margin or styles: its stylesheet lays out what is in it."""

    def __init__(self, *objects: Any, **params: Any) -> None:
        super().__init__(*objects, **{"margin": 0, "sizing_mode": "stretch_width", "design": Plain, **params})
