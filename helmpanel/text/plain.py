"""Escaping and cutting text that came from outside."""

from __future__ import annotations

import html
import re

# Control characters draw nothing, but some turn the reading direction or hide what follows.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def escape(text: object) -> str:
    """HTML that shows `text` as it is, also inside an attribute; control and direction characters show as �."""
    return html.escape(_INVISIBLE.sub("�", str(text)), quote=True)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`; a cut text ends in an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: max(limit - 1, 0)] + "…"
