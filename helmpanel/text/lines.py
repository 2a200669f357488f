"""Masking plain text line by line: log lines, notes, errors, comments, configuration inside a value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helmpanel.text.words import is_secret_key

DOTS = "••••••••"
"""What stands for a secret: always eight, so that its length says nothing."""

_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")
# Greedy up to the last @ of the word: a password may hold @ and / itself.
_URL = re.compile(r"(?P<front>[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s:/@\"']{0,200}:)(?P<secret>[^\s\"']{1,1000})(?=@)")
_BEARER = re.compile(r"(?P<front>\b(?:bearer|basic)[ \t]+)(?=\S*[\d=•])(?P<secret>[A-Za-z0-9+/=_.~•-]{6,})", re.IGNORECASE)
# Tokens that tell what they are: JWT, AWS, GitHub, GitLab, Slack, Google, Vault, npm, Stripe-like.
_TOKEN = re.compile(
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}"
    r"|\bxox[abeoprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\bhvs\.[\w-]{20,}|\bnpm_\w{30,}|\bsk[-_][A-Za-z0-9_-]{20,}"
)
_QUOTED = r"(?P<open>\\?[\"'])(?P<quoted>.*?)(?<!\\)(?P=open)"
# Possessive, and only from the start of a word: a line may be 1 MB of base64 long.
_PAIR = re.compile(r"(?<![\w.\-/])(?P<key>[\w.\-/]++)(?P<close>\\?[\"'])?(?P<sep>[ \t]*(?::=|=>|[:=])[ \t]*)")
_QUOTED_VALUE = re.compile(_QUOTED)
_WORD = re.compile(r"\S+")
_FLAG = re.compile(rf"(?P<key>(?<![\w-])--?[A-Za-z][\w.-]{{1,80}})(?P<sep>[ \t]+|[\"'],[ \t]*[\"'])(?P<value>{_QUOTED}|[^\s\"'-][^\s\"']*)")
# "failed to read token: invalid" is prose; "token: hunter2" is not. Only such words, only after a colon, only letters.
_PROSE = re.compile(r"[A-Za-z]+[.,;:!]?")
_WEAK = re.compile(r"(?:secrets?|tokens?|credentials?)", re.IGNORECASE)
_LINE_START = re.compile(r"[\s#>*\-\"'{,:]*")


def _flag(match: re.Match[str]) -> str:
    if not is_secret_key(match["key"]):
        return match[0]
    quote = match["open"] or ""
    return f"{match['key']}{match['sep']}{quote}{DOTS}{quote}"


def _pairs(line: str) -> str:
    """The line with the value of each credential-looking `key: value` or `key=value` masked."""
    out: list[str] = []
    at = 0
    while match := _PAIR.search(line, at):
        # Go on right behind the separator when this is none: the value may hold a pair itself.
        at, begin = match.end(), at
        out.append(line[begin:at])
        if not is_secret_key(match["key"][-200:].lstrip("-./")) or (word := _WORD.match(line, at)) is None:
            continue
        if quoted := _QUOTED_VALUE.match(line, at):
            out.append(f"{quoted['open']}{DOTS if quoted['quoted'] else ''}{quoted['open']}")
            at = quoted.end()
            continue
        at_start = _LINE_START.fullmatch(line, 0, match.start("key")) is not None
        weak = ":" in match["sep"] and not match["close"] and not at_start and _WEAK.fullmatch(match["key"]) is not None
        if weak and _PROSE.fullmatch(word[0]):
            continue
        # A key at the start of its line owns the rest of it ("password: correct horse"); elsewhere one word.
        value = line[at:] if at_start else word[0]
        kept = value.rstrip(" \t\r)]}\"'\\")
        if kept:
            out.append(DOTS)
            at += len(kept)
    out.append(line[at:])
    return "".join(out)


def mask_line(line: str) -> str:
    """One line with what looks like a credential replaced by dots; never raises, never changes the number of lines."""
    if "://" in line:
        line = _URL.sub(lambda m: f"{m['front']}{DOTS}", line)
    line = _BEARER.sub(lambda m: f"{m['front']}{DOTS}", line)
    line = _TOKEN.sub(DOTS, line)
    if begin := _PEM_BEGIN.search(line):
        end = _PEM_END.search(line, begin.end())
        line = f"{line[: begin.end()]}{DOTS}{line[end.start() :] if end else ''}" if line[begin.end() :] else line
    if "--" in line or " -" in line:
        line = _FLAG.sub(_flag, line)
    if ":" in line or "=" in line:
        line = _pairs(line)
    return line


class LineMasker:
    """Masks lines one after the other as they come, as `mask_text` does all at once: it remembers whether it is inside a private key in PEM form."""

    def __init__(self) -> None:
        self._in_key = False

    def begin(self, lines: Sequence[str]) -> None:
        """Start anew at lines whose front is missing: when a key ends in them before one begins, its begin was cut off."""
        self._in_key = False
        for line in lines:
            begin, end = _PEM_BEGIN.search(line), _PEM_END.search(line)
            if begin or end:
                self._in_key = end is not None and (begin is None or end.start() < begin.start())
                return

    def mask(self, line: str) -> str:
        """The line that follows those masked before."""
        if self._in_key:
            end = _PEM_END.search(line)
            self._in_key = end is None
            indent = line[: len(line) - len(line.lstrip())]
            return indent + (line[end.start() :] if end else DOTS if line.strip() else "")
        begin = _PEM_BEGIN.search(line)
        self._in_key = begin is not None and _PEM_END.search(line, begin.end()) is None
        return mask_line(line)


def mask_text(text: str) -> str:
    """`mask_line` on every line; the lines of a private key in PEM form are masked whole."""
    masker = LineMasker()
    return "\n".join(masker.mask(line) for line in text.split("\n"))
