"""What helm said: its error among all it wrote, in the one form that rules are written for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from helmpanel.helm.lines import readable
from helmpanel.helm.subject import Subject

# A megabyte of stderr is a log, not an error, and the error stands at its end; of an error that long the beginning and the end tell the cause.
_TEXT_CUT = 100_000
_ERROR_CUT = 4_000
# Rules look for words: one of 5,000 letters took them a second.
_LONG_WORD = re.compile(r"(\S{200})\S+")

# klog's lines, and warnings that stand in front of every error: never the cause.
_NOISE = r"[IWEF]\d{4} \d\d:\d\d:\d\d|WARNING: |Flag --\S+ has been deprecated|(?:walk|coalesce)\.go:\d+: "
# With HELM_DEBUG helm tells all it does; Helm 3 repeats the error at the end, with a stack trace.
_DEBUG = r"level=DEBUG |[\w-]+\.go:\d+: .*\[debug\]"
_TRACE = re.compile(r"^helm\.go:\d+: .*\[debug\]", re.MULTILINE)
# The debug lines that know more than Helm 3's error: what it was waiting for (at every look, so the last one counts), and why it could not delete.
_KNOWING = re.compile(r"ready\.go:\d+: |uninstall\.go:\d+: .*\[debug\] uninstall: Failed to delete release: ")

_UNTOLD = re.compile(f"{_NOISE}|{_DEBUG}")
_ASIDE = re.compile(rf"(?:time=\S+ )?level=\w+ |[\w-]+\.go:\d+: |{_NOISE}")


def error_part(stderr: str) -> str:
    """The error helm ended with: from its last `Error:` line on, without log lines between; everything that counts when there is none.

    Before it may stand warnings, logs of hooks and client-go's complaints about other APIs, with words of their own.
    """
    text = _untraced(stderr)
    start = max(text.rfind("\nError: ") + 1, 0)
    part = _without(_ASIDE, text[start : start + _TEXT_CUT].splitlines()) if text.startswith("Error: ", start) else ""
    return part or wider_part(stderr)


def wider_part(stderr: str) -> str:
    """All that may tell of the cause: the last error may be a mere "context deadline exceeded"."""
    lines = _untraced(stderr)[-_TEXT_CUT:].splitlines()
    knowing = [line for line in lines if _KNOWING.match(line)]
    return "\n".join(filter(None, (_without(_UNTOLD, lines), *knowing[-1:])))


def _untraced(stderr: str) -> str:
    trace = _TRACE.search(stderr)
    return stderr[: trace.start()] if trace else stderr


def _without(pattern: re.Pattern[str], lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if not pattern.match(line)).strip()


def normal(text: str, about: Subject) -> str:
    """Helm's words in one form: one line, single blanks, only double quotes, URLs marked."""
    if len(text) > 2 * _ERROR_CUT:
        text = f"{text[:_ERROR_CUT]} {text[-_ERROR_CUT:]}"
    text = readable(text).replace("\\n", " ").replace('\\"', '"').replace("\\t", " ")
    text = re.sub(r"[‘’“”`]|(?<!\w)'|'(?!\w)", '"', text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"https?://[^\s\"]*[^\s\":,;.)]", lambda m: _marked(m[0], about), text)
    return _WRAPPERS.sub("", _LONG_WORD.sub(r"\1…", text))


_WRAPPERS = re.compile(r"^(?:Error: |(?:UPGRADE|INSTALLATION|ROLLBACK|UNINSTALLATION) FAILED: )+", re.IGNORECASE)
_API_PATH = re.compile(r"/(?:version|apis?|openapi/v\d|healthz|livez|readyz)(?:$|\?|/$|(?<=/apis)/|(?<=/api)/v1)")
_CHART_PATH = re.compile(r"^/v2/|\.(?:tgz|tar\.gz|prov)$|index\.yaml$|^/chartrepo/|/api/(?:charts|helm)/|^/token$")


def _marked(url: str, about: Subject) -> str:
    """The URL, marked as the API server's or a chart source's; plain when it may be either."""
    try:
        parts = urlsplit(url)
        source = urlsplit(about.source).netloc
    except ValueError:
        return url
    if _API_PATH.search(f"{parts.path}{'?' if parts.query else ''}") and not _CHART_PATH.search(parts.path):
        return f"api:{url}"
    if _CHART_PATH.search(parts.path) or (source and parts.netloc == source):
        return f"chart:{url}"
    return url


def quoted(said: str, begin: int, end: int) -> str:
    """The part of `said`, with the other quote of a pair it cuts through."""
    if said.count('"', begin, end) % 2:
        if said[end : end + 1] == '"':
            end += 1
        elif begin and said[begin - 1] == '"':
            begin -= 1
    return said[begin:end]


def bare(said: str) -> tuple[str, list[int]]:
    """Words without quotes, and where each character of them stands in `said`."""
    places: list[int] = []
    for at, char in enumerate(said):
        if char != '"' and not (char == " " and places and said[places[-1]] == " "):
            places.append(at)
    return "".join(said[at] for at in places), places
