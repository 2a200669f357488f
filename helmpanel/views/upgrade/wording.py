"""What the upgrade form says and what it decides by itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from helmpanel.errors import ValuesInvalid
from helmpanel.model.plan import Plan, ValuesMode
from helmpanel.planning.values import Values, parse_values, removed_keys

FLAGS = {ValuesMode.REUSE: "--reuse-values", ValuesMode.RESET_THEN_REUSE: "--reset-then-reuse-values", ValuesMode.RESET: "--reset-values"}


def mode_cards(*, is_edited: bool, has_text: bool) -> list[dict[str, Any]]:
    """The three cards in their order, each with its flag and what will be stored.

    Args:
        is_edited: The editor says something else than what is stored.
        has_text: The editor says anything.
    """
    on_top = "Stored: your values, the editor's text on top." if is_edited else "Stored: your values as they are."
    sends = " -f -" if is_edited else ""
    return [
        {
            "key": ValuesMode.REUSE.value,
            "title": "Reuse existing values",
            "text": f"{on_top} The running chart's defaults stay too.",
            "code": FLAGS[ValuesMode.REUSE] + sends,
        },
        {
            "key": ValuesMode.RESET_THEN_REUSE.value,
            "title": "Keep mine on the new defaults",
            "text": f"{on_top} Everything else comes from the new chart's defaults.",
            "code": FLAGS[ValuesMode.RESET_THEN_REUSE] + sends,
        },
        {
            "key": ValuesMode.RESET.value,
            "title": "Exactly what is in the editor",
            "text": "Stored: the editor's text and nothing else. Keys removed from it fall back to the chart."
            if has_text
            else "Stored: nothing. Every key falls back to the chart.",
            "code": FLAGS[ValuesMode.RESET] + (" -f -" if has_text else ""),
        },
    ]


def lost_keys(stored: str, text: str, mode: str) -> tuple[str, ...]:
    """Keys the editor's text lost although the mode keeps them; none when the text cannot be read."""
    if mode == ValuesMode.RESET:
        return ()
    try:
        return removed_keys(stored, text)
    except ValuesInvalid:
        return ()


def lost_words(keys: Sequence[str]) -> tuple[str, str]:
    """Title and text of the warning on lost keys."""
    named = ", ".join(keys[:4]) + (f" and {len(keys) - 4} more" if len(keys) > 4 else "")
    one = len(keys) == 1
    return (
        f"{len(keys)} removed {'key stays' if one else 'keys stay'} stored",
        f"{named} {'is' if one else 'are'} gone from the editor, but this mode only adds and changes. "
        f"To remove {'it' if one else 'them'}, use exactly what is in the editor.",
    )


def stored_after(stored: str, text: str | None, mode: str) -> tuple[str, str]:
    """Both sides of the values diff: what is stored now, and what will be.

    Texts as they are, so that comments and order can be recognised; only where the mode merges and the editor lost keys are both written anew.

    Raises:
        ValuesInvalid: The text cannot be used.
    """
    if text is None:
        return stored, stored
    new = parse_values(text)
    if mode == ValuesMode.RESET:
        return stored, text if new else ""
    if not new:
        return stored, stored
    if not lost_keys(stored, text, mode):
        return stored, text
    old = parse_values(stored)
    return _dumped(old), _dumped(_merged(old, new))


def _merged(old: Values, new: Values) -> Values:
    """`new` over `old`, mappings key by key, everything else replaced: as helm coalesces user values."""
    result = dict(old)
    for key, value in new.items():
        before = old.get(key)
        result[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return result


def _dumped(values: Values) -> str:
    return yaml.dump(values, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, default_flow_style=False) if values else ""


def chart_words(chart: str, listed_for: str, why: str) -> tuple[str, str]:
    """Hint and problem below the chart reference.

    Args:
        chart: What stands in the field.
        listed_for: The reference that was found.
        why: Where it was found, or why it was not.
    """
    if chart.startswith("-"):
        return "", "A chart reference cannot begin with -: helm would take it for an option. Write repository/chart, oci://…, a path or a URL."
    if chart in ("", listed_for):
        return why, ""
    return "Typed by you: helm takes the newest version of it unless one is given.", ""


def stdin_note(plan: Plan) -> str:
    """How the values reach helm, below the command."""
    if plan.stdin is None:
        kept = "every key falls back to the chart" if FLAGS[ValuesMode.RESET] in plan.argv else "helm takes those it has stored"
        return f"No values are sent: {kept}."
    return (
        "-f - reads the values from standard input: helmpanel passes the editor's text there, so that none of it stands in the command. "
        "To run it yourself, put < values.yaml behind the command."
    )


def primary_word(version: str, mark: str) -> str:
    """Word on the button that runs it."""
    if not version:
        return "Upgrade to the newest version"
    if mark == "downgrade":
        return f"Downgrade to {version}"
    return f"Apply {version} again" if mark == "running" else f"Upgrade to {version}"
