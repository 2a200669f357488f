"""What a failed helm command means: rules applied to its words. Pure."""

from __future__ import annotations

import re
import signal

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.helm.lines import readable
from helmpanel.helm.rules import RULES, Rule
from helmpanel.helm.subject import Subject, subject
from helmpanel.helm.words import bare, error_part, normal, quoted, wider_part
from helmpanel.text import cut, mask_line

SAID_CUT = 300
"""Characters of helm's own words in a sentence."""
_GROUP_CUT = 200


def classify(command: list[str], rc: int, stderr: str) -> HelmFailure:
    """The failure a helm command ended with.

    Args:
        command: argv without the binary.
        rc: Exit code; negative for a signal.
        stderr: All it wrote to standard error, HELM_DEBUG's lines too; kept whole in the failure's `raw`.
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
        wider = _first(normal(wider_part(stderr), about), about, rc)
        if wider is not None and (found is None or wider[0].kind in (FailureKind.NOT_READY, FailureKind.HOOK_FAILED, FailureKind.FORBIDDEN)):
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


def _first(said: str, about: Subject, rc: int) -> tuple[Rule, dict[str, str]] | None:
    """The first rule that fits, and what it names, quotes inside kept."""
    text, places = bare(said)
    verb = about.verb.partition(" ")[0]
    for rule in RULES:
        if (rule.verbs and verb not in rule.verbs) or (rule.codes and rc not in rule.codes) or (rule.with_revision and not about.revision):
            continue
        match = rule.pattern.search(text)
        if match:
            return rule, {name: quoted(said, places[match.start(name)], places[match.end(name) - 1] + 1) for name, value in match.groupdict().items() if value}
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
    "get hooks": "Reading the hooks of {it}",
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
