"""Light, dark, or as the system (in a notebook: as the notebook)."""

from __future__ import annotations

from typing import Any, ClassVar

import param

from helmpanel.views.assets import esm
from helmpanel.views.part import Part

MODES = ("light", "system", "dark")


class Theme(Part):
    """Puts the theme's class on the dashboard's outermost element; draws nothing itself. The choice is kept in the browser."""

    mode = param.String(default="system", doc="light, system or dark.")
    is_dark = param.Boolean(default=False, doc="What is shown now. Written by the browser; bind an editor's own theme to it.")

    _esm = esm("theme")
    _stylesheets: ClassVar[list[str]] = [":host { display: none; }"]

    def choose(self, mode: str, **_rest: Any) -> None:
        """Use one of MODES; others are ignored."""
        if mode in MODES:
            self.mode = mode
