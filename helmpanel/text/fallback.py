"""Masking YAML that no parser reads: by lines and indentation, rather too much than too little."""

from __future__ import annotations

import re

from helmpanel.text.lines import DOTS, mask_text
from helmpanel.text.words import is_secret_key

_KEY = re.compile(r"(?P<indent>[ \t]*)(?P<dash>(?:-[ \t]+)*)(?P<quote>[\"']?)(?P<key>[^\"':#{}\[\],][^\"':]*)(?P=quote)[ \t]*:(?P<gap>[ \t]*)(?P<rest>.*)")
_ENV_NAME = re.compile(r"[\s\-]*[\"']?(?:name|key)[\"']?[ \t]*:[ \t]*[\"']?(?P<name>[^\"'\s]+)")
_SECRET_DATA = frozenset({"data", "stringData"})
_BREAK = re.compile("(\r\n|[\n\r\x85\u2028\u2029])")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*$")


def _is_open(rest: str) -> bool:
    """Whether a value goes on in the next line: an open quote or bracket."""
    return any(rest.count(a) > rest.count(b) for a, b in ("[]", "{}")) or (rest[:1] in ("'", '"') and (len(rest) == 1 or not rest.rstrip().endswith(rest[0])))


def _secret_key(line: str) -> re.Match[str] | None:
    """The key that a line begins with, when its value is a secret."""
    match = _KEY.match(line)
    return match if match is not None and is_secret_key(match["key"].strip()) else None


def holds_secret_key(text: str) -> bool:
    """Whether a line of the text but the first begins with a key whose value is a secret: a quote that somebody forgot to close has swallowed it."""
    return any(map(_secret_key, _BREAK.split(text)[2::2]))


def mask_broken(text: str, *, secrets_too: bool) -> str:
    """The text with the values of secret keys, and all lines that seem to belong to them, masked."""
    pieces = _BREAK.split(mask_text(text))
    lines, breaks = pieces[::2], [*pieces[1::2], ""]
    has_secret = secrets_too and re.search(r"kind[\"']?[ \t]*:[ \t]*[\"']?Secret\b", text) is not None
    below: int | None = None  # indentation of the secret key whose lines these are
    is_open = False
    env_secret = False
    for at, line in enumerate(lines):
        body = line.lstrip(" \t")
        indent = len(line) - len(body)
        if not body.strip() or body.rstrip() == DOTS:
            continue
        if body.startswith(("---", "# Source:")):
            below, is_open = None, False
            continue
        if below is not None and (is_open or indent > below or (indent == below and body.startswith("- "))):
            is_open = is_open and not body.rstrip().endswith(("'", '"', "]", "}"))
            if swallowed := _secret_key(line):
                below = min(below, indent + len(swallowed["dash"]))  # what seemed open may have been closed: this key has lines of its own
            lines[at] = line[:indent] + DOTS
            continue
        below, is_open = None, False
        match = _KEY.match(line)
        if match is None:
            continue
        key = match["key"].strip()
        is_env = key == "value" and env_secret
        if name := _ENV_NAME.match(line):
            env_secret = is_secret_key(name["name"])
        if is_env or is_secret_key(key) or (has_secret and key in _SECRET_DATA):
            below = indent + len(match["dash"])
            rest = match["rest"].strip()
            is_open = _is_open(rest)
            if rest not in ("", DOTS) and not _HEADER.fullmatch(rest):
                lines[at] = line[: match.start("rest")] + DOTS
    return "".join(line + end for line, end in zip(lines, breaks, strict=True))


def by_lines_too(text: str, masked: str, *, secrets_too: bool) -> str:
    """A text that was masked by its structure, where lines alone say more: those whose value is a secret by the key in front of it."""
    by_lines = _BREAK.split(mask_broken(text, secrets_too=secrets_too))
    was, now = _BREAK.split(text), _BREAK.split(masked)
    if len(was) != len(now):
        return "".join(by_lines)
    return "".join(line if line.endswith(DOTS) and line != old else new for line, old, new in zip(by_lines, was, now, strict=True))
