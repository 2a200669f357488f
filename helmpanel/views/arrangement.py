"""Which releases of a frame one viewer sees, and where: filters, order, page, and rows that stand still. Knows no screen and no cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helmpanel.model.filters import Filters, Positions, Seen
from helmpanel.views.rows import Order, pages
from helmpanel.views.still import HELD_FOR_S, Standing, standing


class Arrangement:
    """Filters, order and page over a releases frame. News come ten times a second: each step is done again only when what it depends on is another.

    Args:
        size: Rows on a page.
        clock: Seconds that only go up.

    Attributes:
        filters: What the person asked to see.
        sort: Column of rows.COLUMNS.
        page: Which page, from 1.
        seen: What the filters left of the frame arranged last.
        standing: The rows of the page, arranged last.
    """

    def __init__(self, size: int, clock: Callable[[], float]) -> None:
        self.filters = Filters()
        self.sort, self.descending, self.page = "name", False, 1
        self.seen = Seen(rows=np.zeros(0, dtype=np.intp), counts={})
        self.standing = Standing(keys=())
        self._size = size
        self._clock = clock
        self._order = Order()
        self._looked: tuple[object, ...] = ()
        self._rows = self.seen.rows
        self._listed = pd.Index([])
        self._held_until = 0.0
        self._is_let_in = False

    @property
    def pages(self) -> int:
        """Number of pages."""
        return max(self.page, pages(len(self._rows), self._size))

    def arrange(self, frame: pd.DataFrame) -> Positions:
        """Choose the rows of the page; their places in the frame, in the order shown, those of releases that are gone left out."""
        self._look(frame)
        is_held = self._clock() < self._held_until and not self._is_let_in and bool(self.standing.keys)
        self._is_let_in = False
        if not is_held:
            self.page = min(self.page, pages(len(self._rows), self._size))
        start = (self.page - 1) * self._size
        places = self._rows[start : start + self._size]
        page = [str(key) for key in frame.index[places]]
        self.standing = standing(shown=self.standing.keys, listed=self._listed, page=page, there=frame.index, is_held=is_held)
        if is_held:
            return places_of(frame, [key for key in self.standing.keys if key not in self.standing.gone])
        self._listed = frame.index[self._rows]
        return places

    def in_order(self, frame: pd.DataFrame, keys: Sequence[str]) -> Positions:
        """Places of these releases in the frame, in the order of the table; those that are not there are left out."""
        return self._order.of(frame, places_of(frame, keys), self.sort, descending=self.descending)

    def hold(self) -> None:
        """Somebody is in the table: rows keep their places for some seconds."""
        self._held_until = self._clock() + HELD_FOR_S

    def free(self) -> bool:
        """Nobody is in the table any more; whether anybody was."""
        was, self._held_until = self._held_until, 0.0
        return was > 0

    def let_in(self) -> None:
        """The next page is chosen as the cluster is then, whoever is in the table."""
        self._is_let_in = True

    def _look(self, frame: pd.DataFrame) -> None:
        filters = self.filters
        asked = (filters.text, tuple(filters.namespaces), tuple(filters.statuses), filters.upgrade_available)
        looked = (frame, asked, (self.sort, self.descending))
        if not self._looked or self._looked[0] is not frame or self._looked[1] != asked:
            self.seen = filters.see(frame)
        elif self._looked[2] == looked[2]:
            return
        self._rows = self._order.of(frame, self.seen.rows, self.sort, descending=self.descending)
        self._looked = looked


def places_of(frame: pd.DataFrame, keys: Sequence[str]) -> Positions:
    """Places of releases in a frame; those that are not there are left out."""
    places: Positions = np.asarray(frame.index.get_indexer(pd.Index(pd.array(list(keys), dtype="string"))), dtype=np.intp)
    return places[places >= 0]
