"""How an operation ended, in words: for its line, its dialog and its one notification. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.model.operation import Operation, Outcome
from helmpanel.model.plan import OperationKind
from helmpanel.model.status import StatusGroup
from helmpanel.text import mask_text
from helmpanel.views.words import duration

WARNING = "upgrade"
"""The amber of the tokens: something is left to do, though nothing failed."""

VERBS = {OperationKind.UPGRADE: "upgrade", OperationKind.ROLLBACK: "roll back", OperationKind.UNINSTALL: "uninstall"}
DONE = {OperationKind.UPGRADE: "upgraded", OperationKind.ROLLBACK: "rolled back", OperationKind.UNINSTALL: "uninstalled"}
NOUNS = {OperationKind.UPGRADE: "upgrade", OperationKind.ROLLBACK: "rollback", OperationKind.UNINSTALL: "uninstall"}
DOING = {OperationKind.UPGRADE: "Upgrading", OperationKind.ROLLBACK: "Rolling back", OperationKind.UNINSTALL: "Uninstalling"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What is said of an operation that is over."""

    group: str
    """StatusGroup value or WARNING: healthy green, upgrade amber, failed red, uninstalled grey."""
    title: str
    text: str
    line: str
    """The same on one short line."""
    stays: bool
    """Stays until dismissed: everything but a plain success."""


def ending(operation: Operation) -> Ending | None:
    """Words for the end of an operation; None while it runs."""
    name, kind = operation.release.name, operation.kind
    outcome = operation.outcome
    if outcome is None:
        return None
    took = duration(operation.elapsed)
    target = operation.target.rpartition("→")[2].strip() if "→" in operation.target else operation.target
    where = f"{operation.release.namespace}, {took}."
    if outcome is Outcome.SUCCEEDED:
        done = f"{name} {DONE[kind]}"
        if target:
            done += f" {target}" if target.startswith("to ") else f" to {target}"
        if operation.warnings:
            return Ending(
                group=WARNING,
                title=f"{done}, with warnings",
                text=mask_text(" ".join(operation.warnings)),
                line="Ended with warnings",
                stays=True,
            )
        return Ending(group=StatusGroup.HEALTHY.value, title=done, text=where, line=f"Succeeded in {took}", stays=False)
    # A failure's sentence is its error's; how a cancel left the release, or that we stopped watching, the runner says in the message.
    said = str(operation.error) if operation.error is not None else operation.message if outcome in (Outcome.CANCELLED, Outcome.LOST) else ""
    why = mask_text(said)
    if outcome is Outcome.CANCELLED:
        text = why or "helm was stopped before it was done. Look at the release before you go on."
        return Ending(group=StatusGroup.UNINSTALLED.value, title=f"The {NOUNS[kind]} of {name} was cancelled", text=text, line="Cancelled", stays=True)
    if outcome is Outcome.LOST:
        text = why or "helm may still be at work: what the cluster says of the release counts. Refresh, and look at its history."
        return Ending(group=WARNING, title=f"The end of the {NOUNS[kind]} of {name} is not known", text=text, line="End not known", stays=True)
    text = why or "helm ended with an error. Open the log for what it said."
    return Ending(group=StatusGroup.FAILED.value, title=f"{name} was not {DONE[kind]}", text=text, line="Failed", stays=True)


def next_steps(operation: Operation) -> list[tuple[str, str]]:
    """[key, word] of what a person may do about an end: at most two."""
    steps = [("log", "Open log")]
    failed = operation.outcome in (Outcome.FAILED, Outcome.CANCELLED)
    is_gone = isinstance(operation.error, HelmFailure) and operation.error.kind in (FailureKind.NOT_FOUND, FailureKind.NAMESPACE_MISSING)
    if operation.outcome is Outcome.SUCCEEDED and not operation.warnings:
        return []
    if failed and operation.kind is not OperationKind.UNINSTALL and not is_gone:
        steps.append(("details", "Open details"))
    return steps
