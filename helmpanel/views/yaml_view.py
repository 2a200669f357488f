"""Read-only YAML: coloured on the server, secrets masked until somebody asks for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from helmpanel.text import mask_manifest, mask_text, mask_values
from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part
from helmpanel.views.yaml_lines import LONGEST, Segments, coloured

log = logging.getLogger(__name__)

CHUNK = 400
"""Lines sent at once: the next ones come when the person scrolls near them, so that 1 MB does not freeze the page."""
CHUNK_CHARACTERS = 60_000
"""And about so many characters."""
REVEAL_S = 30
"""How long a revealed secret stays on the screen."""

MASKS: dict[str, Callable[[str], str]] = {"values": mask_values, "manifest": mask_manifest, "text": mask_text}


class YamlView(Part):
    """Numbered lines with a bar above them: copy, download, reveal.

    The text never is a parameter: what is a parameter is kept in a saved notebook. Lines travel as messages, real ones only while revealed.
    `on_reveal`, if given, is called with the number of lines revealed.
    """

    summary = param.String(doc="Left in the bar, such as `Revision 9 · 612 lines`.")
    label = param.String(doc="What it is, for screen readers: `Manifest of trino`.")
    file_name = param.String(default="values.yaml", doc="Name a download gets.")
    placeholder = param.String(doc="Shown in place of the lines when there are none; words such as `No values are set: the chart's defaults apply.`")
    is_loading = param.Boolean(default=False, doc="The text is on its way.")
    problem = param.String(doc="Why the text cannot be shown; empty when it can.")
    has_secrets = param.Boolean(default=False, doc="Something is masked, so that Reveal is offered.")
    has_bar = param.Boolean(default=True, doc="Whether the bar is drawn.")
    lines = param.Integer(default=0, doc="Number of lines of the text.")
    version = param.Integer(default=0, doc="Counts up with each text, so that the browser asks anew.")

    _esm = esm("yaml_view")
    _stylesheets: ClassVar[list[str]] = [css("shared", "code")]

    def __init__(self, kind: str = "values", **params: Any) -> None:
        super().__init__(**params)
        self._kind = kind
        self._real: list[str] = []
        self._masked: list[str] = []
        self._on_reveal: Callable[[int], None] | None = None
        self.on("ask", self._ask)
        self.on("reveal", self._reveal)
        self.on("take", self._take)
        self.on("find", self._find)

    def on_reveal(self, callback: Callable[[int], None]) -> None:
        """Tell `callback` how many lines were revealed, each time."""
        self._on_reveal = callback

    async def show(self, text: str, summary: str = "") -> None:
        """Show a text; masking takes up to seconds for 1 MB and runs in a thread."""
        masked = await asyncio.to_thread(MASKS[self._kind], text)
        self._real, self._masked = _lines(text), _lines(masked)
        self.param.update(
            summary=summary,
            has_secrets=self._real != self._masked,
            lines=len(self._real),
            is_loading=False,
            problem="",
            version=self.version + 1,
        )

    @property
    def masked_text(self) -> str:
        """What is on the screen while nothing is revealed."""
        return "\n".join([*self._masked, ""]) if self._masked else ""

    def _ask(self, start: int = 0, revealed: bool = False, **_: object) -> None:
        """The browser wants the lines from `start` on."""
        pn.state.execute(partial(self._send_lines, max(0, int(start)), bool(revealed)))

    async def _send_lines(self, start: int, revealed: bool) -> None:
        version, size = self.version, 0
        part: list[str] = []
        for line in self._masked[start : start + CHUNK]:
            if part and size > CHUNK_CHARACTERS:
                break
            part.append(line)
            size += min(len(line), LONGEST)
        message: dict[str, object] = {"version": version, "start": start, "lines": await asyncio.to_thread(self._coloured, part)}
        if revealed:
            message["real"] = self._real_lines(range(start, start + len(part)))
        self._send_msg(message)

    def _coloured(self, lines: list[str]) -> list[Segments]:
        return coloured(lines, is_yaml=self._kind != "text") if lines else []

    def _real_lines(self, numbers: range) -> dict[str, Segments]:
        """Real segments of those lines that are masked."""
        hidden = [n for n in numbers if n < len(self._real) and self._real[n] != self._masked[n]]
        return dict(zip((str(n) for n in hidden), self._coloured([self._real[n] for n in hidden]), strict=True))

    def _reveal(self, line: int = -1, upto: int = 0, **_: object) -> None:
        """Show one masked value (all its lines), or with -1 every one among the first `upto` lines."""
        if line >= len(self._real):
            numbers = range(0)
        elif line >= 0:
            first = last = int(line)
            # The value may be a block of several masked lines.
            while first > 0 and self._is_inside(first):
                first -= 1
            while last + 1 < len(self._real) and self._is_inside(last + 1):
                last += 1
            numbers = range(first, last + 1)
        else:
            numbers = range(min(int(upto), len(self._real)))
        real = self._real_lines(numbers)
        log.info("%s: %d masked lines revealed", self.label, len(real))
        if self._on_reveal is not None:
            self._on_reveal(len(real))
        self._send_msg({"version": self.version, "real": real, "for_s": REVEAL_S})

    def _is_inside(self, line: int) -> bool:
        """Whether a line is nothing but a masked piece of a longer value."""
        return self._real[line] != self._masked[line] and ":" not in self._masked[line] and not self._masked[line].lstrip().startswith("- ")

    def _take(self, how: str = "copy", revealed: bool = False, **_: object) -> None:
        """Hand the whole text to the browser for copy or download: as it is on the screen."""
        lines = self._real if revealed else self._masked
        self._send_msg({"version": self.version, "take": how, "text": "\n".join([*lines, ""]) if lines else ""})

    def _find(self, words: str = "", **_: object) -> None:
        """Numbers of the lines that hold the words; secrets are not searched."""
        wanted = words.casefold()
        hits = [n for n, line in enumerate(self._masked) if wanted in line[:LONGEST].casefold()] if wanted else []
        self._send_msg({"version": self.version, "hits": hits[:2000], "words": words})


def _lines(text: str) -> list[str]:
    """Lines of a text; none for an empty one."""
    stripped = text.rstrip("\n")
    return stripped.split("\n") if stripped.strip() else []
