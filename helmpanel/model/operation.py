"""A running or ended helm command."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from enum import StrEnum

import param

from helmpanel.errors import HelmPanelError
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import OperationKind


class Phase(StrEnum):
    """Where an operation is. ENDED says nothing of how: see Outcome."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    CANCELLING = "cancelling"
    ENDED = "ended"


class Outcome(StrEnum):
    """How an operation ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


class Operation(param.Parameterized):
    """One helm command from confirmation to its end. Written by the runner only."""

    id = param.String(constant=True, doc="Unique in this process; names the log files.")
    kind = param.ClassSelector(class_=OperationKind, constant=True, doc="upgrade, rollback or uninstall.")
    release = param.ClassSelector(class_=ReleaseKey, constant=True, doc="What it changes.")
    command = param.ClassSelector(class_=tuple, default=(), constant=True, doc="argv that was run, binary first. Holds no values.")
    target = param.String(doc='Where it leads: "1.2.0 → 1.4.0", "to revision 3"; empty for uninstall.')
    rolls_back_on_failure = param.Boolean(constant=True, doc="helm was told to take the upgrade back should it fail or be cancelled.")
    phase = param.ClassSelector(class_=Phase, default=Phase.QUEUED, doc="Where it is.")
    message = param.String(doc='The phase in words for a person: "Waiting for resources".')
    progress = param.Integer(default=-1, bounds=(-1, 100), doc="Percent of resources ready; -1 while unknown.")
    started = param.ClassSelector(class_=datetime, allow_None=True, doc="UTC; None while queued.")
    finished = param.ClassSelector(class_=datetime, allow_None=True, doc="UTC; None until it ended.")
    elapsed = param.Number(default=0.0, bounds=(0, None), doc="Seconds since helm started; stands still once ended.")
    log = param.ClassSelector(
        class_=tuple,
        default=(),
        doc="Lines helm wrote, oldest first, debug lines without their frame; unmasked: mask before showing. Cut to the newest Settings.log_lines_kept.",
    )
    log_dropped = param.Integer(default=0, bounds=(0, None), doc="Lines that were cut from the front of `log`; the file has them.")
    log_path = param.String(doc="File that holds the whole log; empty while queued.")
    outcome = param.ClassSelector(class_=Outcome, default=None, allow_None=True, doc="None until it ended.")
    warnings = param.ClassSelector(class_=tuple, default=(), doc="Sentences: it succeeded, but left something behind.")
    error = param.ClassSelector(class_=HelmPanelError, default=None, allow_None=True, doc="Why it failed; None otherwise.")
    can_kill = param.Boolean(default=False, doc="SIGTERM was sent and the grace is over: SIGKILL may be asked for.")

    def __init__(self, **params: object) -> None:
        super().__init__(**params)
        self._ended = threading.Event()

    def __repr__(self) -> str:
        """What it is and where it stands; the log may hold secrets, and is left out."""
        outcome = f", outcome={self.outcome.value!r}" if self.outcome is not None else ""
        return f"Operation({str(self.release)!r}, kind={self.kind.value!r}, phase={self.phase.value!r}{outcome})"

    @property
    def has_ended(self) -> bool:
        """Whether the outcome is known."""
        return self.outcome is not None

    def mark_ended(self) -> None:
        """Wake everyone who awaits `ended`. For the runner, after the last update."""
        self._ended.set()

    async def ended(self) -> Operation:
        """Wait for the end, on any thread and any event loop; returns the operation itself."""
        # A loop of our own primitives would tie the waiter to one loop; callbacks in JupyterLab run on several.
        while not self._ended.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return self
