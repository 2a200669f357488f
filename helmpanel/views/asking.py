"""What the forms that change a release have in common: plan, confirm, keep the form when it could not start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import panel as pn

from helmpanel.errors import HelmPanelError, ReleaseMoved
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan
from helmpanel.text import cut, mask_text
from helmpanel.views.controls.button import Button
from helmpanel.views.dialog import Form

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

Submit = Callable[[Plan], Awaitable[Any]]
"""Carries a confirmed plan out and returns what the form answers with; raises HelmPanelError when it cannot start."""


class AskingForm(Form):
    """A form about one release whose primary button runs a plan.

    A subclass plans in `plan` (None when it cannot yet) and says why the button is off through `problem`. Each change calls `changed`; plans made for
    something older are dropped. When submitting fails the form stays as it is and says why: nothing typed is lost.

    Args:
        cluster: Where the release lives.
        key: Which release.
        submit: See Submit; None answers with the plan itself.
        go: The primary button.
    """

    def __init__(self, cluster: Cluster, key: ReleaseKey, submit: Submit | None, go: Button, **params: Any) -> None:
        self._cluster, self._key, self._submit = cluster, key, submit
        self._release = cluster.release(key)
        self._revision: int = self._release.revision
        self._turn = 0
        self._plan: Plan | None = None
        self._is_submitting = False
        self.go = go
        self.go.disabled_why = self.go.disabled_why or "Reading the release"
        self.go.on_press(self._confirm)
        super().__init__(where=key.namespace, context=key.context, foot=[go], **params)

    async def load(self) -> None:
        """Read what the form shows. Called once, when it is on the screen."""

    async def plan(self, turn: int) -> Plan | None:
        """Plan what is decided now, and show it; None when it cannot be, or when `turn` is over."""
        raise NotImplementedError

    async def moved(self) -> None:
        """The release is at another revision now (`self._revision`): read again what depends on it."""

    def may_run(self) -> bool:
        """Whether a press on the primary button means anything at this moment."""
        return True

    def changed(self, after_s: float = 0.0) -> None:
        """Something was decided anew: plan it, once the person has rested for `after_s`."""
        self._turn += 1
        self._plan = None
        pn.state.execute(partial(self._replan, self._turn, after_s))

    def is_over(self, turn: int) -> bool:
        """Whether something changed since, or the form is gone."""
        return turn != self._turn or self.answered.done()

    def problem(self, why: str) -> None:
        """Why it cannot run."""
        self.param.update(note=cut(why, 500), note_is_problem=True)
        self.go.disabled_why = cut(why, 300) or "Not yet"

    def ready(self, plan: Plan, note: str = "") -> None:
        """It can run: the plan's sentence stands in the foot."""
        self._plan = plan
        self.param.update(note=note or plan.sentence, note_is_problem=False)
        self.go.disabled_why = ""

    async def _replan(self, turn: int, after_s: float) -> None:
        if after_s:
            await asyncio.sleep(after_s)
        if self.is_over(turn):
            return
        try:
            await self.plan(turn)
        except HelmPanelError as error:
            if not self.is_over(turn):
                self.problem(mask_text(str(error)))

    def _confirm(self) -> None:
        # The browser does not press a disabled button; what is not ready is planned in `_run`, which then says why not.
        if not self._is_submitting and self.may_run():
            self._is_submitting = True
            pn.state.execute(self._run)

    async def _run(self) -> None:
        """Submit the plan that is shown; one that is still being made is waited for."""
        try:
            plan = self._plan or await self.plan(self._turn)
            if plan is None:
                return
            if self._submit is None:
                self.answer(plan)
                return
            self.go.disabled_why = "Starting"
            self.answer(await self._submit(plan))
        except ReleaseMoved as error:
            if error.found is not None:
                self._revision = error.found
                await self.moved()
                self._turn += 1
                await self.plan(self._turn)
            self.param.update(note=cut(str(error), 500), note_is_problem=True)
        except HelmPanelError as error:
            self.go.disabled_why = ""
            self.param.update(note=cut(mask_text(str(error)), 500), note_is_problem=True)
        finally:
            self._is_submitting = False
