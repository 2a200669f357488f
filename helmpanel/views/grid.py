"""The Tabulator inside the releases table: it holds one page of releases and nothing else.

Whatever changes, the page is sent as a whole. Single cells would be fewer bytes, but Panel 1.9.4 sends patches to the wrong place on later pages (it raises
there), sends the page again anyhow under a sorter or a filter, has Tabulator draw all rows anew for one cell, and throws in the browser when a patch
arrives before Tabulator is built. `tests/unit/views/test_grid.py` keeps these facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, ClassVar

import pandas as pd
import panel as pn
from bokeh.models.widgets.tables import HTMLTemplateFormatter

from helmpanel.views.assets import css
from helmpanel.views.cells import TEMPLATES, formatters
from helmpanel.views.design import OwnStyles, Plain
from helmpanel.views.rows import Row

_SELECT = (
    '<label class="tick"><input type="checkbox" tabindex="-1" data-act="select" aria-label="Select <%- name %>"'
    '<% if (gone) { %> data-gone="true" disabled<% } %>></label>'
)
DRAWN = {"select": _SELECT, **TEMPLATES}
"""Column to template, in the order drawn."""

TITLES = {
    "select": "Select",
    "status": "Status",
    "name": "Name",
    "namespace": "Namespace",
    "chart": "Chart",
    "version": "Version",
    "app_version": "App version",
    "revision": "Revision",
    "ready": "Ready",
    "updated": "Updated",
    "actions": "Actions",
}
FIELDS = list(dict.fromkeys([*DRAWN, *(field.name for field in fields(Row) if field.name != "key"), "gone"]))
"""What travels of each row: what is drawn, what the templates need besides, and whether the release is gone."""

CONFIGURATION: dict[str, Any] = {
    # The frame comes sorted and paged; keys are those of the dashboard.
    "keybindings": False,
    "dataLoader": False,
    # The window scrolls, not the table.
    "renderVertical": "basic",
    "columns": [{"field": column, "cssClass": f"c-{column}", "headerSort": False, "resizable": False, "headerTooltip": False} for column in DRAWN],
}


class ReleasesGrid(OwnStyles, pn.widgets.Tabulator):
    """A Tabulator with the look of helmpanel. Filtering, sorting and paging are Python's; presses are told by the part around it."""

    _stylesheets: ClassVar[list[str]] = []

    def __init__(self, size: int, **params: Any) -> None:
        self._rows: list[dict[str, Any]] = []
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
            formatters={"select": HTMLTemplateFormatter(template=_SELECT), **formatters()},
            editors=dict.fromkeys(FIELDS),
            configuration=CONFIGURATION,
            design=Plain,
            margin=0,
            sizing_mode="stretch_width",
            stylesheets=[css("shared", "grid")],
            **params,
        )

    def show(self, rows: Sequence[dict[str, Any]]) -> None:
        """Show these rows, made by `rows.page_of`, in this order; nothing is sent when they are what is shown."""
        made = [{"gone": False, **row, "select": "", "status": row["group"], "actions": ""} for row in rows]
        if made != self._rows:
            self._rows = made
            self.value = pd.DataFrame(made, columns=["key", *FIELDS], dtype=object).set_index("key")

    def rows(self) -> list[dict[str, Any]]:
        """The rows shown."""
        return [dict(row) for row in self._rows]

    # What Panel would do besides.

    def _get_fields(self) -> list[str]:
        """Columns drawn; the other fields travel along for the templates."""
        return list(DRAWN)

    def _get_data(self) -> tuple[pd.DataFrame, dict[str, list[Any]]]:
        """The page as the browser gets it. Panel's own way is deprecated by pandas 3.1, and would sort and filter again."""
        return self.value, {field: [row[field] for row in self._rows] for field in ["key", *FIELDS]}

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
