"""The releases table: a Tabulator, and around it what it does not have (headings that sort, menu of a row, footer, skeleton, focus that outlives news)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import param
from panel.custom import Child

from helmpanel.views.assets import css, esm
from helmpanel.views.grid import ReleasesGrid
from helmpanel.views.part import Part


class ReleasesTable(Part):
    """One page of releases in the browser, the frame on the server.

    Messages: `act` (what= details, upgrade, rollback or uninstall; key=), `sort` (column=, descending=), `page` (number=), `select` (keys=, is_on=),
    `clear` (), `copy` (), `hold` () every 2 s while somebody is in the table, `free` () when nobody is any more, `let_in` ().
    """

    grid = Child(doc="The Tabulator.")
    sort = param.String(default="name", doc="Column of rows.COLUMNS.")
    descending = param.Boolean(default=False, doc="Direction of the sort.")
    page = param.Integer(default=1, doc="Page shown, from 1.")
    pages = param.Integer(default=1, doc="Number of pages.")
    footer = param.String(doc="Such as `6 of 18 releases`.")
    selected = param.List(item_type=str, doc="Selected releases of this page.")
    chosen = param.Integer(default=0, doc="Number of selected releases, on whatever page.")
    waits = param.String(doc="What is not shown while somebody is in the table, such as `2 new, 1 gone`; empty for nothing.")
    size = param.Integer(default=25, doc="Rows on a page.")
    is_loading = param.Boolean(default=False, doc="Draw the skeleton.")
    is_compact = param.Boolean(default=False, doc="32 px rows, for a notebook cell.")

    _esm = esm("asked", "table_selection", "table_held", "table")
    _stylesheets: ClassVar[list[str]] = [css("shared", "menu", "table")]

    def __init__(self, size: int, **params: Any) -> None:
        super().__init__(grid=ReleasesGrid(size), size=size, **params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the page shown, as `rows.page_of` made them."""
        return self.grid.rows()

    def show(self, rows: Sequence[dict[str, Any]], **told: Any) -> None:
        """Show a page.

        Args:
            rows: Of the page, made by `rows.page_of`.
            told: Parameters of this part.
        """
        # Rows first: a heading must not say that they are sorted before they are.
        self.grid.show(rows)
        self.param.update(**told)

    def put_on_clipboard(self, text: str) -> None:
        """Answer a `copy`: the text goes to the browser that asked, and stays nowhere."""
        self._send_msg({"copied": text})
