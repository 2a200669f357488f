"""The upgrade dialog: left decides, right shows what that means, the foot says it in a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn
import param

from helmpanel.errors import HelmPanelError, ReleaseMoved, ValuesInvalid
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan, ValuesMode
from helmpanel.planning.offers import Offer, first_choice, offers, shown
from helmpanel.planning.values import parse_values
from helmpanel.text import cut, mask_text
from helmpanel.views.command_view import CommandView, command_text
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.callout import Callout
from helmpanel.views.controls.checkbox import Checkbox
from helmpanel.views.controls.radio_cards import RadioCards
from helmpanel.views.controls.tabs import Tabs
from helmpanel.views.controls.text_field import TextField
from helmpanel.views.dialog import Dialogs, Form
from helmpanel.views.diff_view import DiffView
from helmpanel.views.layout import Fold, Heading, Stack, TwoColumns
from helmpanel.views.upgrade import wording
from helmpanel.views.upgrade.values_pane import ValuesPane
from helmpanel.views.upgrade.version_list import VersionList
from helmpanel.views.words import count
from helmpanel.views.yaml_view import YamlView

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

PLAN_AFTER_S = 0.15
"""Planning waits for a rest in typing and clicking."""

Submit = Callable[[Plan], Awaitable[Any]]


class UpgradeForm(Form):
    """Asks for an upgrade; answers with what `submit` returned for its plan, or with the plan itself.

    Args:
        cluster: Where the release lives.
        key: Which release.
        host: Dialogs to show the chart's defaults in.
        submit: Called with the plan when the person confirms. When it raises, the form stays, with all that was typed, and says why.
    """

    chart = param.String(doc="Chart reference to upgrade with.")
    version = param.String(doc="Chosen version; empty for the newest.")
    mode = param.String(default=ValuesMode.REUSE.value, doc="ValuesMode value.")

    def __init__(self, cluster: Cluster, key: ReleaseKey, host: Dialogs, submit: Submit | None = None, **params: Any) -> None:
        self._cluster, self._key, self._host, self._submit = cluster, key, host, submit
        self._release = cluster.release(key)
        self._revision = self._release.revision
        self._stored: str | None = None
        self._offers: list[Offer] = []
        self._listed_for = ""
        self._turn = 0
        self._plan: Plan | None = None
        self._is_submitting = False
        self._build()
        release = self._release
        super().__init__(
            title=f"Upgrade {key.name}",
            where=key.namespace,
            facts=[f"Runs {release.version or 'an unknown version'}, revision {self._revision}"],
            context=key.context,
            size="xxl",
            is_tall=True,
            is_flush=True,
            start_at="none",
            body=[TwoColumns(left=self._left, right=[self.tabs])],
            foot=[self.go],
            **params,
        )
        self._show_modes()
        self.versions.running = release.version
        self._wire()

    def _build(self) -> None:
        self.versions = VersionList()
        self.version_field = TextField(label="Version", placeholder="Newest", is_mono=True, hint="Exact version; empty for the newest.", visible=False)
        self.chart_field = TextField(
            label="Chart", placeholder="repository/chart, oci://…, a path or a URL", is_mono=True, hint="Looking for the chart's repository"
        )
        self.cards = RadioCards(label="Values", value=ValuesMode.REUSE.value)
        self.lost = Callout(tone="upgrade", icon="warning", actions=[["reset", "Use exactly the editor"]], visible=False)
        self.wait = Checkbox(value=True, label="Wait until the resources are ready")
        self.timeout = TextField(label="Timeout", value="5 min", hint="For each step helm waits for, such as 90 s, 5 min or 1 h.")
        self.rollback = Checkbox(label="Roll back on failure", hint="Goes back to the last revision that worked; waits too.")
        self.options = Fold(title="Options", parts=[self.wait, self.timeout, self.rollback])
        self.values = ValuesPane(self._typed, self._show_defaults)
        self.diff = DiffView(title="Your values", empty_text="Your values stay as they are.")
        self.caveat = Callout(text="Only your own values are compared. What the new chart's defaults and templates change is not shown here.")
        self.command = CommandView()
        self.tabs = Tabs(
            value="values",
            tabs=[{"key": "values", "label": "Values"}, {"key": "changes", "label": "Changes"}, {"key": "command", "label": "Command"}],
            panels=[self.values, _padded(self.diff, self.caveat), _padded(self.command)],
            is_flush=True,
        )
        self.go = Button(label="Upgrade", kind="primary", disabled_why="Reading the release").on_press(self._confirm)
        self._left = [
            self.versions,
            self.version_field,
            self.chart_field,
            Heading(text="Values"),
            self.cards,
            self.lost,
            self.options,
        ]

    def _wire(self) -> None:
        self.versions.param.watch(lambda event: self._set(version=event.new), "value")
        self.versions.param.watch(lambda _: self._list_versions(), "prereleases")
        self.version_field.param.watch(lambda event: self._set(version=event.new.strip()), "value")
        self.chart_field.param.watch(lambda event: self._chart_typed(event.new.strip()), "value")
        self.cards.param.watch(lambda event: self._set(mode=event.new), "value")
        self.lost.on("act", lambda **_: self.cards.param.update(value=ValuesMode.RESET.value))
        for part in (self.wait, self.timeout, self.rollback):
            part.param.watch(lambda _: self._changed(), "value")
        self.rollback.param.watch(lambda event: self.wait.param.update(value=True) if event.new else None, "value")

    # Reading

    async def load(self) -> None:
        """Read versions and values, side by side; each shows as soon as it is there."""
        await asyncio.gather(self._load_versions(), self._load_values())
        self._changed()

    async def _load_versions(self) -> None:
        try:
            choices = await self._cluster.chart_choices(self._key)
        except HelmPanelError as error:
            self.versions.param.update(is_loading=False, empty_text="The versions could not be read.")
            self.chart_field.hint = f"{error} Name the chart yourself."
            self._chart_typed(self.chart_field.value)
            return
        self._offers = offers(choices.versions, self._release.version)
        self._listed_for = choices.reference
        typed = self.chart_field.value.strip()
        chosen = first_choice(self._offers, self._release.availability)
        self._list_versions()
        self.versions.value = chosen
        self.chart_field.hint = cut(choices.why, 400)
        if not typed:
            self.chart_field.value = choices.reference
        self._chart_typed(self.chart_field.value.strip())

    async def _load_values(self) -> None:
        try:
            self._stored = await self._cluster.values(self._key, revision=self._revision)
        except HelmPanelError as error:
            self.values.failed(f"{error} They can be reused as they are, but not edited.")
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
            empty_text="No repository lists this chart. Name the chart below.",
        )

    def _chart_typed(self, chart: str) -> None:
        """Another chart reference: its versions are not known, so the version is typed too."""
        is_listed = bool(self._offers) and chart == self._listed_for
        self.versions.visible = is_listed or not self._offers
        self.version_field.visible = not is_listed and not self.versions.is_loading
        self.values.has_defaults = bool(chart)
        self._set(chart=chart, version=self.versions.value if is_listed else self.version_field.value.strip())

    # What was decided

    def _set(self, **changes: str) -> None:
        self.param.update(**changes)
        self._changed()

    def _typed(self) -> None:
        self._changed()

    def _changed(self) -> None:
        """Something was decided anew: say what it means, and plan once the person rests."""
        self._turn += 1
        self._plan = None
        self._show_modes()
        pn.state.execute(partial(self._plan_soon, self._turn))

    def _mark(self) -> str:
        return next((one.mark for one in self._offers if one.version == self.version and self.chart == self._listed_for), "")

    def _show_modes(self) -> None:
        text = self.values.text
        has_text = bool((text if text is not None else self._stored or "").strip())
        cards = wording.mode_cards(is_edited=text is not None, has_text=has_text)
        if self._stored is None and self.values.problem:
            cards[2]["disabled_why"] = "The values could not be read."
        self.cards.cards = cards
        seconds = wording.timeout_s(self.timeout.value)
        self.timeout.problem = "" if seconds else "No time between 1 s and a day, such as 300, 5 min or 1 h 30 min."
        self.options.summary = wording.options_words(wait=self.wait.value, seconds=seconds, rollback=self.rollback.value)
        self.go.label = wording.primary_word(self.version, self._mark())

    def _problem(self, why: str, *, bad_values: bool = False) -> None:
        self.param.update(note=cut(why, 500), note_is_problem=True)
        self.go.disabled_why = cut(why, 300)
        self.command.param.update(command="", problem="There is no command yet: " + cut(why, 300))
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

    async def _plan_soon(self, turn: int) -> None:
        await asyncio.sleep(PLAN_AFTER_S)
        if turn == self._turn and not self.answered.done():
            await self._make_plan(turn)

    async def _make_plan(self, turn: int) -> Plan | None:
        """Plan what is decided now and show it; None when it cannot be, or when something changed meanwhile."""
        text, stored, mode = self.values.text, self._stored, self.mode
        sent = text if text is not None else stored if mode == ValuesMode.RESET else None
        seconds = wording.timeout_s(self.timeout.value)
        try:
            if text is not None:
                await asyncio.to_thread(parse_values, text)
            self._values_fault(None)
        except ValuesInvalid as error:
            if turn == self._turn:
                self._values_fault(error)
                self._problem(str(error), bad_values=True)
            return None
        if turn != self._turn:
            return None
        self._show_lost(text, mode)
        if seconds is None:
            self.options.is_open = True
            self._problem("The timeout is no time between 1 s and a day.")
            return None
        if not self.chart:
            self._problem("Name the chart to upgrade with." if not self.versions.is_loading else "Looking for the chart.")
            return None
        try:
            plan = await self._cluster.plan_upgrade(
                self._key,
                chart=self.chart,
                version=self.version,
                values=sent,
                mode=mode,
                wait=self.wait.value,
                timeout_s=seconds,
                rollback_on_failure=self.rollback.value,
                revision=self._revision,
            )
        except HelmPanelError as error:
            if turn == self._turn:
                self._problem(str(error))
            return None
        if turn != self._turn:
            return None
        self._plan = plan
        self.param.update(note=plan.sentence, note_is_problem=False)
        self.go.disabled_why = ""
        self.command.param.update(command=command_text(plan.argv), heading=f"helm {self._cluster.helm_version.lstrip('v')}".strip(), note=_stdin_note(plan))
        await self._show_diff(stored or "", sent, mode, turn)
        return plan

    def _values_fault(self, error: ValuesInvalid | None) -> None:
        self.values.editor.param.update(
            problem=str(error) if error else "", problem_line=(error.line or 0) if error else 0, problem_column=(error.column or 0) if error else 0
        )

    def _show_lost(self, text: str | None, mode: str) -> None:
        lost = wording.lost_keys(self._stored or "", text, mode) if text is not None else ()
        if lost:
            title, words = wording.lost_words(lost)
            self.lost.param.update(title=cut(title, 200), text=cut(words, 600), visible=True)
        else:
            self.lost.visible = False

    async def _show_diff(self, stored: str, text: str | None, mode: str, turn: int) -> None:
        old, new = await asyncio.to_thread(wording.stored_after, stored, text, mode)
        diff = await self.diff.compare(old, new)
        if diff is not None and turn == self._turn:
            self._count_tabs(changes=diff.added + diff.removed)

    # Going

    def _confirm(self) -> None:
        if not self._is_submitting:
            self._is_submitting = True
            pn.state.execute(self._run)

    async def _run(self) -> None:
        """Submit the plan that was shown; a plan that is still being made is waited for."""
        try:
            plan = self._plan or await self._make_plan(self._turn)
            if plan is None:
                return
            if self._submit is None:
                self.answer(plan)
                return
            self.go.disabled_why = "Starting"
            self.answer(await self._submit(plan))
        except ReleaseMoved as error:
            await self._moved(error)
        except HelmPanelError as error:
            self.go.disabled_why = ""
            self.param.update(note=cut(mask_text(str(error)), 500), note_is_problem=True)
        finally:
            self._is_submitting = False

    async def _moved(self, error: ReleaseMoved) -> None:
        """Somebody else changed the release: look at what it is now, keep what was typed."""
        if error.found is not None:
            self._revision = error.found
            self.facts = [f"Runs {self._release.version}, revision {self._revision}"]
            await self._load_values()
        self._turn += 1
        await self._make_plan(self._turn)
        self.param.update(note=cut(str(error), 500), note_is_problem=True)

    def _show_defaults(self) -> None:
        pn.state.execute(self._defaults)

    async def _defaults(self) -> None:
        """The chart's own values, in a dialog of their own."""
        view = YamlView(
            label="Chart defaults", file_name=f"{self._release.chart or 'chart'}-defaults.yaml", is_loading=True, placeholder="The chart sets no values."
        )
        form = Form(
            title=f"Defaults of {self.chart} {self.version}".strip(),
            facts=["What the chart sets by itself"],
            size="xl",
            is_tall=True,
            is_flush=True,
            cancel="Close",
            start_at="none",
            body=[view],
        )
        asked = asyncio.ensure_future(self._host.ask(form))
        try:
            text = await self._cluster.chart_defaults(self.chart, self.version)
            await view.show(text, count(len(text.splitlines()), "line"))
        except HelmPanelError as error:
            view.param.update(is_loading=False, problem=mask_text(str(error)))
        await asked


def _padded(*parts: Any) -> Any:
    return Padded(parts=list(parts))


class Padded(Stack):
    """A stack with room around it that scrolls by itself: a panel of flush tabs."""

    _stylesheets: ClassVar[list[str]] = [
        *Stack._stylesheets,
        ":host { overflow: auto; padding: var(--hp-s6) var(--hp-s7) var(--hp-s8); background: var(--hp-canvas); }",
    ]


def _stdin_note(plan: Plan) -> str:
    if plan.stdin is None:
        return "No values are sent: helm takes those it has stored."
    return (
        "-f - reads the values from standard input: helmpanel passes the editor's text there, so that none of it stands in the command. "
        "To run it yourself, put < values.yaml behind the command."
    )


async def ask_upgrade(cluster: Cluster, key: ReleaseKey, host: Dialogs, submit: Submit | None = None) -> Any:
    """Show the upgrade dialog: what `submit` returned for the confirmed plan, the plan itself without `submit`, or None when dismissed.

    Raises:
        ReleaseNotFound: The release is gone.
    """
    form = UpgradeForm(cluster, key, host, submit)
    pn.state.execute(form.load)
    return await host.ask(form)
