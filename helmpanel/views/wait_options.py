"""Wait and timeout, folded away behind their own summary."""

from __future__ import annotations

import re
from collections.abc import Callable

from panel.viewable import Viewable

from helmpanel.planning.words import span
from helmpanel.views.controls.checkbox import Checkbox
from helmpanel.views.controls.text_field import TextField
from helmpanel.views.layout import Fold

_TIME = re.compile(r"\s*(?:(\d+)\s*h(?:ours?)?)?\s*(?:(\d+)\s*m(?:in(?:utes?)?)?)?\s*(?:(\d+)\s*(?:s(?:ec(?:onds?)?)?)?)?\s*", re.IGNORECASE)


def timeout_s(text: str) -> float | None:
    """Seconds of a timeout as people write it (`300`, `5m`, `5 min`, `1h 30m`); None when it is none between 1 s and a day."""
    match = _TIME.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return float(total) if 1 <= total <= 86_400 else None


def options_words(*, wait: bool, seconds: float | None, rollback: bool) -> str:
    """The options on one line, for their folded heading."""
    waiting = f"Wait {span(seconds)}" if wait and seconds else "Wait" if wait else "Do not wait"
    return waiting + (", roll back on failure" if rollback else "")


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
