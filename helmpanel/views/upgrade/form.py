"""The upgrade dialog: left decides, right shows what that means, the foot says it in a sentence."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from helmpanel.errors import HelmPanelError, ValuesInvalid
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan, ValuesMode
from helmpanel.planning.offers import Offer, first_choice, offers, shown
from helmpanel.planning.values import parse_values
from helmpanel.text import cut, mask_text
from helmpanel.views.asking import AskingForm, Submit
from helmpanel.views.command_view import CommandView, command_text
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.callout import Callout
from helmpanel.views.controls.checkbox import Checkbox
from helmpanel.views.controls.radio_cards import RadioCards
from helmpanel.views.controls.tabs import Tabs
from helmpanel.views.controls.text_field import TextField
from helmpanel.views.dialog import Dialogs
from helmpanel.views.diff_view import DiffView
from helmpanel.views.layout import Heading, Padded, TwoColumns
from helmpanel.views.upgrade import wording
from helmpanel.views.upgrade.defaults import show_defaults
from helmpanel.views.upgrade.values_pane import ValuesPane
from helmpanel.views.upgrade.version_list import VersionList
from helmpanel.views.wait_options import WaitOptions

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

PLAN_AFTER_S = 0.15
"""Shorter rests are between two keys: a plan for each would only flicker."""


class UpgradeForm(AskingForm):
    """Asks for an upgrade.

    Args:
        cluster: Where the release lives.
        key: Which release.
        host: Dialogs to show the chart's defaults in.
        submit: See AskingForm.
        plan_after_s: Rest in typing and clicking that planning waits for.
    """

    chart = param.String(doc="Chart reference to upgrade with.")
    version = param.String(doc="Chosen version; empty for the newest.")
    mode = param.String(default=ValuesMode.REUSE.value, doc="ValuesMode value.")

    def __init__(
        self, cluster: Cluster, key: ReleaseKey, host: Dialogs, submit: Submit | None = None, plan_after_s: float = PLAN_AFTER_S, **params: Any
    ) -> None:
        self._host = host
        self._plan_after_s = plan_after_s
        self._stored: str | None = None
        self._offers: list[Offer] = []
        self._listed_for = ""
        self._why_chart = "Looking for the chart's repository"
        self._lost: tuple[str, ...] = ()
        left = self._build()
        super().__init__(
            cluster,
            key,
            submit,
            Button(label="Upgrade", kind="primary"),
            title=f"Upgrade {key.name}",
            size="xxl",
            is_tall=True,
            is_flush=True,
            is_guarded=True,
            start_at="none",
            body=[TwoColumns(left=left, right=[self.tabs])],
            **params,
        )
        self._say_where()
        self._show_modes()
        self._wire()

    def _build(self) -> list[Any]:
        self.versions = VersionList()
        self.version_field = TextField(label="Version", placeholder="Newest", is_mono=True, hint="Exact version; empty for the newest.", visible=False)
        self.chart_field = TextField(label="Chart", placeholder="repository/chart, oci://…, a path or a URL", is_mono=True, hint=self._why_chart)
        self.cards = RadioCards(label="Values", value=ValuesMode.REUSE.value)
        self.rollback = Checkbox(label="Roll back on failure", hint="Goes back to the last revision that worked; waits too.")
        self.options = WaitOptions(self._changed, rollback=self.rollback)
        self.values = ValuesPane(self._changed, self._show_defaults)
        self.diff = DiffView(title="Your values", empty_text="Your values stay as they are.")
        caveat = Callout(text="Only your own values are compared. What the new chart's defaults and templates change is not shown here.")
        self.command = CommandView()
        self.tabs = Tabs(
            value="values",
            tabs=[{"key": "values", "label": "Values"}, {"key": "changes", "label": "Changes"}, {"key": "command", "label": "Command"}],
            panels=[self.values, Padded(parts=[self.diff, caveat]), Padded(parts=[self.command], is_sunken=False)],
            is_flush=True,
        )
        return [self.versions, self.chart_field, self.version_field, Heading(text="Values"), self.cards, self.options.part]

    def _wire(self) -> None:
        self.versions.param.watch(lambda event: self._set(version=event.new), "value")
        self.versions.param.watch(lambda _: self._list_versions(), "prereleases")
        self.version_field.param.watch(lambda event: self._set(version=event.new.strip()), "value")
        self.chart_field.param.watch(lambda event: self._chart_typed(event.new.strip()), "value")
        self.cards.param.watch(lambda event: self._set(mode=event.new), "value")
        self.cards.on("act", lambda **_: self.cards.param.update(value=ValuesMode.RESET.value))

    def _say_where(self) -> None:
        self.facts = [f"Runs {self._release.version or 'an unknown version'}, revision {self._revision}"]

    # Reading

    async def load(self) -> None:
        """Read versions and values, side by side; each shows as soon as it is there."""
        await asyncio.gather(self._load_versions(), self._load_values())
        self._changed()

    async def _load_versions(self) -> None:
        try:
            choices = await self._cluster.chart_choices(self._key)
        except HelmPanelError as error:
            self.versions.is_loading = False
            self._why_chart = cut(mask_text(f"{error} Name the chart yourself."), 400)
            self._chart_typed(self.chart_field.value)
            return
        self._offers = offers(choices.versions, self._release.version)
        self._listed_for = choices.reference
        typed = self.chart_field.value.strip()
        chosen = first_choice(self._offers, self._release.availability)
        self._list_versions()
        self.versions.value = chosen
        self._why_chart = cut(choices.why, 400)
        if not typed:
            self.chart_field.value = choices.reference
        self._chart_typed(self.chart_field.value.strip())

    async def _load_values(self) -> None:
        self._stored = None  # those of another revision are not what an upgrade may replace now
        try:
            self._stored = await self._cluster.values(self._key, revision=self._revision)
        except HelmPanelError as error:
            self.values.failed(cut(mask_text(f"{error} They can be reused as they are, but not edited."), 500))
            return
        await self.values.set_stored(self._stored)

    def _list_versions(self) -> None:
        self.versions.param.update(
            offers=[
                {"version": one.version, "app_version": one.app_version, "released": one.released, "mark": one.mark, "note": one.note}
                for one in shown(self._offers, prereleases=self.versions.prereleases)
            ],
            has_prereleases=any(one.is_prerelease for one in self._offers),
            is_loading=False,
        )

    def _chart_typed(self, chart: str) -> None:
        """Another chart reference: its versions are not known, so the version is typed too."""
        is_listed = bool(self._offers) and chart == self._listed_for
        self.versions.visible = is_listed or self.versions.is_loading
        self.version_field.visible = not is_listed and not self.versions.is_loading
        hint, problem = wording.chart_words(chart, self._listed_for, self._why_chart)
        self.chart_field.param.update(hint=hint, problem=problem)
        self.values.has_defaults = bool(chart) and not problem
        self._set(chart=chart, version=self.versions.value if is_listed else self.version_field.value.strip())

    # What was decided

    def _set(self, **changes: str) -> None:
        self.param.update(**changes)
        self._changed()

    def _changed(self) -> None:
        """Something was decided anew: say what it means, and plan once the person rests."""
        self._show_modes()
        self.changed(self._plan_after_s)

    def has_edits(self) -> bool:
        """Whether closing loses values, a chart reference or a version that the person typed."""
        chart = self.chart_field.value.strip()
        return self.values.text is not None or bool(self.version_field.value.strip()) or chart not in ("", self._listed_for)

    def _mark(self) -> str:
        return next((one.mark for one in self._offers if one.version == self.version and self.chart == self._listed_for), "")

    def _show_modes(self) -> None:
        text = self.values.text
        # While they are not known, "nothing" would be a wrong promise.
        has_text = bool((text if text is not None else self._stored or "").strip()) or self._not_known()
        cards = wording.mode_cards(is_edited=text is not None, has_text=has_text)
        if self._lost and self.mode != ValuesMode.RESET:
            title, words = wording.lost_words(self._lost)
            next(card for card in cards if card["key"] == self.mode)["warning"] = [cut(title, 200), cut(words, 600), "Use exactly the editor"]
        if self._not_known():
            cards[2]["disabled_why"] = "The values could not be read." if self.values.problem else "The values are being read."
        if cards != self.cards.cards:
            self.cards.cards = cards
        self.go.label = wording.primary_word(self.version, self._mark())

    def _not_known(self) -> bool:
        """Neither typed nor read: nothing may take the place of values that nobody has seen."""
        return self.values.text is None and self._stored is None

    def problem(self, why: str, *, bad_values: bool = False) -> None:
        """Why it cannot run, in the foot, on the button, and in place of the command."""
        super().problem(why)
        self.command.param.update(command="", problem="There is no command yet: " + cut(why, 300))
        self.diff.nothing("There is nothing to compare yet: " + cut(why, 300))
        self._count_tabs(bad_values=bad_values)

    def _count_tabs(self, *, bad_values: bool = False, changes: int = 0) -> None:
        values: dict[str, Any] = {"key": "values", "label": "Values"}
        if bad_values:
            values |= {"count": "1", "is_bad": True}
        changed: dict[str, Any] = {"key": "changes", "label": "Changes"}
        if changes:
            changed["count"] = str(changes)
        tabs = [values, changed, {"key": "command", "label": "Command"}]
        if tabs != self.tabs.tabs:
            self.tabs.tabs = tabs

    async def plan(self, turn: int) -> Plan | None:
        """Plan what is decided now, and show it."""
        text, stored, mode = self.values.text, self._stored, self.mode
        if mode == ValuesMode.RESET and self._not_known():
            self.problem("The values could not be read, and would be lost: reuse them." if self.values.problem else "Reading the values.")
            return None
        sent = text if text is not None else stored if mode == ValuesMode.RESET else None
        try:
            if text is not None:
                await asyncio.to_thread(parse_values, text)
            self._values_fault(None)
        except ValuesInvalid as error:
            if not self.is_over(turn):
                self._values_fault(error)
                where = f"Line {error.line}, column {error.column}: c" if error.line else "C"
                self.problem(f"{where}orrect the values to go on.", bad_values=True)
            return None
        if self.is_over(turn):
            return None
        self._show_lost(text, mode)
        seconds = self.options.seconds
        if seconds is None:
            self.problem("The timeout is no time between 1 s and a day.")
            return None
        if not self.chart:
            self.problem("Name the chart to upgrade with." if not self.versions.is_loading else "Looking for the chart.")
            return None
        if self.chart_field.problem:
            self.problem(self.chart_field.problem)
            return None
        plan = await self._cluster.plan_upgrade(
            self._key,
            chart=self.chart,
            version=self.version,
            values=sent,
            mode=mode,
            wait=self.options.is_on,
            timeout_s=seconds,
            rollback_on_failure=self.rollback.value,
            revision=self._revision,
        )
        if self.is_over(turn):
            return None
        self.ready(plan)
        self.command.param.update(
            command=command_text(plan.argv), heading=f"helm {self._cluster.helm_version.lstrip('v')}".strip(), note=wording.stdin_note(plan)
        )
        await self._show_diff(stored or "", sent, mode, turn)
        return plan

    def _values_fault(self, error: ValuesInvalid | None) -> None:
        self.values.editor.param.update(
            problem=str(error) if error else "", problem_line=(error.line or 0) if error else 0, problem_column=(error.column or 0) if error else 0
        )

    def _show_lost(self, text: str | None, mode: str) -> None:
        """Under the chosen card: the keys it cannot remove, and the card that can."""
        self._lost = wording.lost_keys(self._stored or "", text, mode) if text is not None else ()
        self._show_modes()

    async def _show_diff(self, stored: str, text: str | None, mode: str, turn: int) -> None:
        old, new = await asyncio.to_thread(wording.stored_after, stored, text, mode)
        if self.is_over(turn):
            return
        diff = await self.diff.compare(old, new)
        if diff is not None and not self.is_over(turn):
            self._count_tabs(changes=diff.added + diff.removed)

    async def moved(self) -> None:
        """Somebody else changed the release: look at what it is now, keep what was typed."""
        self._say_where()
        await self._load_values()

    def _show_defaults(self) -> None:
        pn.state.execute(partial(show_defaults, self._cluster, self._host, self.chart, self.version))


async def ask_upgrade(cluster: Cluster, key: ReleaseKey, host: Dialogs, submit: Submit | None = None) -> Any:
    """Show the upgrade dialog: what `submit` returned for the confirmed plan, the plan itself without `submit`, or None when dismissed.

    Raises:
        ReleaseNotFound: The release is gone.
    """
    form = UpgradeForm(cluster, key, host, submit)
    pn.state.execute(form.load)
    return await host.ask(form)
