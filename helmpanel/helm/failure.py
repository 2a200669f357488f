"""What a failed helm command means: rules applied to its words. Pure."""

from __future__ import annotations

import re
import signal
from urllib.parse import urlsplit

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.helm.lines import readable
from helmpanel.helm.rules import RULES, Rule
from helmpanel.helm.subject import Subject, subject
from helmpanel.text import cut, mask_line

SAID_CUT = 300
"""Characters of helm's own words in a sentence."""
_GROUP_CUT = 200
# A megabyte of stderr is a log, not an error; the error stands at its end.
_TEXT_CUT = 100_000


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
    last, everything = error_part(stderr), stderr[-_TEXT_CUT:]
    said = normal(last, about)
    found = _first(said, about, rc)
    if found is None or found[0].kind in (FailureKind.UNKNOWN, FailureKind.TIMEOUT):
        # The last error may be a mere "context deadline exceeded" whose cause stands in the lines before it.
        wider = _first(normal(everything, about), about, rc)
        if wider is not None and (found is None or wider[0].kind in (FailureKind.NOT_READY, FailureKind.HOOK_FAILED)):
            found = wider
    words = _words(said) or f"helm ended with exit code {rc} and no word"
    if found is None:
        return HelmFailure(
            f"{_task(about)} failed: {_stop(words)} The log has all that helm wrote.", kind=FailureKind.UNKNOWN, command=command, rc=rc, raw=stderr
        )
    rule, match = found
    fields = {**_fields(about), "said": words, **{name: _safe(value or "", _GROUP_CUT) for name, value in match.groupdict().items()}}
    text = f"{_task(about)} failed: {_stop(rule.says.format_map(fields))} {rule.advice.format_map(fields)}"
    return HelmFailure(text, kind=rule.kind, command=command, rc=rc, raw=stderr)


def error_part(stderr: str) -> str:
    """The error helm ended with: from its last `Error:` line on, without log lines between; everything when there is none.

    Before it may stand warnings, logs of hooks and client-go's complaints about other APIs, with words of their own.
    """
    lines = stderr[-_TEXT_CUT:].splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("Error: ")]
    kept = lines[starts[-1] :] if starts else lines
    part = "\n".join(line for line in kept if not _LOG_LINE.match(line))
    return part if part.strip() else stderr[-_TEXT_CUT:]


_LOG_LINE = re.compile(r"(?:time=\S+ )?level=\w+ |[IWEF]\d{4} \d\d:\d\d:\d\d|WARNING: |Flag --\S+ has been deprecated|(?:coalesce\.go|\w+\.go):\d+: ")


def normal(text: str, about: Subject) -> str:
    """Helm's words in the one form that rules are written for: see `rules`."""
    text = readable(text).replace("\\n", " ").replace('\\"', '"').replace("\\t", " ")
    text = re.sub(r"[‘’“”`]|(?<!\w)'|'(?!\w)", '"', text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"https?://[^\s\"]+", lambda m: _marked(m[0], about), text)
    return _WRAPPERS.sub("", text)


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


def _first(text: str, about: Subject, rc: int) -> tuple[Rule, re.Match[str]] | None:
    verb = about.verb.partition(" ")[0]
    for rule in RULES:
        if (rule.verbs and verb not in rule.verbs) or (rule.codes and rc not in rule.codes) or (rule.with_revision and not about.revision):
            continue
        match = rule.pattern.search(text)
        if match:
            return rule, match
    return None


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
