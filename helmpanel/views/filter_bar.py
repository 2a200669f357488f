"""Search, namespaces, Clear, Refresh repositories."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class FilterBar(Part):
    """What narrows the table, and how old the repository indexes are.

    Messages: `search` (text=), `namespaces` (chosen=), `clear` (), `refresh` (): read the repositories again.
    """

    text = param.String(doc="What is searched for.")
    namespaces = param.List(doc="[namespace, number of releases] pairs, in order.")
    chosen = param.List(item_type=str, doc="Namespaces shown; empty for all.")
    is_filtered = param.Boolean(default=False, doc="Some filter is on: Clear filters shows.")
    index_at = param.Number(default=None, allow_None=True, doc="Time of the oldest repository index, milliseconds since 1970; None when there is none.")
    sources = param.String(doc="What is known of the repositories, for the tooltip.")
    is_refreshing = param.Boolean(default=False, doc="The repositories are being read.")
    is_compact = param.Boolean(default=False, doc="Icons in place of words, for a notebook cell.")

    _esm = esm("filter_bar")
    _stylesheets: ClassVar[list[str]] = [css("shared", "menu", "filter_bar")]
