"""Notifications: a small live region of our own, which moves into whatever dialog is open."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part

KEPT = 5
"""Older ones go when more come: nobody reads a wall of them. Those that stay until dismissed do stay, however many."""


class Toasts(Part):
    """Short messages at the corner. A plain success leaves after 6 s, everything else stays until dismissed."""

    items = param.List(doc="Dicts: id, group (StatusGroup value), title, text, actions ([key, word] pairs), stays.")

    _esm = esm("toasts")
    _stylesheets: ClassVar[list[str]] = [css("shared")]

    def __init__(self, **params: Any) -> None:
        self._numbers = itertools.count(1)
        self._acts: dict[int, Callable[[str], None]] = {}
        super().__init__(rules=css("shared", "toasts"), **params)
        self.on("act", self._act)
        self.on("dismiss", self._dismissed)

    rules = param.String(doc="Stylesheet of the region: it lives in a shadow root of its own, so that it can move between dialogs.")

    def show(
        self,
        title: str,
        text: str = "",
        *,
        group: str = "healthy",
        stays: bool = True,
        actions: Sequence[tuple[str, str]] = (),
        on_act: Callable[[str], None] | None = None,
    ) -> None:
        """Show one message.

        Args:
            title: What happened.
            text: Why, and what to do next; masked already.
            group: StatusGroup value: failed is read out at once, everything else politely.
            stays: Until dismissed; else it leaves after 6 s.
            actions: [key, word] of at most two buttons.
            on_act: Called with the key of the button pressed.
        """
        number = next(self._numbers)
        if on_act is not None:
            self._acts[number] = on_act
        item = {"id": number, "group": group, "title": title, "text": text, "actions": [list(pair) for pair in actions], "stays": stays}
        items = [*self.items, item]
        passing = [one["id"] for one in items if not one["stays"]]
        gone = frozenset(passing[: max(len(items) - KEPT, 0)]) - {number}
        for old in gone:
            self._acts.pop(old, None)
        self.items = [one for one in items if one["id"] not in gone]

    def _act(self, id: int, key: str) -> None:
        act = self._acts.get(id)
        self._dismissed(id)
        if act is not None:
            act(key)

    def _dismissed(self, id: int) -> None:
        self._acts.pop(id, None)
        self.items = [item for item in self.items if item["id"] != id]
