"""What others said, fit for a sentence of ours."""

from __future__ import annotations

from helmpanel.text import cut, mask_line

LIMIT = 300
"""Characters of foreign text in one sentence."""


def quoted(said: object) -> str:
    """Foreign text on one line: credentials masked, control characters gone, cut, without the full stop at its end."""
    # Cut twice: masking a megabyte would take long, and a cut before it could halve a token so that it looks like none.
    line = " ".join(cut(str(said), LIMIT * 20).split())
    shown = "".join(char if char.isprintable() else "�" for char in mask_line(line))
    return cut(shown, LIMIT).rstrip(".")
