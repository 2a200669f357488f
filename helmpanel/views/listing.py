"""The list of releases as one viewer sees it: filters, counts, order and page over the frame that the cluster keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from helmpanel.errors import HelmPanelError
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.filters import Filters
from helmpanel.model.status import StatusGroup
from helmpanel.model.table import TableState
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.views.filter_bar import FilterBar
from helmpanel.views.outcomes import DOING
from helmpanel.views.rows import COLUMNS, ordered, page_of, pages
from helmpanel.views.state_card import StateCard
from helmpanel.views.states import State, empty_state, failed_state, no_match_state
from helmpanel.views.summary import Summary
from helmpanel.views.table import ReleasesTable
from helmpanel.views.words import ago, count, millis

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster

TILES = {
    "deployed": (StatusGroup.DEPLOYED, StatusGroup.UPGRADE),
    "failed": (StatusGroup.FAILED,),
    "pending": (StatusGroup.PENDING,),
    "uninstalled": (StatusGroup.UNINSTALLED,),
}
"""Tiles of the summary to the status groups they show: an available upgrade does not take a release out of Deployed."""

NOT_KNOWN = Availability(state=AvailabilityState.UNKNOWN)


class Listing:
    """Summary, filter bar, table and the state that stands in its place; each viewer has filters of its own.

    Args:
        cluster: Whose releases.
        deliver: How news reach this session's document.
        act: Called with what a person wants (`details`, `upgrade`, `rollback`, `uninstall`, `refresh`, `repositories`) and a release key, or "".
        refused: Why this dashboard changes nothing at all; empty when it may.
        is_compact: In a notebook cell.
    """

    def __init__(self, cluster: Cluster, deliver: Deliver, act: Callable[[str, str], None], *, refused: str = "", is_compact: bool = False) -> None:
        self._cluster = cluster
        self._act = act
        self._refused = refused
        self.filters = Filters()
        self._sort, self._descending, self._page = "name", False, 1
        self.summary = Summary(is_compact=is_compact)
        self.bar = FilterBar(is_compact=is_compact)
        self.table = ReleasesTable(size=cluster.settings.page_size, is_compact=is_compact, is_loading=True)
        self.state = StateCard(visible=False)
        self._connect()
        self._stops = [
            subscribe(cluster.table, ["frame", "state", "error", "read_at", "sources"], self._news, deliver),
            subscribe(cluster.operations, ["running", "ended"], self._news, deliver),
        ]
        self.show()

    def stop(self) -> None:
        """Give up all subscriptions."""
        for stop in self._stops:
            stop()

    def press(self, key: str, more: bool = False) -> None:
        """What pressing a tile of the summary does.

        Args:
            key: all, newer, or one of TILES.
            more: Add to, or take from, what is chosen.
        """
        if key == "newer":
            self.filters.upgrade_available = not self.filters.upgrade_available
        elif key in TILES:
            mine, chosen = list(TILES[key]), list(self.filters.statuses)
            is_on = mine[0] in chosen
            others = [group for group in chosen if group not in mine] if more else []
            self.filters.statuses = others if is_on else [*others, *mine]
        else:
            self.filters.param.update(statuses=[], upgrade_available=False)
        self._first_page()

    def show(self) -> None:
        """Draw what the cluster says now, through this viewer's filters."""
        table = self._cluster.table
        frame = table.frame
        is_first = table.state is TableState.LOADING and table.read_at is None
        known = table.read_at is not None
        counts = self.filters.counts(frame)
        shown = self.filters.apply(frame)
        last = pages(len(shown), self.table.size)
        self._page = page = min(self._page, last)
        frame_shown = ordered(shown, self._sort, descending=self._descending)
        rows = page_of(
            frame_shown,
            page=page,
            size=self.table.size,
            availability=self._availability,
            busy=self._busy,
            refused=self._refused,
        )
        self.summary.param.update(counts=self._tiles(counts) if known else {}, pressed=self._pressed())
        self.table.show(
            frame_shown,
            rows,
            sort=self._sort,
            descending=self._descending,
            page=page,
            pages=last,
            is_loading=is_first,
            footer=self._footer(len(shown), len(frame), is_first),
        )
        self._show_bar(frame)
        self._show_state(None if is_first else self._state(len(frame), len(shown)), is_known=known)

    def _connect(self) -> None:
        self.summary.on("press", self.press)
        self.bar.on("search", lambda text: self._filter(text=str(text)))
        self.bar.on("namespaces", lambda chosen: self._filter(namespaces=[str(name) for name in chosen]))
        self.bar.on("clear", self._clear)
        self.bar.on("refresh", lambda: self._act("repositories", ""))
        self.table.on("act", lambda what, key: self._act(str(what), str(key)))
        self.table.on("sort", self._order)
        self.table.on("page", self._turn)
        self.state.on("act", self._state_pressed)

    def _news(self, _changed: Iterable[str]) -> None:
        self.show()

    def _first_page(self) -> None:
        self._page = 1
        self.show()

    def _filter(self, **values: Any) -> None:
        self.filters.param.update(**values)
        self._first_page()

    def _clear(self) -> None:
        self.filters.clear()
        self._first_page()

    def _order(self, column: str, descending: bool) -> None:
        if column in COLUMNS:
            self._sort, self._descending = column, bool(descending)
            self._first_page()

    def _turn(self, number: int) -> None:
        self._page = max(1, min(int(number), self.table.pages))
        self.show()

    def _state_pressed(self, key: str) -> None:
        if key == "clear":
            self._clear()
        else:
            self._act(key, "")

    def _availability(self, key: str) -> Availability:
        try:
            return self._cluster.release(key).availability
        except HelmPanelError:  # gone since the frame was taken
            return NOT_KNOWN

    def _busy(self, key: str) -> str:
        operation = next((op for op in self._cluster.operations.running if str(op.release) == key), None)
        return DOING[operation.kind] if operation is not None else ""

    def _tiles(self, counts: dict[str, int]) -> dict[str, int]:
        return {"all": counts["all"], "newer": counts["newer"]} | {key: sum(counts[group.value] for group in tile) for key, tile in TILES.items()}

    def _pressed(self) -> list[str]:
        pressed = [key for key, tile in TILES.items() if tile[0] in self.filters.statuses]
        if self.filters.upgrade_available:
            pressed.append("newer")
        return pressed or ["all"]

    def _footer(self, shown: int, total: int, is_first: bool) -> str:
        if is_first:
            return f"Reading releases of {self._cluster.context}" if self._cluster.context else "Reading releases"
        return count(total, "release") if shown == total else f"{shown:,} of {count(total, 'release')}"

    def _show_bar(self, frame: Any) -> None:
        sources = self._cluster.table.sources
        names = sorted({*frame["namespace"].dropna(), *self.filters.namespaces})
        numbers = frame["namespace"].value_counts()
        known = (
            f"{count(len(sources.names), 'repository', 'repositories')}: {', '.join(sources.names)}" if sources.names else "helm has no repository configured"
        )
        if sources.oldest_index is not None:
            known += f". Oldest index: {ago(sources.oldest_index).lower()}"
        self.bar.param.update(
            text=self.filters.text,
            namespaces=[[str(name), int(numbers.get(name, 0))] for name in names],
            chosen=list(self.filters.namespaces),
            is_filtered=not self.filters.is_empty,
            index_at=millis(sources.oldest_index),
            sources="\n".join([known, *sources.problems]),
        )

    def _state(self, total: int, shown: int) -> State | None:
        table, cluster = self._cluster.table, self._cluster
        if table.state is TableState.FAILED:
            return failed_state(table.error, cluster.context, cluster.namespaces)
        if total == 0:
            return empty_state(cluster.context, cluster.namespaces)
        return no_match_state(self.filters) if shown == 0 else None

    def _show_state(self, state: State | None, *, is_known: bool) -> None:
        if state is not None:
            self.state.param.update(
                icon=state.icon, title=state.title, text=state.text, raw=state.raw, actions=[list(pair) for pair in state.actions], copies=state.copies
            )
        self.state.visible = state is not None
        self.table.visible = state is None
        # Before the first reading there is nothing to count or to filter.
        is_listed = is_known or self._cluster.table.state is not TableState.FAILED
        self.summary.visible = self.bar.visible = is_listed
