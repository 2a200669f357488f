"""Bytes from a process into lines a person can read. Pure."""

from __future__ import annotations

import codecs
import re

# A line on screen needs no more; a chart can log a whole manifest on one line.
LONGEST_LINE = 4_000
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class LineSplitter:
    """Whole lines out of chunks that end anywhere: in a character, between CR and LF, in a line that never ends."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._partial = ""
        self._dropped = 0
        self._after_cr = False

    def feed(self, chunk: bytes, *, last: bool = False) -> list[str]:
        """Lines that became whole, without their ends.

        Args:
            chunk: What was read; may be empty.
            last: Nothing follows: the line begun is given out too.
        """
        text = self._decode.decode(chunk, last)
        if self._after_cr and text:
            text = text.removeprefix("\n")
            self._after_cr = False
        self._after_cr = text.endswith("\r") or (self._after_cr and not text)
        # A lone CR redraws a line (progress bars): each drawing is a line of its own here.
        *whole, rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = []
        for piece in whole:
            self._add(piece)
            lines.append(self._take())
        self._add(rest)
        if last and (self._partial or self._dropped):
            lines.append(self._take())
        return lines

    def _add(self, piece: str) -> None:
        room = self._longest - len(self._partial)
        self._partial += piece[:room]
        self._dropped += max(len(piece) - room, 0)

    def _take(self) -> str:
        line, dropped = readable(self._partial), self._dropped
        self._partial, self._dropped = "", 0
        return f"{line} … ({dropped:,} more characters)" if dropped else line


def readable(text: str) -> str:
    """Text without terminal escapes; other control characters are shown as U+FFFD, line ends and tabs stay."""
    return _CONTROLS.sub("\ufffd", _ESCAPES.sub("", text))
