"""What a failed helm command means: rules applied to its words. Pure."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from urllib.parse import urlsplit

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.helm.lines import readable
from helmpanel.helm.rules import RULES, Rule
from helmpanel.helm.subject import Subject, subject
from helmpanel.text import cut, mask_line

SAID_CUT = 300
"""Characters of helm's own words in a sentence."""
_GROUP_CUT = 200
# A megabyte of stderr is a log, not an error, and the error stands at its end; of an error that long the beginning and the end tell the cause.
_TEXT_CUT = 100_000
_ERROR_CUT = 4_000
# Rules look for words: one of 5,000 letters took them a second.
_LONG_WORD = re.compile(r"(\S{200})\S+")


def classify(command: list[str], rc: int, stderr: str) -> HelmFailure:
    """The failure a helm command ended with.

    Args:
        command: argv without the binary.
        rc: Exit code; negative for a signal.
        stderr: All it wrote to standard error; kept whole in the failure's `raw`.
    """
    about = subject(command)
    number = -rc if rc < 0 else rc - 128 if rc in (130, 137, 143) else 0
    if number:
        text = f"{_task(about)} was stopped by {_signal_name(number)} before it ended. Look at the release: it may be left pending; rolling back frees it."
        return HelmFailure(text, kind=FailureKind.INTERRUPTED, command=command, rc=rc, raw=stderr)
    said = normal(error_part(stderr), about)
    found = _first(said, about, rc)
    if found is None or found[0].kind in (FailureKind.UNKNOWN, FailureKind.TIMEOUT):
        # The last error may be a mere "context deadline exceeded" whose cause stands in the lines before it.
        wider = _first(normal(_without(_NOISE, stderr[-_TEXT_CUT:].splitlines()), about), about, rc)
        if wider is not None and (found is None or wider[0].kind in (FailureKind.NOT_READY, FailureKind.HOOK_FAILED)):
            found = wider
    words = _words(said) or f"helm ended with exit code {rc} and no word"
    if found is None:
        return HelmFailure(
            f"{_task(about)} failed: {_stop(words)} The log has all that helm wrote.", kind=FailureKind.UNKNOWN, command=command, rc=rc, raw=stderr
        )
    rule, named = found
    fields = {**dict.fromkeys(rule.pattern.groupindex, ""), **_fields(about), "said": words, **{name: _safe(text, _GROUP_CUT) for name, text in named.items()}}
    text = f"{_task(about)} failed: {_stop(rule.says.format_map(fields))} {rule.advice.format_map(fields)}"
    return HelmFailure(text, kind=rule.kind, command=command, rc=rc, raw=stderr)


def error_part(stderr: str) -> str:
    """The error helm ended with: from its last `Error:` line on, without log lines between; everything when there is none.

    Before it may stand warnings, logs of hooks and client-go's complaints about other APIs, with words of their own.
    """
    start = max(stderr.rfind("\nError: ") + 1, 0)
    if stderr.startswith("Error: ", start):
        part = _without(_LOG_LINE, stderr[start : start + _TEXT_CUT].splitlines())
        if part:
            return part
    return _without(_NOISE, stderr[-_TEXT_CUT:].splitlines())


def _without(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if not pattern.match(line)).strip()


# klog's lines, and warnings that stand in front of every error: never the cause.
_NOISE = re.compile(r"[IWEF]\d{4} \d\d:\d\d:\d\d|WARNING: |Flag --\S+ has been deprecated|(?:walk|coalesce)\.go:\d+: ")
# helm's own log: says again, or in more detail, what the error says.
_LOG_LINE = re.compile(rf"(?:time=\S+ )?level=\w+ |\w+\.go:\d+: |{_NOISE.pattern}")


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


def _first(said: str, about: Subject, rc: int) -> tuple[Rule, dict[str, str]] | None:
    """The first rule that fits, and what it names, quotes inside kept."""
    text, places = _bare(said)
    verb = about.verb.partition(" ")[0]
    for rule in RULES:
        if (rule.verbs and verb not in rule.verbs) or (rule.codes and rc not in rule.codes) or (rule.with_revision and not about.revision):
            continue
        match = rule.pattern.search(text)
        if match:
            return rule, {name: _quoted(said, places[match.start(name)], places[match.end(name) - 1] + 1) for name, value in match.groupdict().items() if value}
    return None


def _quoted(said: str, begin: int, end: int) -> str:
    """The part of `said`, with the other quote of a pair it cuts through."""
    if said.count('"', begin, end) % 2:
        if said[end : end + 1] == '"':
            end += 1
        elif begin and said[begin - 1] == '"':
            begin -= 1
    return said[begin:end]


def _bare(said: str) -> tuple[str, list[int]]:
    """Words without quotes, and where each character of them stands in `said`."""
    places: list[int] = []
    for at, char in enumerate(said):
        if char != '"' and not (char == " " and places and said[places[-1]] == " "):
            places.append(at)
    return "".join(said[at] for at in places), places


# --- sentences

_TASKS = {
    "upgrade": "Upgrading {it}",
    "rollback": "Rolling back {it}",
    "uninstall": "Uninstalling {it}",
    "install": "Installing {it}",
    "test": "Testing {it}",
    "history": "Reading the history of {it}",
    "status": "Reading the status of {it}",
    "list": "Listing releases",
    "get values": "Reading the values of {it}",
    "get manifest": "Reading the manifest of {it}",
    "get notes": "Reading the notes of {it}",
    "get metadata": "Reading what is known of {it}",
    "show values": "Reading {what}",
    "repo update": "Refreshing the repositories",
}


def _task(about: Subject) -> str:
    known = _TASKS.get(about.verb)
    return known.format_map(_fields(about)) if known else f"`helm {_safe(about.verb, 40)}`".replace(" `", "`")


def _fields(about: Subject) -> dict[str, str]:
    return {
        "it": _safe(about.it, 120),
        "what": _safe(about.what, 120),
        "namespace": _safe(about.namespace, 80) or "of the release",
        "revision": _safe(about.revision, 20),
    }


def _words(said: str) -> str:
    return _safe(re.sub(r"\b(?:api|chart):(?=https?://)", "", said), SAID_CUT)


def _safe(text: str, limit: int) -> str:
    """Text from outside, fit for a sentence: one line, masked, cut."""
    return cut(mask_line(re.sub(r"\s+", " ", readable(text)).strip()), limit)


def _stop(text: str) -> str:
    return text if text.endswith((".", "…", "!", "?")) else f"{text.rstrip(': ')}."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
