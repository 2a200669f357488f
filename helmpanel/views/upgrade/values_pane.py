"""The user-supplied values in the upgrade form: masked to look at, plain to edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import param
from panel.custom import Children

from helmpanel.text import mask_values
from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part
from helmpanel.views.words import count
from helmpanel.views.yaml_editor import YamlEditor
from helmpanel.views.yaml_view import YamlView


class ValuesPane(Part):
    """A bar over either a masked view or the editor.

    An editor must hold the real text. So values with credentials open masked, and editing them is the deliberate act that shows them; values
    without go straight to the editor. What was typed is never thrown away but by Undo.
    """

    summary = param.String(default="Your values", doc="Left in the bar.")
    has_secrets = param.Boolean(default=False, doc="Something is masked while not edited.")
    is_editing = param.Boolean(default=False, doc="The editor shows, not the masked view.")
    is_edited = param.Boolean(default=False, doc="The text differs from the stored one.")
    can_edit = param.Boolean(default=False, doc="The values are there.")
    has_defaults = param.Boolean(default=False, doc="The chart's defaults can be looked at.")
    problem = param.String(doc="Why the values could not be read, and what can be done without them.")
    content = Children(doc="The masked view and the editor.")

    _esm = esm("values_pane")
    _stylesheets: ClassVar[list[str]] = [css("shared", "values_pane")]

    def __init__(self, on_text: Callable[[], object], on_defaults: Callable[[], object], **params: Any) -> None:
        self.view = YamlView(label="Your values, masked", has_bar=False, is_loading=True, placeholder="No values are set: the chart's defaults apply.")
        self.editor = YamlEditor(label="Your values as YAML", placeholder="# No values are set. Write here what should differ from the chart's defaults.")
        super().__init__(content=[self.view, self.editor], **params)
        self._stored = ""
        self._on_text = on_text
        self.editor.on_text(self._typed)
        self.on("edit", lambda **_: self.edit())
        self.on("undo", lambda **_: self.undo())
        self.on("defaults", lambda **_: on_defaults())

    @property
    def text(self) -> str | None:
        """The edited text; None while nothing was edited."""
        return self.editor.text if self.is_edited else None

    async def set_stored(self, stored: str) -> None:
        """The values as the cluster has them. Edits already made stay."""
        self._stored = stored
        await self.view.show(stored)
        has_secrets = self.view.has_secrets
        self.param.update(has_secrets=has_secrets, can_edit=True, problem="")
        if self.is_editing or not has_secrets:
            self.edit()
        self._sum_up()

    def failed(self, why: str) -> None:
        """The stored values could not be read."""
        self.view.param.update(is_loading=False, problem=why)
        self.problem = why

    def edit(self) -> None:
        """Show the editor, with the real text."""
        if not self.is_edited:
            self.editor.text = self._stored
        self.is_editing = True

    def undo(self) -> None:
        """Back to the stored text."""
        self.editor.text = self._stored
        self.is_edited = False
        self.is_editing = not self.has_secrets
        self._sum_up()
        self._on_text()

    def _typed(self, text: str) -> None:
        self.is_edited = text != self._stored
        self._on_text()
        self._sum_up()

    def _sum_up(self) -> None:
        text = self.editor.text if self.is_editing else self._stored
        lines = len(text.rstrip("\n").split("\n")) if text.strip() else 0
        self.summary = f"Your values, {count(lines, 'line')}" + (", edited" if self.is_edited else "") if lines or self.is_edited else "No values set"

    @property
    def masked_text(self) -> str:
        """What may be shown anywhere."""
        return mask_values(self.editor.text if self.is_edited else self._stored)
