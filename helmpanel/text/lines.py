"""Masking plain text line by line: log lines, notes, errors, comments, configuration inside a value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helmpanel.text.words import is_secret_key

DOTS = "••••••••"
"""What stands for a secret: always eight, so that its length says nothing."""

_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")
# Greedy up to the last @ of the word: a password may hold @ and / itself. "oci://host:5000/app@sha256:…" has a port and a digest, no password.
_URL = re.compile(r"(?P<front>[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s:/@\"']{0,200}:)(?!\d{1,5}/[^\s@\"']{0,400}@sha256:)(?P<secret>[^\s\"']{1,1000})(?=@)")
# A user without a password is a token where nobody logs in by name alone ("https://TOKEN@host"); elsewhere it is a name unless it is long and has digits.
_USER = re.compile(r"(?P<front>\b(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30})://)(?P<secret>[^\s:/?#@\"']{1,1000})(?=@)")
_BY_TOKEN = re.compile(r"(?:git\+)?https?|oci|wss?", re.IGNORECASE)
_LIKE_TOKEN = re.compile(r"(?=.*\d).{16,}")
# Signed addresses: who has the address has what it leads to.
_QUERY = re.compile(
    r"(?P<front>[?&;](?:sig|signature|x-(?:amz|goog)-(?:signature|credential|security-token)|(?:access_|id_|refresh_)?token)=)[^\s&;#\"'<>)]+", re.IGNORECASE
)
_WEBHOOK = re.compile(
    r"(?P<front>://(?:hooks\.[\w.-]{1,200}/(?:services|workflows|triggers)/|[\w.-]{1,200}/(?:api/webhooks|webhookb2)/))[^\s?#\"'<>)]+", re.IGNORECASE
)
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
# What follows a flag in a sentence: "name one with --password or a token". No password is a word like these; any other word may be one.
# fmt: off
_GRAMMAR = frozenset((
    "a", "again", "also", "an", "and", "are", "as", "at", "be", "but", "by", "can", "cannot", "do", "does", "for", "from", "given", "gives", "has", "have",
    "if", "in", "instead", "is", "it", "its", "may", "means", "must", "needs", "no", "nor", "not", "of", "on", "only", "or", "requires", "set", "sets",
    "so", "than", "that", "the", "then", "there", "this", "to", "too", "twice", "use", "used", "uses", "was", "were", "when", "where", "which", "will",
    "with", "without",
))
# fmt: on
# Flags that name a place, not what is kept there.
_PLACES = frozenset({"kubeconfig", "dockerconfigjson", "dockercfg"})
# The rest of an address behind its scheme or host: `Get "https://10.0.0.1:6443/api/v1/secrets": i/o timeout` has no key "secrets".
_ADDRESS = re.compile(r"//|\d{1,5}/")
_LINE_START = re.compile(r"[\s#>*\-\"'{,:]*")


def _flag(match: re.Match[str]) -> str:
    if not is_secret_key(match["key"]) or match["key"].lstrip("-").lower() in _PLACES:
        return match[0]
    quote = match["open"] or ""
    if not quote and match["sep"].isspace() and match["value"].rstrip(".,;:!?)") in _GRAMMAR:
        return match[0]
    return f"{match['key']}{match['sep']}{quote}{DOTS}{quote}"


def _user(match: re.Match[str]) -> str:
    return f"{match['front']}{DOTS}" if _BY_TOKEN.fullmatch(match["scheme"]) or _LIKE_TOKEN.fullmatch(match["secret"]) else match[0]


def _pairs(line: str) -> str:
    """The line with the value of each credential-looking `key: value` or `key=value` masked."""
    out: list[str] = []
    at = 0
    while match := _PAIR.search(line, at):
        # Go on right behind the separator when this is none: the value may hold a pair itself.
        at, begin = match.end(), at
        out.append(line[begin:at])
        is_address = ":" in match["sep"] and line.endswith(":", 0, match.start("key")) and _ADDRESS.match(match["key"]) is not None
        if is_address or not is_secret_key(match["key"][-200:].lstrip("-./")) or (word := _WORD.match(line, at)) is None:
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
        line = _USER.sub(_user, line)
        line = _WEBHOOK.sub(lambda m: f"{m['front']}{DOTS}", line)
        line = _QUERY.sub(lambda m: f"{m['front']}{DOTS}", line)
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
