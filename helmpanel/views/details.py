"""Everything about one release: facts, manifest, values, history, notes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import panel as pn

from helmpanel.errors import HelmPanelError
from helmpanel.model.availability import AvailabilityState
from helmpanel.model.health import HealthState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.release import Revision
from helmpanel.model.status import PENDING, ReleaseStatus, StatusGroup, status_group, status_words
from helmpanel.planning.diff import changed_keys
from helmpanel.runtime.news import subscribe
from helmpanel.text import cut, mask_line, mask_text
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.tabs import Tabs
from helmpanel.views.dialog import Dialogs, Form
from helmpanel.views.facts import Facts, Timeline
from helmpanel.views.layout import Padded
from helmpanel.views.rows import HEALTH_RANK
from helmpanel.views.session import here
from helmpanel.views.values_switch import ValuesSwitch
from helmpanel.views.words import ago, count, exact, millis, status_word
from helmpanel.views.yaml_view import YamlView

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

Act = Callable[[str, ReleaseKey, int | None], object]
"""What the person wants done: `upgrade`, `rollback` or `uninstall`, the release, and the revision to go back to (None for none in particular)."""

FOLLOWED = ("is_gone", "revision", "status", "chart", "version", "app_version", "updated", "description", "availability", "health", "unreadable")
WORKLOADS_SHOWN = 12
"""In the details; the worst come first."""
HEALTH_WORDS = {
    HealthState.HEALTHY: "Healthy",
    HealthState.PROGRESSING: "Progressing",
    HealthState.DEGRADED: "Degraded",
    HealthState.NONE: "It has no workloads",
    HealthState.UNKNOWN: "Not known",
}
TABS = ("info", "manifest", "values", "history", "notes")


class DetailsForm(Form):
    """Shows one release and follows it while it is open. Tabs read what they show when they are first looked at, and again when the release has moved.

    Args:
        cluster: Where the release lives.
        key: Which release.
        act: See Act. The dialog stays open below whatever it opens.
        refused: Why nothing may be changed at all; empty when it may.
        tab: Tab to begin with.
    """

    def __init__(self, cluster: Cluster, key: ReleaseKey, act: Act, *, refused: str = "", tab: str = "info", **params: Any) -> None:
        self._cluster, self._key, self._act, self._refused = cluster, key, act, refused
        self._release = cluster.release(key)
        self._read: dict[str, int] = {}
        self._revisions: list[Revision] = []
        self._last_change: list[list[Any]] | None = None
        name = key.name
        self.info = Facts()
        self.manifest = YamlView(
            "manifest", label=f"Manifest of {name}", file_name=f"{name}-manifest.yaml", placeholder="The release holds no objects.", is_loading=True
        )
        self.values = ValuesSwitch(cluster, key)
        self.history = Timeline()
        self.notes = YamlView("text", label=f"Notes of {name}", file_name=f"{name}-notes.txt", placeholder="The chart has no notes.", is_loading=True)
        self.tabs = Tabs(
            value=tab if tab in TABS else "info",
            tabs=[{"key": one, "label": one.capitalize()} for one in TABS],
            panels=[Padded(parts=[self.info], is_sunken=False), self.manifest, self.values.part, Padded(parts=[self.history], is_sunken=False), self.notes],
            is_flush=True,
        )
        self.upgrade = Button(label="Upgrade", kind="primary", icon="upgrade").on_press(lambda: self._act("upgrade", self._key, None))
        self.rollback = Button(label="Roll back", icon="rollback").on_press(lambda: self._act("rollback", self._key, None))
        self.uninstall = Button(icon="uninstall", help=f"Uninstall {name}", is_outlined=True).on_press(lambda: self._act("uninstall", self._key, None))
        self.history.on("rollback", lambda revision=0, **_: self._act("rollback", self._key, int(revision)))
        self.info.on("act", lambda key="", **_: self.tabs.param.update(value=key) if key in TABS else None)
        super().__init__(
            title=name,
            where=key.namespace,
            context=key.context,
            size="xl",
            is_tall=True,
            is_flush=True,
            cancel="",
            start_at="none",
            head=[self.upgrade, self.rollback, self.uninstall],
            body=[self.tabs],
            **params,
        )
        self.tabs.param.watch(lambda _: self._look(), "value")
        self._stop = subscribe(self._release, FOLLOWED, self._news, here())
        self._show()

    def closed(self) -> None:
        """The dialog is gone."""
        self._stop()

    async def load(self) -> None:
        """Read what the first tab needs."""
        self._look()

    def _news(self, _changed: frozenset[str]) -> None:
        self._show()
        self._look()

    # What is known without asking

    def _show(self) -> None:
        release = self._release
        health = release.health.state.value
        group, word = status_group(release.status, health), status_words(release.status, health)
        chart = f"{release.chart} {release.version}".strip()
        self.param.update(status=[group.value, word], facts=[fact for fact in (chart, f"Revision {release.revision}") if fact])
        if release.is_gone:
            self.status = [StatusGroup.UNINSTALLED.value, "Gone"]
            self.note = f"{self._key.name} is not in the cluster any more. What you see is what was read before."
            refused = "The release is gone"
            self.upgrade.disabled_why = self.rollback.disabled_why = self.uninstall.disabled_why = self.history.disabled_why = refused
            return
        self.note = ""
        gone = "Uninstalled: only its history is left" if release.status == ReleaseStatus.UNINSTALLED else ""
        pending = f"{status_word(release.status)}: helm refuses an upgrade until that ends, or until it is rolled back" if release.status in PENDING else ""
        self.upgrade.disabled_why = self._refused or gone or pending or cut(mask_text(release.unreadable), 400)
        self.rollback.disabled_why = self.uninstall.disabled_why = self.history.disabled_why = self._refused
        self.info.param.update(sections=[self._facts(), self._health(), *self._change()], is_loading=self._last_change is None)

    def _facts(self) -> dict[str, Any]:
        release = self._release
        rows: list[list[Any]] = [
            ["Status", [["", status_word(release.status)]]],
            ["Chart", [["", release.chart or ("Unreadable" if release.unreadable else "Not known")], ["mono", release.version]]],
            ["Available", _available(release.availability)],
            ["App version", [["mono", release.app_version or "–"]]],
            ["Revision", [["", str(release.revision)], ["muted", f"{len(self._revisions)} kept" if self._revisions else ""]]],
            ["Updated", [["", exact(release.updated) or "–"], ["muted", ago(release.updated)]]],
            ["Description", [["", cut(mask_text(release.unreadable or release.description), 1000) or "–"]]],
            ["Namespace", [["", self._key.namespace]]],
            ["Context", [["", self._key.context], ["muted", self._cluster.server]]],
        ]
        return {"title": "Release", "rows": rows}

    def _health(self) -> dict[str, Any]:
        """One line a workload, the worst first."""
        health = self._release.health
        workloads = sorted(self._cluster.workloads(self._key), key=lambda one: HEALTH_RANK.index(one.health.state))
        rows: list[list[Any]] = [["Health", [["", HEALTH_WORDS[health.state]], ["muted", cut(mask_text(health.reason), 400)]]]]
        for one in workloads[:WORKLOADS_SHOWN]:
            where = "" if one.namespace == self._key.namespace else f" in {one.namespace}"
            counted = f"{one.health.ready}/{one.health.wanted}"
            rows.append([one.kind, [["", f"{one.name}{where}"], ["mono", counted], ["muted", cut(mask_text(one.health.reason), 200)]]])
        if len(workloads) > WORKLOADS_SHOWN:
            rows.append(["", [["muted", f"and {count(len(workloads) - WORKLOADS_SHOWN, 'workload')} more"]]])
        return {"title": "Health", "rows": rows}

    def _change(self) -> list[dict[str, Any]]:
        if not self._last_change:
            return []
        return [{"title": "Last change", "rows": self._last_change, "link": ["history", "History"]}]

    # Reading, a tab at a time

    def _look(self) -> None:
        """Read what the visible tab shows, unless it is there already for this revision."""
        tab, revision = self.tabs.value, self._release.revision
        readers: dict[str, Callable[[], Awaitable[None]]] = {
            "info": self._read_info,
            "manifest": self._read_manifest,
            "values": self.values.read,
            "history": self._read_history,
            "notes": self._read_notes,
        }
        if tab in readers and self._read.get(tab) != self._state() and not self._release.is_gone:
            self._read[tab] = self._state()
            pn.state.execute(partial(self._guarded, tab, readers[tab], revision))

    def _state(self) -> int:
        """Changes with whatever the tabs depend on."""
        return hash((self._release.revision, self._release.status, self._release.updated))

    async def _guarded(self, tab: str, read: Callable[[], Awaitable[None]], _revision: int) -> None:
        try:
            await read()
        except HelmPanelError as error:
            self._read.pop(tab, None)  # looked at again, it is tried again
            self._failed(tab, cut(mask_text(str(error)), 600))

    def _failed(self, tab: str, why: str) -> None:
        if tab == "manifest":
            self.manifest.param.update(is_loading=False, problem=why)
        elif tab == "notes":
            self.notes.param.update(is_loading=False, problem=why)
        elif tab == "history":
            self.history.param.update(is_loading=False, problem=why)
        elif tab == "values":
            self.values.failed(why)
        else:
            self._last_change = [["History", [["", why]]]]
            self._show()

    async def _read_manifest(self) -> None:
        text = await self._cluster.manifest(self._key)
        objects = sum(1 for line in text.splitlines() if line.startswith("kind:"))
        lines = len(text.splitlines())
        await self.manifest.show(text, f"Revision {self._release.revision} · {count(objects, 'object')} · {count(lines, 'line')}")

    async def _read_notes(self) -> None:
        await self.notes.show(await self._cluster.notes(self._key), "Written by the chart")

    async def _revisions_now(self) -> list[Revision]:
        self._revisions = await self._cluster.revisions(self._key)
        tabs = [{"key": one, "label": one.capitalize()} for one in TABS]
        tabs[TABS.index("history")]["count"] = str(len(self._revisions))
        if tabs != self.tabs.tabs:
            self.tabs.tabs = tabs
        return self._revisions

    async def _read_history(self) -> None:
        revisions = await self._revisions_now()
        newest = revisions[0].revision if revisions else 0
        self.history.param.update(revisions=[_revision_row(one, newest) for one in revisions], is_loading=False, problem="")

    async def _read_info(self) -> None:
        """What changed last: the newest revision beside the one before."""
        revisions = await self._revisions_now()
        if len(revisions) < 2:
            self._last_change = [["Revision", [["", "The only one"]]]]
            self._show()
            return
        new, old = revisions[0], revisions[1]
        rows: list[list[Any]] = [
            ["Revision", [["", f"{old.revision} to {new.revision}"], ["muted", ago(new.updated)]]],
            ["Outcome", [["", status_word(new.status)]]],
        ]
        if (new.chart, new.version) == (old.chart, old.version):
            rows.append(["Chart", [["", "The same"]]])
        else:
            rows.append(["Chart", [["mono", old.version or "–"], ["", "to"], ["mono", new.version or "–"]]])
        self._last_change = rows
        self._show()
        before, after = await asyncio.gather(*(self._cluster.values(self._key, revision=one.revision) for one in (old, new)))
        keys = await asyncio.to_thread(changed_keys, before, after)
        if keys:
            named = ", ".join(cut(key, 80) for key in keys[:4]) + (f" and {len(keys) - 4} more" if len(keys) > 4 else "")
            self._last_change = [*rows, ["Values", [["", f"{count(len(keys), 'key')}:"], ["mono", named]]]]
        else:
            self._last_change = [*rows, ["Values", [["", "The same"]]]]
        self._show()


def _available(availability: Any) -> list[list[str]]:
    if availability.state is AvailabilityState.NEWER:
        return [["chip", f"{availability.version} {availability.step}".strip()], ["muted", f"in {availability.source}"]]
    if availability.state is AvailabilityState.CURRENT:
        return [["", "Nothing newer"], ["muted", f"in {availability.source}"]]
    return [["muted", availability.reason or "Not known"]]


def _revision_row(one: Revision, newest: int) -> dict[str, Any]:
    failed = one.status == ReleaseStatus.FAILED
    # A superseded revision is over; its line is grey whatever it once was.
    group = StatusGroup.UNINSTALLED if one.status == ReleaseStatus.SUPERSEDED else status_group(one.status, HealthState.HEALTHY)
    app = f"app version {one.app_version}" if one.app_version else ""
    return {
        "revision": one.revision,
        "at": millis(one.updated),
        "exact": exact(one.updated),
        "group": group.value,
        "word": status_word(one.status),
        "what": cut(mask_line(one.description), 400) or "No description",
        "chart": ", ".join(part for part in (one.version, app) if part),
        "is_current": one.revision == newest,
        "is_failed": failed,
    }


async def show_details(cluster: Cluster, key: ReleaseKey, host: Dialogs, act: Act, *, refused: str = "", tab: str = "info") -> None:
    """Show the details of a release until the person closes them.

    Raises:
        ReleaseNotFound: The release is gone.
    """
    form = DetailsForm(cluster, key, act, refused=refused, tab=tab)
    pn.state.execute(form.load)
    await host.ask(form)
