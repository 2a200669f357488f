"""Rolling back: what is now beside what it goes back to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import panel as pn

from helmpanel.errors import HelmPanelError
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan
from helmpanel.model.release import Revision
from helmpanel.model.status import ReleaseStatus
from helmpanel.text import cut, mask_line, mask_text
from helmpanel.views.asking import AskingForm, Submit
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.callout import Callout
from helmpanel.views.controls.select import Select
from helmpanel.views.dialog import Dialogs
from helmpanel.views.diff_view import DiffView
from helmpanel.views.facts import Comparison
from helmpanel.views.wait_options import WaitOptions
from helmpanel.views.words import ago, exact, status_word

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

GOOD = (ReleaseStatus.DEPLOYED, ReleaseStatus.SUPERSEDED, ReleaseStatus.UNINSTALLED)


def best_target(revisions: list[Revision], current: int) -> int | None:
    """The revision to offer: the newest below the current one that once worked, else the newest other; None when there is none."""
    others = [one for one in revisions if one.revision != current]
    good = [one for one in others if one.status in GOOD and one.revision < current]
    return (good or others)[0].revision if others else None


class RollbackForm(AskingForm):
    """Asks for a rollback.

    Args:
        cluster: Where the release lives.
        key: Which release.
        revision: Where to go back to; None offers the last one that worked.
        submit: See AskingForm.
    """

    def __init__(self, cluster: Cluster, key: ReleaseKey, revision: int | None, submit: Submit | None = None, **params: Any) -> None:
        self._to = revision
        self._revisions: list[Revision] = []
        self.target = Select(label="Roll back to", visible=False)
        self.comparison = Comparison(columns=["Now", "Target"])
        self.warning = Callout(tone="upgrade", icon="warning", visible=False)
        self.info = Callout(text="Rolling back restores resources and values, not data: volumes and custom resource definitions stay as they are.")
        self.diff = DiffView(title="Your values", empty_text="Your values are the same in both.")
        self.wait = WaitOptions(self.changed)
        super().__init__(
            cluster,
            key,
            submit,
            Button(label=self._word(), kind="primary", icon="rollback"),
            title=self._title(key.name),
            size="lg",
            start_at="none",
            body=[self.target, self.comparison, self.warning, self.diff, self.info, self.wait.part],
            **params,
        )
        self.target.param.watch(lambda event: self._choose(int(event.new or 0)), "value")

    def _word(self) -> str:
        return f"Roll back to revision {self._to}" if self._to else "Roll back"

    def _title(self, name: str) -> str:
        return f"Roll back {name} to revision {self._to}?" if self._to else f"Roll back {name}?"

    async def load(self) -> None:
        """Read the history, then both sides' values."""
        try:
            self._revisions = await self._cluster.revisions(self._key)
        except HelmPanelError as error:
            self.diff.nothing("There is nothing to compare.")
            self.problem(mask_text(str(error)))
            return
        if self._revisions:
            self._revision = max(self._revision, self._revisions[0].revision)
        if self._to is None or all(one.revision != self._to for one in self._revisions):
            gone, self._to = self._to, best_target(self._revisions, self._revision)
            if gone is not None and self._to is not None:
                self.warning.param.update(title=f"Revision {gone} is not stored any more", text="Choose another one.", visible=True)
        if self._to is None:
            self.diff.nothing("There is nothing to compare.")
            self.problem(f"{self._key.name} has one revision only: there is nothing to roll back to.")
            return
        options = [[str(one.revision), self._line(one)] for one in self._revisions if one.revision != self._revision]
        self.target.param.update(options=options, value=str(self._to), visible=True)
        self._show()

    async def moved(self) -> None:
        """Somebody else changed the release: compare with what is now."""
        await self.load()

    def _line(self, one: Revision) -> str:
        parts = [f"Revision {one.revision}", one.version, status_word(one.status), ago(one.updated)]
        return " · ".join(part for part in parts if part)

    def _choose(self, revision: int) -> None:
        if revision and revision != self._to:
            self._to = revision
            self.warning.visible = False
            self._show()

    def _side(self, number: int) -> Revision | None:
        return next((one for one in self._revisions if one.revision == number), None)

    def _show(self) -> None:
        """Draw both sides, and plan."""
        now, then = self._side(self._revision), self._side(self._to or 0)
        self.title = self._title(self._key.name)
        self.go.label = self._word()
        self.facts = [f"Becomes revision {self._revision + 1}"]
        rows = []
        for label, name in (("Chart", "version"), ("App version", "app_version")):
            rows.append([label, str(getattr(now, name, "") or ""), str(getattr(then, name, "") or "")])
        rows.append(
            ["Date", ago(now.updated) if now else "", ago(then.updated) if then else "", exact(now.updated) if now else "", exact(then.updated) if then else ""]
        )
        rows.append(["Status", status_word(now.status) if now else "", status_word(then.status) if then else ""])
        self.comparison.param.update(columns=[f"Now, revision {self._revision}", f"Target, revision {self._to}"], rows=rows)
        if then is not None and then.status not in GOOD:
            said = cut(mask_line(then.description), 300)
            self.warning.param.update(title=f"Revision {then.revision} did not work: {status_word(then.status).lower()}", text=said, visible=True)
        self.diff.param.update(is_loading=True, hint=f"revision {self._revision} → revision {self._to}")
        self.changed()

    async def plan(self, turn: int) -> Plan | None:
        """Plan, and compare the values on the side."""
        to = self._to
        if to is None:
            return None
        seconds = self.wait.seconds
        if seconds is None:
            self.problem("The timeout is no time between 1 s and a day.")
            return None
        plan = await self._cluster.plan_rollback(self._key, to, wait=self.wait.is_on, timeout_s=seconds, current=self._revision)
        if self.is_over(turn):
            return None
        self.ready(plan)
        if self.diff.is_loading:
            await self._compare(to)
        return plan

    async def _compare(self, to: int) -> None:
        try:
            now, then = await asyncio.gather(self._cluster.values(self._key, revision=self._revision), self._cluster.values(self._key, revision=to))
        except HelmPanelError as error:
            self.diff.nothing(mask_text(str(error)))
            return
        if to == self._to:
            await self.diff.compare(now, then)


async def ask_rollback(cluster: Cluster, key: ReleaseKey, revision: int | None, host: Dialogs, submit: Submit | None = None) -> Any:
    """Show the rollback dialog: what `submit` returned for the confirmed plan, the plan itself without `submit`, or None when dismissed.

    Raises:
        ReleaseNotFound: The release is gone.
    """
    form = RollbackForm(cluster, key, revision, submit)
    pn.state.execute(form.load)
    return await host.ask(form)
