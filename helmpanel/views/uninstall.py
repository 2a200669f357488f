"""Uninstalling: what goes, what stays, and the name typed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from helmpanel.errors import HelmPanelError
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan
from helmpanel.model.preview import ObjectGroup, UninstallPreview
from helmpanel.text import cut, mask_text
from helmpanel.views.asking import AskingForm, Submit
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.checkbox import Checkbox
from helmpanel.views.controls.text_field import TextField
from helmpanel.views.dialog import Dialogs
from helmpanel.views.facts import GoesAndStays
from helmpanel.views.words import count

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster


def plural(kind: str, number: int) -> str:
    """`Deployment`, `Deployments`, `Ingresses`, `NetworkPolicies`: how a kind is counted."""
    if number == 1:
        return kind
    if kind.endswith(("s", "x", "ch", "sh")):
        return f"{kind}es"
    return f"{kind[:-1]}ies" if kind.endswith("y") and kind[-2:-1] not in "aeiou" else f"{kind}s"


def rows(groups: tuple[ObjectGroup, ...]) -> list[list[object]]:
    """[count, kind, names and why] of each group; a few names are written out, many are counted."""
    made: list[list[object]] = []
    for group in groups:
        names = ", ".join(cut(name, 80) for name in group.names[:6]) + (f" and {len(group.names) - 6} more" if len(group.names) > 6 else "")
        # helm is written in lower case, at the start of a sentence too.
        why = group.reason if group.reason.startswith("helm") else group.reason[:1].upper() + group.reason[1:]
        made.append([len(group.names), plural(cut(group.kind, 80), len(group.names)), f"{names}. {why}" if why else names])
    return made


class UninstallForm(AskingForm):
    """Asks for an uninstall: the name must be typed, Cancel has the focus at first.

    Args:
        cluster: Where the release lives.
        key: Which release.
        submit: See AskingForm.
    """

    def __init__(self, cluster: Cluster, key: ReleaseKey, submit: Submit | None = None, **params: Any) -> None:
        self._preview: UninstallPreview | None = None
        self.fate = GoesAndStays()
        self.keep = Checkbox(label="Keep the history, so that this can be undone with a rollback")
        self.typed = TextField(label=f"Type {key.name} to confirm", is_mono=True)
        release = cluster.release(key)
        chart = f"{release.chart} {release.version}".strip()
        super().__init__(
            cluster,
            key,
            submit,
            Button(label=f"Uninstall {key.name}", kind="danger"),
            title=f"Uninstall {key.name}?",
            facts=[fact for fact in (chart, f"Revision {release.revision}") if fact],
            size="lg",
            start_at="cancel",
            body=[self.fate, self.keep, self.typed],
            **params,
        )
        self.keep.param.watch(lambda _: self.changed(), "value")
        self.keep.param.watch(lambda _: self._draw(), "value")
        self.typed.param.watch(lambda _: self.changed(), "value")
        self.typed.on("enter", lambda **_: self._confirm())

    async def load(self) -> None:
        """Read what goes and what stays. Without it the uninstall is still possible: the person is told that it is not known."""
        self.changed()
        try:
            self._preview = await self._cluster.uninstall_preview(self._key)
        except HelmPanelError as error:
            self.fate.param.update(is_loading=False, problem=f"What goes and what stays is not known. {mask_text(str(error))}")
        self._draw()
        self.changed()

    async def moved(self) -> None:
        """Somebody else changed the release: it may hold other objects now."""
        await self.load()

    def _draw(self) -> None:
        preview = self._preview
        if preview is None:
            return
        history = [preview.revisions, "revision of history" if preview.revisions == 1 else "revisions of history"]
        goes, stays = rows(preview.goes), rows(preview.stays)
        if self.keep.value:
            stays.append([*history, "Kept: the release is listed as uninstalled and can be rolled back"])
        else:
            goes.append([*history, "The release is forgotten"])
        self.fate.param.update(goes=goes, stays=stays, is_loading=False, problem="")

    def may_run(self) -> bool:
        """Only with the name typed out."""
        return bool(self.typed.value.strip() == self._key.name)

    async def plan(self, turn: int) -> Plan | None:
        """The plan, once the name is typed."""
        if not self.may_run():
            self.go.disabled_why = "Type the release's name first"
            self.param.update(note=self._sentence(), note_is_problem=False)
            return None
        plan = await self._cluster.plan_uninstall(self._key, keep_history=self.keep.value, revision=self._revision)
        if self.is_over(turn):
            return None
        self.ready(plan, self._sentence())
        return plan

    def _sentence(self) -> str:
        if self._preview is None:
            return ""
        number = sum(len(group.names) for group in self._preview.goes)
        return f"{count(number, 'object')} will be deleted{', the history is kept' if self.keep.value else ' and the history with them'}."


async def ask_uninstall(cluster: Cluster, key: ReleaseKey, host: Dialogs, submit: Submit | None = None) -> Any:
    """Show the uninstall dialog: what `submit` returned for the confirmed plan, the plan itself without `submit`, or None when dismissed.

    Raises:
        ReleaseNotFound: The release is gone.
    """
    form = UninstallForm(cluster, key, submit)
    pn.state.execute(form.load)
    return await host.ask(form)
