"""The dashboard: all views of one cluster, and one coroutine for each thing a person wants, read top to bottom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import panel as pn
import param
from panel.viewable import Viewer

from helmpanel.errors import NotAllowed
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation
from helmpanel.model.table import TableState
from helmpanel.runtime.news import subscribe
from helmpanel.text import cut, mask_text
from helmpanel.views.cancelling import cancel_form
from helmpanel.views.clicks import Clicks
from helmpanel.views.controls.callout import Callout
from helmpanel.views.details import show_details
from helmpanel.views.dialog import Dialogs
from helmpanel.views.endings import Endings
from helmpanel.views.keys import Keys, help_form
from helmpanel.views.listing import TILES, Listing
from helmpanel.views.page import page_around
from helmpanel.views.progress import ProgressForm, log_form
from helmpanel.views.rollback import ask_rollback
from helmpanel.views.session import Presence, at_end, held_here, is_in_notebook, served_document
from helmpanel.views.shell import shell
from helmpanel.views.states import failure_word, stale_words
from helmpanel.views.strip import Strip
from helmpanel.views.theme import Theme
from helmpanel.views.toasts import Toasts
from helmpanel.views.top_bar import TopBar
from helmpanel.views.uninstall import ask_uninstall
from helmpanel.views.upgrade import ask_upgrade
from helmpanel.views.words import millis

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

READ_ONLY = "This dashboard is read-only"


class Dashboard(Viewer):
    """Helm releases of one cluster, live. Displays itself in a notebook cell, under `panel serve` and in a portal.

    Args:
        cluster: What `helmpanel.connect` gave; None connects with the arguments below.
        notice: Neutral text above the releases.
        is_cell: Compact, for a notebook cell; None finds out.
        brings_tokens: Carry colours and icons; False where the page's template has them.
        connect: Arguments of `helmpanel.connect`: kubeconfig, context, namespaces, helm, settings.
    """

    notice = param.String(default="", doc="Neutral text above the releases.")
    selected = param.List(
        default=[],
        item_type=str,
        doc="Selected releases as `namespace/name`, in the order they were selected. A person selects them in the table; code may read and set them, before the"
        " dashboard is shown too. A release that is gone leaves the list, and a name that is none never enters it.",
    )

    def __init__(self, cluster: Cluster | None = None, *, notice: str = "", is_cell: bool | None = None, brings_tokens: bool = True, **connect: Any) -> None:
        super().__init__(notice=notice)
        if cluster is None:
            from helmpanel.cluster import connect as connect_cluster

            cluster = connect_cluster(**connect)
        self.cluster = cluster
        self._is_cell = served_document() is None if is_cell is None else is_cell
        self._brings_tokens = brings_tokens
        self._stops: list[Callable[[], None]] = []
        self.clicks = Clicks(self._show_failure)
        self._view: pn.Column | None = None
        self.param.watch(self._select, "selected")

    def __panel__(self) -> pn.Column:
        if self._view is None:
            self._view = self._build()
            at_end(self.stop)
        return self._view

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """Display in a notebook cell, with what Panel needs in the browser, inline: a closed network has no content delivery network.

        Each time: the page may have been loaded anew since, and a saved notebook keeps only the output of the last run. A page that has it keeps its own.
        """
        pn.extension("tabulator", inline=True)
        return super()._repr_mimebundle_(include, exclude)

    def stop(self) -> None:
        """Look no more: give up subscriptions and dialogs. Operations go on: they belong to the cluster."""
        if self._view is not None:
            self.dialogs.dismiss_all()
        for stop in self._stops:
            stop()
        self._stops.clear()

    # One coroutine per thing a person wants.

    async def upgrade(self, key: ReleaseKey) -> None:
        """Ask what to upgrade to, carry it out, and show how it goes."""
        self._refuse_when_read_only()
        self._watch(await ask_upgrade(self.cluster, key, self.dialogs, self.cluster.submit))

    async def rollback(self, key: ReleaseKey, revision: int | None = None) -> None:
        """Ask where to go back to, carry it out, and show how it goes."""
        self._refuse_when_read_only()
        self._watch(await ask_rollback(self.cluster, key, revision, self.dialogs, self.cluster.submit))

    async def uninstall(self, key: ReleaseKey) -> None:
        """Show what goes and what stays, have the name typed, carry it out, and show how it goes."""
        self._refuse_when_read_only()
        self._watch(await ask_uninstall(self.cluster, key, self.dialogs, self.cluster.submit))

    async def details(self, key: ReleaseKey) -> None:
        """Show everything about a release; what is started from there opens on top."""
        await show_details(self.cluster, key, self.dialogs, self._act_from_details, refused=self._refused)

    async def refresh(self) -> None:
        """Read the cluster again, now."""
        await self.cluster.refresh()

    async def refresh_repositories(self) -> None:
        """Read the chart repositories again."""
        self.listing.bar.is_refreshing = True
        try:
            state = await self.cluster.refresh_repositories()
        finally:
            self.listing.bar.is_refreshing = False
        if state.problems:
            self.toasts.show("Not every repository could be read", mask_text("\n".join(state.problems)), group="upgrade")
        else:
            self.toasts.show("Repositories are up to date", group="healthy", stays=False)

    async def cancel(self, operation: Operation) -> None:
        """Cancel an operation, once the person knows what that leaves behind."""
        if operation.has_ended:
            return
        kill = operation.can_kill
        question = cancel_form(operation, kill=kill)
        stop = subscribe(operation, ["outcome"], lambda _changed: question.dismiss(), self._deliver)  # it ended before it was answered
        try:
            if await self.dialogs.ask(question) and not operation.has_ended:
                await self.cluster.cancel(operation, kill=kill)
        finally:
            stop()

    async def help(self) -> None:
        """List the keyboard shortcuts."""
        await self.dialogs.ask(help_form())

    async def progress(self, operation: Operation) -> None:
        """Show an operation until it ends or the person goes on working; its end is told by its one notification."""
        await self.dialogs.ask(ProgressForm(operation, self._deliver, self._cancel, self.cluster.settings.log_lines_kept))

    async def log(self, operation: Operation) -> None:
        """Show how an operation ended, and what helm said."""
        await self.dialogs.ask(log_form(operation, self._deliver, self._cancel, self.cluster.settings.log_lines_kept))

    # What the parts tell.

    def _act(self, what: str, key: str) -> None:
        """A press in the table, the bar or a state; messages of a browser are not to be trusted: only known words do anything."""
        plain: dict[str, Callable[..., Any]] = {"refresh": self.refresh, "repositories": self.refresh_repositories}
        about: dict[str, Callable[..., Any]] = {"details": self.details, "upgrade": self.upgrade, "rollback": self.rollback, "uninstall": self.uninstall}
        if what in plain:
            self.clicks.run(what.capitalize(), plain[what])
        elif what in about:
            self.clicks.run(f"{what.capitalize()} of {key}", self._about, about[what], key)

    def _act_from_details(self, what: str, key: ReleaseKey, revision: int | None) -> None:
        if what == "rollback":
            self.clicks.run(f"Rollback of {key}", self.rollback, key, revision)
        else:
            self._act(what, str(key))

    async def _about(self, flow: Callable[[ReleaseKey], Awaitable[None]], key: str) -> None:
        await flow(self.cluster.key(key))

    def _watch(self, operation: Operation | None) -> None:
        if operation is not None:
            self.clicks.run("Progress", self.progress, operation)

    def _cancel(self, operation: Operation) -> None:
        self.clicks.run("Cancel", self.cancel, operation)

    def _step(self, key: str, operation: Operation) -> None:
        if key == "log":
            self.clicks.run("Log", self.log, operation)
        elif key == "details":
            self._act("details", str(operation.release))

    def _select(self, _event: param.parameterized.Event) -> None:
        if self._view is not None and self.listing.selection.keys != self.selected:
            self.listing.selection.keys = self.selected

    @property
    def _refused(self) -> str:
        """Why nothing at all may be changed here; empty when it may."""
        return READ_ONLY if self.cluster.settings.read_only else ""

    def _refuse_when_read_only(self) -> None:
        if self._refused:
            raise NotAllowed(f"{READ_ONLY}. Nothing was changed.")

    def _show_failure(self, what: str, error: BaseException) -> None:
        self.toasts.show(f"{what} did not work", cut(mask_text(str(error) or type(error).__name__), 600), group="failed")

    # Building.

    def _build(self) -> pn.Column:
        cluster, is_cell = self.cluster, self._is_cell
        self._deliver = deliver = held_here()
        refused = self._refused
        lines = cluster.settings.log_lines_kept
        self.dialogs = Dialogs()
        self.toasts = Toasts()
        self.theme = Theme()
        self.keys = Keys(is_page=not is_cell)
        self.top = TopBar(is_compact=is_cell)
        self.listing = Listing(cluster, deliver, self._act, refused=refused, is_compact=is_cell)
        # Not the event's value: what is gone may have left the selection since.
        self.listing.selection.param.watch(lambda _event: self.param.update(selected=self.listing.selection.keys), "keys")
        self.listing.selection.keys = self.selected
        self.strip = Strip(cluster.operations, deliver, self._cancel, lines, is_compact=is_cell)
        endings = Endings(cluster.operations, self.toasts, deliver, self._step)
        self.stale = Callout(tone="upgrade", icon="clock", visible=False, actions=[["refresh", "Refresh"]], css_classes=["hp-call"])
        self.trouble = Callout(tone="upgrade", icon="warning", visible=False, css_classes=["hp-call"])
        self.polled = Callout(icon="info", visible=False, css_classes=["hp-call"])
        callouts = [self.stale, self.trouble, self.polled]
        if refused:
            callouts.insert(0, Callout(icon="lock", title="Read-only", text="Look at everything; changing is switched off here.", css_classes=["hp-call"]))
        if self.notice:
            callouts.insert(0, Callout(icon="info", text=self.notice, css_classes=["hp-call"]))

        self.top.on("refresh", lambda: self._act("refresh", ""))
        self.top.on("theme", lambda mode: self.theme.choose(str(mode)))
        self.top.on("help", lambda: self.clicks.run("Help", self.help))
        self.keys.on("help", lambda: self.clicks.run("Help", self.help))
        if served_document() is None:  # a page's opens by itself
            if is_cell:
                self.keys.on("drawn", deliver.open)
            else:  # a script or a test: no browser will answer
                deliver.open()
        self.keys.on("drawn", lambda: self.keys.param.update(is_heard=True))
        self.keys.on("status", lambda number: self.listing.press(["all", *TILES, "newer"][int(number) - 1]))
        self.keys.on("here", self._answer)
        self.stale.on("act", lambda key: self._act(key, ""))
        self.theme.link(self.top, mode="theme")
        self._stops = [
            self.listing.stop,
            self.strip.stop,
            endings.stop,
            subscribe(cluster.table, ["state", "read_at", "since", "is_reading", "error", "problems", "way"], lambda _changed: self._show_freshness(), deliver),
            self._begin_to_look(),
        ]
        self._show_freshness()
        over = [self.dialogs.layer, self.toasts, self.keys, self.theme]
        return shell(self.top, self.listing, callouts, self.strip, over, is_cell=is_cell, brings_tokens=self._brings_tokens)

    def _answer(self) -> None:
        """A sign of life: hold news no longer, should the page never have said that it is ready, and change something.

        Panel 1.9.4 can leave the newest messages unsent until the next one (`_dispatch_msgs`): they come with this change.
        """
        self._deliver.open()
        self.keys.beat += 1

    def _begin_to_look(self) -> Callable[[], None]:
        if not is_in_notebook():
            return self.cluster.look()
        presence = Presence(self.cluster.look)
        self.keys.on("here", presence.seen)
        return presence.stop

    def _show_freshness(self) -> None:
        cluster, table = self.cluster, self.cluster.table
        self.top.param.update(
            context=cluster.context,
            server=cluster.server,
            helm=cluster.helm_version,
            state=table.state.value,
            failure=failure_word(table.error),
            read_at=millis(table.read_at),
            since=millis(table.since),
            why=cut(mask_text(str(table.error or "")), 600),
            way=cut(mask_text(table.way), 600),
            is_reading=table.is_reading,
        )
        is_stale = table.state is TableState.STALE
        self.stale.param.update(visible=is_stale, **(stale_words(table) if is_stale else {}))
        # Reading needs no helm, changing does; and one namespace of several may be closed to this identity.
        told = [*([str(cluster.helm_error)] if cluster.helm_error else []), *table.problems]
        self.trouble.param.update(visible=bool(told), title="Not everything works" if told else "", text=cut(mask_text(" ".join(told)), 900))
        is_polled = table.state is TableState.READY and bool(table.way)
        self.polled.param.update(visible=is_polled, text=cut(mask_text(table.way), 600) if is_polled else "")


def page(cluster: Cluster, *, notice: str = "") -> pn.Template:
    """The whole page for one browser session. Operations and what was read belong to the cluster, which all sessions share.

    Args:
        cluster: One context seen as one identity.
        notice: Neutral text above the releases.
    """
    dashboard = Dashboard(cluster, notice=notice, is_cell=False, brings_tokens=False)
    return page_around(dashboard.__panel__(), title=f"{cluster.context} · helmpanel" if cluster.context else "helmpanel")
