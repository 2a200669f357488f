"""What the person asked to see."""

from __future__ import annotations

import pandas as pd
import param

from helmpanel.model.availability import AvailabilityState
from helmpanel.model.status import StatusGroup, status_group


def groups(frame: pd.DataFrame) -> pd.Series:
    """StatusGroup value of each row of a releases frame, same index."""
    newer = frame["availability"] == AvailabilityState.NEWER.value
    values = [status_group(s, bool(n)).value for s, n in zip(frame["status"], newer, strict=True)]
    return pd.Series(values, index=frame.index, dtype="string", name="group")


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

    def scope(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows that match text and namespaces: what the counts by status are taken over."""
        mask = pd.Series(True, index=frame.index)
        words = self.text.strip().casefold()
        if words:
            names = frame["name"].str.casefold().str.contains(words, regex=False)
            charts = frame["chart"].str.casefold().str.contains(words, regex=False)
            mask &= (names | charts).fillna(False).astype(bool)
        if self.namespaces:
            mask &= frame["namespace"].isin(self.namespaces)
        return frame[mask]

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows to show, in the frame's order."""
        rows = self.scope(frame)
        if self.statuses:
            rows = rows[groups(rows).isin([s.value for s in self.statuses])]
        if self.upgrade_available:
            rows = rows[rows["availability"] == AvailabilityState.NEWER.value]
        return rows

    def counts(self, frame: pd.DataFrame) -> dict[str, int]:
        """Rows in each StatusGroup (by value), plus `all` and `newer`; they follow text and namespaces only."""
        rows = self.scope(frame)
        found = groups(rows).value_counts()
        counts = {g.value: int(found.get(g.value, 0)) for g in StatusGroup}
        counts["all"] = len(rows)
        counts["newer"] = int((rows["availability"] == AvailabilityState.NEWER.value).sum())
        return counts
