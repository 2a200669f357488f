"""Cancelling an operation: what it leaves behind is said first."""

from __future__ import annotations

from helmpanel.model.operation import Operation
from helmpanel.model.plan import OperationKind
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.callout import Callout
from helmpanel.views.dialog import Form
from helmpanel.views.outcomes import NOUNS


def cancel_form(operation: Operation, *, kill: bool) -> Form:
    """Asks whether to cancel; answered True when the person insists.

    Args:
        operation: Still running.
        kill: helm did not end in time after the first request: only SIGKILL is left.
    """
    name, noun = operation.release.name, NOUNS[operation.kind]
    if kill:
        title = f"Stop the {noun} of {name} now?"
        text = "helm was asked to end and has not. Stopping it at once leaves the release pending, with what it had applied by then. "
        text += "helm refuses upgrades until it is rolled back."
    elif operation.kind is OperationKind.UPGRADE:
        title = f"Cancel the upgrade of {name}?"
        text = "helm is asked to end and marks the revision as failed. "
        if operation.rolls_back_on_failure:
            text += "Then it rolls back to the last revision that worked, as this upgrade was told to: that may take as long as its time limit again."
        else:
            text += "What it applied by then stays; roll back to undo it."
    else:
        title = f"Cancel the {noun} of {name}?"
        left = "as it is: partly uninstalled" if operation.kind is OperationKind.UNINSTALL else "pending until it is rolled back again"
        text = f"helm cannot undo it: the release stays {left}. What it changed by then stays changed."
    word = "Stop now" if kill else f"Cancel the {noun}"
    form = Form(
        title=title,
        where=operation.release.namespace,
        context=operation.release.context,
        size="sm",
        cancel="Keep it running",
        start_at="cancel",
        body=[Callout(tone="failed" if kill else "upgrade", icon="warning", text=text)],
    )
    form.foot = [Button(label=word, kind="danger").on_press(lambda: form.answer(True))]
    return form
