"""What the person asked to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import param

from helmpanel.model.availability import AvailabilityState
from helmpanel.model.status import StatusGroup, status_group

Positions = npt.NDArray[np.intp]
"""Rows of a frame by their place in it: ten thousand of them are picked and sorted without copying a column."""


def groups(frame: pd.DataFrame) -> pd.Series:
    """StatusGroup value of each row of a releases frame, same index."""
    return by_distinct(lambda status, health: status_group(status, health).value, frame["status"], frame["health"]).rename("group")


def by_distinct(text_of: Callable[..., str], *columns: pd.Series) -> pd.Series:
    """A text for each row, worked out once for each combination of values: of ten thousand releases there are a dozen.

    Args:
        text_of: Takes one value of each column.
        columns: Of one frame; a value that is missing is handed over as it is.
    """
    distinct = []
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        of_rows, values = pd.factorize(column, use_na_sentinel=False)
        codes = codes * max(1, len(values)) + of_rows
        distinct.append(values)
    combined, of_rows = np.unique(codes, return_inverse=True)
    texts = [text_of(*_values(code, distinct)) for code in combined.tolist()]
    return pd.Series(pd.array(texts, dtype="string").take(of_rows), index=columns[0].index)


def _values(code: int, distinct: list[Any]) -> list[Any]:
    found = []
    for values in reversed(distinct):
        code, place = divmod(code, len(values))
        found.append(values[place])
    return found[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What filters leave of a frame."""

    rows: Positions
    """Rows to show, in the frame's order."""
    counts: dict[str, int]
    """Rows in each StatusGroup (by value), plus `all` and `newer`; they follow text and namespaces only."""


class Filters(param.Parameterized):
    """Filters of one view; empty means "all". Each viewer has its own."""

    text = param.String(doc="Part of a name or chart, upper and lower case alike.")
    namespaces = param.List(item_type=str, doc="Namespaces to show; empty for all.")
    statuses = param.List(item_type=StatusGroup, doc="Status groups to show; empty for all.")
    upgrade_available = param.Boolean(default=False, doc="Only releases with a newer version, whatever their status.")

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return not (self.text.strip() or self.namespaces or self.statuses or self.upgrade_available)

    def clear(self) -> None:
        """Show everything."""
        self.param.update(text="", namespaces=[], statuses=[], upgrade_available=False)

    def see(self, frame: pd.DataFrame) -> Seen:
        """Rows to show of a releases frame, and the counts; each column is looked through once."""
        group = groups(frame)
        newer = (frame["availability"] == AvailabilityState.NEWER.value).to_numpy(dtype=bool, na_value=False)
        mask = self._in_scope(frame)
        found = (group if mask.all() else group[mask]).value_counts()
        counts = {g.value: int(found.get(g.value, 0)) for g in StatusGroup}
        counts |= {"all": int(mask.sum()), "newer": int((mask & newer).sum())}
        if self.statuses:
            mask &= group.isin([s.value for s in self.statuses]).to_numpy(dtype=bool)
        if self.upgrade_available:
            mask &= newer
        return Seen(rows=np.flatnonzero(mask), counts=counts)

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows to show, in the frame's order."""
        return frame.iloc[self.see(frame).rows]

    def counts(self, frame: pd.DataFrame) -> dict[str, int]:
        """See `Seen.counts`."""
        return self.see(frame).counts

    def _in_scope(self, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Whether each row matches text and namespaces: what the counts by status are taken over."""
        mask = np.ones(len(frame), dtype=bool)
        words = self.text.strip().casefold()
        if words:
            names = frame["name"].str.casefold().str.contains(words, regex=False)
            charts = frame["chart"].str.casefold().str.contains(words, regex=False)
            mask &= (names | charts).to_numpy(dtype=bool, na_value=False)
        if self.namespaces:
            mask &= frame["namespace"].isin(self.namespaces).to_numpy(dtype=bool)
        return mask
