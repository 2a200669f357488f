"""Wait and timeout, folded away behind their own summary."""

from __future__ import annotations

from collections.abc import Callable

from panel.viewable import Viewable

from helmpanel.views.controls.checkbox import Checkbox
from helmpanel.views.controls.text_field import TextField
from helmpanel.views.layout import Fold
from helmpanel.views.upgrade.wording import options_words, timeout_s


class WaitOptions:
    """The options of a form.

    Attributes:
        part: What goes into the form's body.

    Args:
        changed: Called at each change.
        wait: Whether waiting is on at first.
        rollback: A control that says "roll back on failure"; None where there is none.
    """

    def __init__(self, changed: Callable[[], object], *, wait: bool = True, rollback: Checkbox | None = None) -> None:
        self._changed = changed
        self.wait = Checkbox(value=wait, label="Wait until the resources are ready")
        self.timeout = TextField(label="Timeout", value="5 min", hint="For each step helm waits for, such as 90 s, 5 min or 1 h.")
        self.rollback = rollback
        controls = [self.wait, self.timeout, *([rollback] if rollback is not None else [])]
        self.part: Viewable = Fold(title="Options", parts=controls)
        for control in controls:
            control.param.watch(lambda _: self._show_and_tell(), "value")
        self.show()

    @property
    def is_on(self) -> bool:
        """Whether helm is to wait."""
        return bool(self.wait.value)

    @property
    def seconds(self) -> float | None:
        """The timeout; None while what stands there is none."""
        return timeout_s(self.timeout.value)

    def show(self) -> None:
        """Say what is chosen, and what is wrong with it."""
        seconds = self.seconds
        self.timeout.problem = "" if seconds else "No time between 1 s and a day, such as 300, 5 min or 1 h 30 min."
        self.part.summary = options_words(wait=self.is_on, seconds=seconds, rollback=self.rollback is not None and bool(self.rollback.value))
        if seconds is None:
            self.part.is_open = True

    def _show_and_tell(self) -> None:
        if self.rollback is not None and self.rollback.value and not self.wait.value:
            self.wait.value = True
            return
        self.show()
        self._changed()
