"""What an upgrade will run, and the sentence that says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from helmpanel.errors import PlanInvalid
from helmpanel.helm import argv
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import OperationKind, Plan, ValuesMode
from helmpanel.planning.values import is_edited, parse_values
from helmpanel.planning.words import checked_timeout, waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeWish:
    """What a person or a script asked for, not checked yet."""

    chart: str
    """`repository/chart`, `oci://...`, a path or a URL."""
    version: str = ""
    """Exact version; empty for the newest."""
    values: str | None = None
    """Text of the editor; None when none was given."""
    mode: str = ValuesMode.REUSE.value
    wait: bool = True
    timeout_s: float = 300.0
    rollback_on_failure: bool = False


def plan_upgrade(
    release: ReleaseKey, wish: UpgradeWish, *, revision: int, current_version: str, current_values: str | None, target: argv.Target, major: int
) -> Plan:
    """The frozen plan of an upgrade.

    Args:
        release: What is upgraded.
        wish: What was asked for.
        revision: The release's revision now.
        current_version: Its chart version now; empty when not known.
        current_values: The user-supplied values it has; None when not known, then a given text counts as edited.
        target: The cluster.
        major: helm's major.

    Raises:
        PlanInvalid: No chart, an unknown mode, a timeout that cannot be.
        ValuesInvalid: The values text is unusable.
    """
    mode = values_mode(wish.mode)
    chart, version = _argument(wish.chart, "chart"), _argument(wish.version, "version")
    if not chart:
        raise PlanInvalid(f"No chart was given to upgrade {release} with. Name one, such as repository/chart, oci://…, a path or a URL.")
    timeout_s = checked_timeout(wish.timeout_s)
    stdin = _to_send(wish.values, mode, current_values)
    wait = wish.wait or wish.rollback_on_failure
    command = argv.upgrade(
        release,
        target,
        major,
        chart=chart,
        version=version,
        mode=mode,
        has_values=stdin is not None,
        wait=wait,
        timeout_s=timeout_s,
        rollback_on_failure=wish.rollback_on_failure,
    )
    end = waiting(wait, timeout_s) + (" and rolls back if that fails" if wish.rollback_on_failure else "")
    return Plan(
        kind=OperationKind.UPGRADE,
        release=release,
        argv=command,
        stdin=stdin,
        revision=revision,
        timeout_s=timeout_s,
        sentence=f"Upgrades {release.name} {_way(current_version, version)} {_values_words(mode, stdin is not None)}, {end}.",
        target=f"{current_version or '?'} → {version or 'newest'}",
        rolls_back_on_failure=wish.rollback_on_failure,
    )


def values_mode(mode: str) -> ValuesMode:
    """The mode of that name.

    Raises:
        PlanInvalid: There is none.
    """
    try:
        return ValuesMode(mode)
    except ValueError as cause:
        known = ", ".join(m.value for m in ValuesMode)
        raise PlanInvalid(f"{mode!r} is no way to treat values. Use one of {known}.") from cause


def _to_send(text: str | None, mode: ValuesMode, current: str | None) -> str | None:
    """The text for standard input; None when the flag alone says it.

    Unedited text is not sent on top of stored values: it would say the same, and `--reuse-values` alone is what the person was shown.
    """
    if text is None:
        return None
    if not parse_values(text):
        return None
    if mode is not ValuesMode.RESET and current is not None and not is_edited(current, text):
        return None
    return text


def _way(current: str, version: str) -> str:
    if not version:
        return f"from {current} to the newest version" if current else "to the newest version"
    if version == current:
        return f"at {version} again"
    return f"from {current} to {version}" if current else f"to {version}"


def _values_words(mode: ValuesMode, sends: bool) -> str:
    return {
        (ValuesMode.REUSE, False): "with its stored values",
        (ValuesMode.REUSE, True): "with your values on top of the stored ones",
        (ValuesMode.RESET_THEN_REUSE, False): "with its stored values on the new defaults",
        (ValuesMode.RESET_THEN_REUSE, True): "with your values and the stored ones on the new defaults",
        (ValuesMode.RESET, False): "with the chart's defaults only",
        (ValuesMode.RESET, True): "with exactly the values given",
    }[mode, sends]


def _argument(text: str, what: str) -> str:
    """A word of the command line, trimmed."""
    trimmed = text.strip()
    if any(ch in trimmed for ch in "\0\n\r"):
        raise PlanInvalid(f"The {what} {trimmed[:60]!r} holds a line end. Write it on one line.")
    return trimmed
