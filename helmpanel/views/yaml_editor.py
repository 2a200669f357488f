"""A field for YAML: numbered lines, the faulty one marked, what is typed never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class YamlEditor(Part):
    """A browser text field with colours drawn behind it, so that it is the same offline, in a notebook and for a screen reader.

    Not Panel's CodeEditor: in a notebook without internet it fetches its YAML mode in vain, and it keeps the text in a parameter, hence in the saved notebook.
    Here the text travels as messages: to the browser when it asks, back when the person rests or leaves the field.
    """

    label = param.String(default="Values", doc="For screen readers.")
    placeholder = param.String(doc="Shown while empty.")
    problem = param.String(doc="What is wrong, for the foot of the editor; empty when nothing is.")
    problem_line = param.Integer(default=0, doc="1-based line marked as faulty; 0 for none.")
    problem_column = param.Integer(default=0, doc="1-based column; 0 for none.")

    _esm = esm("yaml_editor")
    _stylesheets: ClassVar[list[str]] = [css("shared", "editor")]

    def __init__(self, text: str = "", **params: Any) -> None:
        super().__init__(**params)
        self._text = text
        self._changed: list[Callable[[str], object]] = []
        self.on("ready", lambda **_: self._send_msg({"text": self._text}))
        self.on("text", self._typed)

    @property
    def text(self) -> str:
        """What stands in the field, as far as the browser has told."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text
        self._send_msg({"text": text})

    def on_text(self, callback: Callable[[str], object]) -> None:
        """Call `callback(text)` when the person has typed."""
        self._changed.append(callback)

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor there."""
        self._send_msg({"line": line, "column": column})

    def _typed(self, text: str = "", **_: object) -> None:
        if text != self._text:
            self._text = text
            for callback in self._changed:
                callback(text)
