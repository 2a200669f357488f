"""The releases table: one page of it in the browser, everything else in the frame on the server.

Why not Tabulator: its `patch` draws the whole page anew in the browser (focus and pointer lose their place), its theme is fetched from a content network in
notebooks, and its cells would have to be templates. Drawing one page of rows costs the same at 10 and at 10,000 releases, as its remote pagination does.
"""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class ReleasesTable(Part):
    """One page of releases. Rows keep their elements while they stay on the page, so focus and hover survive news.

    Messages: `act` (what= details, upgrade, rollback or uninstall; key=), `sort` (column=, descending=), `page` (number=).
    """

    rows = param.List(doc="Dicts made by `rows.page_of`.")
    sort = param.String(default="name", doc="Column of rows.COLUMNS.")
    descending = param.Boolean(default=False, doc="Direction of the sort.")
    page = param.Integer(default=1, doc="Page shown, from 1.")
    pages = param.Integer(default=1, doc="Number of pages.")
    footer = param.String(doc="Such as `6 of 18 releases`.")
    size = param.Integer(default=25, doc="Rows on a page.")
    is_loading = param.Boolean(default=False, doc="Draw the skeleton.")
    is_compact = param.Boolean(default=False, doc="32 px rows, for a notebook cell.")

    _esm = esm("table")
    _stylesheets: ClassVar[list[str]] = [css("shared", "menu", "table")]
