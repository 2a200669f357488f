"""YAML coloured on the server: lines of (class, text) segments, so that the browser sets text only and needs no highlighter. Pure."""

from __future__ import annotations

from typing import Any

from pygments.lexers.data import YamlLexer
from pygments.token import Comment, Name, Number, Punctuation, String, Token

from helmpanel.text import DOTS

LONGEST = 4_000
"""Characters of a line that are drawn; copy and download have all."""

Segments = list[list[str]]
"""[class, text] pairs of one line; class is one of k, s, n, c, m (masked) or empty."""

_CLASSES = ((Comment, "c"), (Name.Tag, "k"), (Number, "n"), (String, "s"), (Name.Constant, "n"), (Punctuation, ""))
_PLAIN = Token.Literal.Scalar.Plain
_NUMBERS = frozenset({"true", "false", "null", "~", "yes", "no", "on", "off"})


def _class(kind: Any, text: str) -> str:
    if kind in _PLAIN:
        word = text.strip()
        return "n" if word.lower() in _NUMBERS or word.replace(".", "", 1).lstrip("-+").isdigit() else ""
    return next((name for group, name in _CLASSES if kind in group), "")


def _add(line: Segments, name: str, text: str) -> None:
    """Append a piece of text, dots as segments of their own, neighbours of one class joined."""
    for at, part in enumerate(text.split(DOTS)):
        if at:
            line.append(["m", DOTS])
        if not part:
            continue
        if line and line[-1][0] == name:
            line[-1][1] += part
        else:
            line.append([name, part])


def coloured(lines: list[str], *, is_yaml: bool = True) -> list[Segments]:
    """Segments of each line; as many as came in. Lex 1,000 lines at most: Pygments takes seconds for a whole manifest.

    Args:
        lines: Lines without their ends.
        is_yaml: Colour them; else only the dots of secrets become segments of their own.
    """
    shown = [line if len(line) <= LONGEST else f"{line[:LONGEST]}… {len(line) - LONGEST:,} more characters" for line in lines]
    if not is_yaml:
        return [_plain(line) for line in shown]
    result: list[Segments] = [[] for _ in shown]
    at = 0
    for kind, text in YamlLexer(stripnl=False, ensurenl=False).get_tokens("\n".join(shown)):
        name = ""
        for n, part in enumerate(text.split("\n")):
            at += 1 if n else 0
            if not part:
                continue
            name = name or _class(kind, text)
            # The lexer turns odd line ends into newlines: what does not fit stays uncoloured on the last line.
            _add(result[min(at, len(result) - 1)], name, part)
    if at != len(shown) - 1:
        return [_plain(line) for line in shown]
    return result


def _plain(line: str) -> Segments:
    segments: Segments = []
    _add(segments, "", line)
    return segments
