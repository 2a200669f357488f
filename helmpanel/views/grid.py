"""The Tabulator inside the releases table: one page of the releases is in the browser, the frame stays on the server."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar

import pandas as pd
import panel as pn

from helmpanel.views.assets import css
from helmpanel.views.cells import TEMPLATES, formatters
from helmpanel.views.design import OwnStyles, Plain
from helmpanel.views.rows import Row

TITLES = {
    "status": "Status",
    "name": "Name",
    "namespace": "Namespace",
    "chart": "Chart",
    "version": "Version",
    "app_version": "App version",
    "revision": "Revision",
    "updated": "Updated",
    "actions": "Actions",
}
FIELDS = list(dict.fromkeys([*TEMPLATES, *(field.name for field in fields(Row) if field.name != "key")]))

CONFIGURATION: dict[str, Any] = {
    # The frame comes sorted and paged; keys are those of the dashboard.
    "keybindings": False,
    "dataLoader": False,
    # The window scrolls, not the table.
    "renderVertical": "basic",
    "columns": [{"field": column, "cssClass": f"c-{column}", "headerSort": False, "resizable": False, "headerTooltip": False} for column in TEMPLATES],
}


class ReleasesGrid(OwnStyles, pn.widgets.Tabulator):
    """A Tabulator with the look of helmpanel. Filtering, sorting and paging are Python's; presses are told by the part around it."""

    _stylesheets: ClassVar[list[str]] = []

    def __init__(self, size: int, **params: Any) -> None:
        super().__init__(
            pd.DataFrame(columns=FIELDS, index=pd.Index([], name="key"), dtype=object),
            pagination="remote",
            page_size=size,
            layout="fit_columns",
            show_index=False,
            selectable=False,
            disabled=True,
            container_popup=False,
            titles=TITLES,
            formatters=formatters(),
            editors=dict.fromkeys(FIELDS),
            configuration=CONFIGURATION,
            design=Plain,
            margin=0,
            sizing_mode="stretch_width",
            stylesheets=[css("shared", "grid")],
            **params,
        )

    def show(self, frame: pd.DataFrame, rows: list[dict[str, Any]], page: int) -> None:
        """Show a page of the frame.

        Args:
            frame: Releases, filtered and sorted, indexed by key.
            rows: Of the page, made by `rows.page_of`.
            page: Which page, from 1.
        """
        value = frame.reindex(columns=FIELDS).astype(object)
        value.index = pd.Index(frame.index.astype(str), name="key")
        shown = pd.DataFrame(rows, columns=["key", *FIELDS], dtype=object).set_index("key")
        shown["status"], shown["actions"] = shown["group"], "actions"
        start = (page - 1) * self.page_size
        value.iloc[start : start + len(shown)] = shown.to_numpy()
        old = self.value
        # Panel 1.9.4 counts the rows of a patch from the first page: on others it would change the wrong ones.
        if page == self.page == 1 and self._models and old.index.equals(value.index):
            self._patch_changed(old.iloc[: len(shown)], shown)
        elif page != self.page or not value.equals(old):
            self.param.page.bounds = (1, None)
            self.param.update(value=value, page=page)

    def rows(self) -> list[dict[str, Any]]:
        """The rows of the page shown."""
        start = (self.page - 1) * self.page_size
        records: list[dict[str, Any]] = self.value.iloc[start : start + self.page_size].reset_index().to_dict("records")
        return records

    def _patch_changed(self, old: pd.DataFrame, new: pd.DataFrame) -> None:
        changed = {
            column: [(key, after) for key, before, after in zip(new.index, old[column], new[column], strict=True) if before != after] for column in FIELDS
        }
        if patch := {column: cells for column, cells in changed.items() if cells}:
            self.patch(patch)
            # What a second display of this table would begin with.
            self._processed, self._data = self._get_data()

    # What Panel would do besides.

    def _get_fields(self) -> list[str]:
        """Columns drawn; the other fields travel along for the templates."""
        return list(TEMPLATES)

    def _get_data(self) -> tuple[pd.DataFrame, dict[str, list[Any]]]:
        """The page as the browser gets it. Panel's own way is deprecated by pandas 3.1, and would sort and filter again."""
        rows = self.rows()
        return self.value, {field: [row[field] for row in rows] for field in ["key", *FIELDS]}

    def _get_theme(self, theme: str, resources: Any = None) -> str:
        """No stylesheet by address: `grid.css` is all there is."""
        return ""

    def _get_style_data(self, recompute: bool = True) -> dict[str, Any]:
        """No styles of single cells: computing that there are none costs more than the table."""
        return {}

    def _process_events(self, events: dict[str, Any]) -> None:
        """Page and order are told by the part around it; Tabulator's own echo may be older."""

    def _process_event(self, event: Any) -> None:
        """Presses are told by the part around it."""
