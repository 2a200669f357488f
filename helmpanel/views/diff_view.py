"""A diff on the screen: plus and minus signs, folded same parts, secrets masked."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import panel as pn
import param

from helmpanel.planning.diff import Diff, values_diff
from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part
from helmpanel.views.words import count
from helmpanel.views.yaml_lines import LONGEST
from helmpanel.views.yaml_view import REVEAL_S

MOST_LINES = 3_000
"""Lines drawn; a bigger change is told by its count."""


class DiffView(Part):
    """One comparison of two values texts. Only masked lines are a parameter; real ones travel as messages while revealed."""

    title = param.String(default="Values", doc="Heading of the block.")
    hint = param.String(doc="Small print beside the heading, such as `revision 9 → revision 8`.")
    lines = param.List(doc="[sign, old line, new line, text, word start, word end, is masked].")
    added = param.Integer(default=0, doc="Lines added.")
    removed = param.Integer(default=0, doc="Lines removed.")
    has_masked_change = param.Boolean(default=False, doc="A secret changed without showing.")
    more = param.String(doc="What was left out, as words; empty when nothing was.")
    empty_text = param.String(default="Nothing changes.", doc="Said when the two are the same.")
    is_loading = param.Boolean(default=True, doc="Comparing.")
    problem = param.String(doc="Why there is nothing to compare; empty when there is.")

    _esm = esm("diff_view")
    _stylesheets: ClassVar[list[str]] = [css("shared", "diff")]

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._texts = ("", "")
        self._turn = 0
        self.on("reveal", self._reveal)

    async def compare(self, old: str, new: str) -> Diff | None:
        """Show what turns `old` into `new`; None when a later comparison overtook this one."""
        self._turn += 1
        turn = self._turn
        diff = await asyncio.to_thread(values_diff, old, new)
        if turn != self._turn:
            return None
        self._texts = (old, new)
        self.param.update(
            lines=_rows(diff),
            added=diff.added,
            removed=diff.removed,
            has_masked_change=diff.has_masked_change,
            more=f"{count(len(diff.lines) - MOST_LINES, 'more line')} not shown" if len(diff.lines) > MOST_LINES else "",
            is_loading=False,
            problem="",
        )
        return diff

    def nothing(self, why: str) -> None:
        """Say why there is nothing to compare; a comparison that is still going on shows nothing any more."""
        self._turn += 1
        self.param.update(lines=[], problem=why, is_loading=False)

    def _reveal(self, **_: object) -> None:
        pn.state.execute(self._send_real)

    async def _send_real(self) -> None:
        diff = await asyncio.to_thread(values_diff, *self._texts, reveal=True)
        self._send_msg({"real": _rows(diff), "for_s": REVEAL_S})


def _rows(diff: Diff) -> list[list[object]]:
    return [[line.sign.value, line.old or 0, line.new or 0, line.text[:LONGEST], *(line.words or (0, 0)), line.is_masked] for line in diff.lines[:MOST_LINES]]
