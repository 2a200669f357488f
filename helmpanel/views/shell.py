"""How the parts of a dashboard lie on a page or in a notebook cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helmpanel.views.assets import css
from helmpanel.views.cell import Cell
from helmpanel.views.design import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panel.viewable import Viewable

    from helmpanel.views.listing import Listing
    from helmpanel.views.top_bar import TopBar


def shell(top: TopBar, listing: Listing, callouts: Sequence[Viewable], strip: Viewable, over: Sequence[Viewable], *, is_cell: bool, brings_tokens: bool) -> Box:
    """The outermost element.

    Args:
        top: Top bar; in a cell it carries summary and filters too.
        listing: Summary, filters, table, state.
        callouts: Above the table.
        strip: Operations.
        over: Parts that take no room: dialogs, notifications, keys, theme.
        is_cell: For a notebook cell: compact, as high as its content.
        brings_tokens: Carry colours, sizes and icons; False where the page's own template has them.
    """
    inside = [*callouts, listing.table, listing.state] if is_cell else [listing.summary, listing.bar, *callouts, listing.table, listing.state]
    if is_cell:
        top.middle = [listing.summary, listing.bar]
    main = Box(
        *inside,
        css_classes=["hp-main", "hp-cell-main"] if is_cell else ["hp-main"],
        stylesheets=[css("shell_main")],
    )
    classes = ["hp-shell", "hp-cell" if is_cell else "hp-whole", *(["hp"] if brings_tokens else [])]
    sheets = [*([css("tokens", "icons")] if brings_tokens else []), css("shell")]
    kind = Cell if is_cell else Box
    return kind(top, main, strip, *over, css_classes=classes, stylesheets=sheets)
