"""The list of releases as one viewer sees it: filters, counts, order and page over the frame that the cluster keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from helmpanel.errors import HelmPanelError
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.filters import Filters, Positions
from helmpanel.model.status import StatusGroup
from helmpanel.model.table import TableState
from helmpanel.runtime.news import Deliver, subscribe
from helmpanel.views.arrangement import Arrangement
from helmpanel.views.filter_bar import FilterBar
from helmpanel.views.grid import TITLES
from helmpanel.views.outcomes import DOING
from helmpanel.views.rows import COLUMNS, page_of
from helmpanel.views.selection import Selection, table_text
from helmpanel.views.state_card import StateCard
from helmpanel.views.states import State, empty_state, failed_state, no_match_state
from helmpanel.views.summary import Summary
from helmpanel.views.table import ReleasesTable
from helmpanel.views.words import ago, count, millis

if TYPE_CHECKING:
    import pandas as pd

    from helmpanel.cluster import Cluster

TILES = ("healthy", "degraded", "failed", "pending", "deployed", "uninstalled")
"""Tiles of the summary that each show one status group, by its value; together they are all releases."""

COPIED = {TITLES[column]: {"status": "word", "updated": "exact"}.get(column, column) for column in COLUMNS}
"""Headings of a copied table to the fields of a row."""

GONE = "Gone: it is not in the cluster any more"

NOT_KNOWN = Availability(state=AvailabilityState.UNKNOWN)


class Listing:
    """Summary, filter bar, table and the state that stands in its place; each viewer has filters of its own.

    Args:
        cluster: Whose releases.
        deliver: How news reach this session's document.
        act: Called with what a person wants (`details`, `upgrade`, `rollback`, `uninstall`, `refresh`, `repositories`) and a release key, or "".
        refused: Why this dashboard changes nothing at all; empty when it may.
        is_compact: In a notebook cell.
        clock: Seconds that only go up.

    Attributes:
        selection: What is selected; may be written.
    """

    def __init__(
        self,
        cluster: Cluster,
        deliver: Deliver,
        act: Callable[[str, str], None],
        *,
        refused: str = "",
        is_compact: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cluster = cluster
        self._act = act
        self._refused = refused
        self._arrangement = Arrangement(cluster.settings.page_size, clock)
        self.selection = Selection()
        self.summary = Summary(is_compact=is_compact)
        self.bar = FilterBar(is_compact=is_compact)
        self.table = ReleasesTable(size=cluster.settings.page_size, is_compact=is_compact, is_loading=True)
        self.state = StateCard(visible=False)
        self._connect()
        self.selection.param.watch(lambda _event: self.show(), "keys")
        self._stops = [
            subscribe(cluster.table, ["frame", "state", "error", "read_at", "sources"], self._news, deliver),
            subscribe(cluster.operations, ["running", "ended"], self._news, deliver),
        ]
        self.show()

    @property
    def filters(self) -> Filters:
        """What this viewer asked to see."""
        return self._arrangement.filters

    def stop(self) -> None:
        """Give up all subscriptions."""
        for stop in self._stops:
            stop()
        self._cluster.on_screen(self, [])

    def press(self, key: str, more: bool = False) -> None:
        """What pressing a tile of the summary does.

        Args:
            key: all, newer, or one of TILES.
            more: Add to, or take from, what is chosen.
        """
        if key == "newer":
            self.filters.upgrade_available = not self.filters.upgrade_available
        elif key in TILES:
            mine, chosen = StatusGroup(key), list(self.filters.statuses)
            others = [group for group in chosen if group is not mine] if more else []
            self.filters.statuses = others if mine in chosen else [*others, mine]
        else:
            self.filters.param.update(statuses=[], upgrade_available=False)
        self._first_page()

    def show(self) -> None:
        """Draw what the cluster says now, through this viewer's filters."""
        table, at = self._cluster.table, self._arrangement
        frame = table.frame
        is_first = table.state is TableState.LOADING and table.read_at is None
        known = table.read_at is not None
        if known:
            self.selection.keep(frame.index)
        made = {row["key"]: row for row in self._made(frame, at.arrange(frame))}
        made |= {row["key"]: _gone(row) for row in self.table.rows if row["key"] in at.standing.gone}
        keys = at.standing.keys
        total = len(at.seen.rows)
        chosen = set(self.selection.keys)
        self.summary.param.update(counts=self._tiles(at.seen.counts) if known else {}, pressed=self._pressed())
        self.table.show(
            [made[key] for key in keys],
            sort=at.sort,
            descending=at.descending,
            page=at.page,
            pages=at.pages,
            is_loading=is_first,
            footer=self._footer(total, len(frame), is_first),
            selected=[key for key in keys if key in chosen],
            chosen=len(chosen),
            waits=at.standing.waits,
        )
        self._show_bar(frame)
        self._show_state(None if is_first else self._state(len(frame), len(keys)), is_known=known)
        self._cluster.on_screen(self, keys)

    def _made(self, frame: pd.DataFrame, places: Positions) -> list[dict[str, Any]]:
        return page_of(frame.iloc[places], page=1, size=len(places), availability=self._availability, busy=self._busy, refused=self._refused)

    def _select(self, keys: Iterable[object], is_on: bool) -> None:
        there = self._cluster.table.frame.index
        self.selection.choose([str(key) for key in keys if str(key) in there], is_on=bool(is_on))

    def _copy(self) -> None:
        frame = self._cluster.table.frame
        rows = self._made(frame, self._arrangement.in_order(frame, self.selection.keys))
        self.table.put_on_clipboard(table_text(rows, COPIED))

    def _connect(self) -> None:
        self.summary.on("press", self.press)
        self.bar.on("search", lambda text: self._filter(text=str(text)))
        self.bar.on("namespaces", lambda chosen: self._filter(namespaces=[str(name) for name in chosen]))
        self.bar.on("clear", self._clear)
        self.bar.on("refresh", lambda: self._act("repositories", ""))
        self.table.on("act", lambda what, key: self._act(str(what), str(key)))
        self.table.on("sort", self._order)
        self.table.on("page", self._turn)
        self.table.on("select", self._select)
        self.table.on("clear", self.selection.clear)
        self.table.on("copy", self._copy)
        self.table.on("hold", self._arrangement.hold)
        self.table.on("free", self._free)
        self.table.on("let_in", self._let_in)
        self.state.on("act", self._state_pressed)

    def _free(self) -> None:
        if self._arrangement.free():
            self.show()

    def _let_in(self) -> None:
        self._arrangement.let_in()
        self.show()

    def _news(self, _changed: Iterable[str]) -> None:
        self.show()

    def _first_page(self) -> None:
        self._arrangement.page = 1
        self._let_in()

    def _filter(self, **values: Any) -> None:
        self.filters.param.update(**values)
        self._first_page()

    def _clear(self) -> None:
        self.filters.clear()
        self._first_page()

    def _order(self, column: str, descending: bool) -> None:
        if column in COLUMNS:
            self._arrangement.sort, self._arrangement.descending = column, bool(descending)
            self._first_page()

    def _turn(self, number: int) -> None:
        self._arrangement.page = max(1, min(int(number), self.table.pages))
        self._let_in()

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
        return {key: counts[key] for key in ("all", "newer", *TILES)}

    def _pressed(self) -> list[str]:
        pressed = [key for key in TILES if StatusGroup(key) in self.filters.statuses]
        if self.filters.upgrade_available:
            pressed.append("newer")
        return pressed or ["all"]

    def _footer(self, shown: int, total: int, is_first: bool) -> str:
        if is_first:
            return f"Reading releases of {self._cluster.context}" if self._cluster.context else "Reading releases"
        return count(total, "release") if shown == total else f"{shown:,} of {count(total, 'release')}"

    def _show_bar(self, frame: Any) -> None:
        sources = self._cluster.table.sources
        numbers = frame["namespace"].value_counts()
        names = sorted({*numbers.index, *self.filters.namespaces})
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
        # A row that is held still keeps the table on the screen, though nothing else is in it.
        if shown:
            return None
        return no_match_state(self.filters) if total else empty_state(cluster.context, cluster.namespaces)

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


def _gone(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it was last, with nothing to be done to it."""
    return {**row, "gone": True, "group": StatusGroup.UNINSTALLED.value, "word": "Gone", "no_upgrade": GONE, "no_rollback": GONE, "no_uninstall": GONE}
