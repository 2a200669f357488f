"""Where you are, how fresh it is, and the theme."""

from __future__ import annotations

from typing import ClassVar

import param
from panel.custom import Children

from helmpanel.model.table import TableState
from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class TopBar(Part):
    """Mark, context and cluster, state of what is shown with Refresh, theme, keyboard shortcuts.

    Messages: `refresh` (), `theme` (mode=), `help` ().
    """

    context = param.String(doc="Context name.")
    server = param.String(doc="API server address, in the chip and in its tooltip.")
    helm = param.String(doc="Version of helm, for the tooltip of the chip.")
    state = param.Selector(default="loading", objects=[state.value for state in TableState], doc="TableState value.")
    failure = param.String(default="Not connected", doc="Why nothing was read, in two words, while the state is failed.")
    read_at = param.Number(default=None, allow_None=True, doc="Time of the last listing or news, milliseconds since 1970.")
    since = param.Number(default=None, allow_None=True, doc="Time from which on changes may be missing, milliseconds since 1970; None when none are.")
    why = param.String(doc="Why it is stale, for the tooltip.")
    way = param.String(doc="How the releases are read, for the tooltip.")
    is_reading = param.Boolean(default=False, doc="A reading is under way.")
    theme = param.String(default="system", doc="light, system or dark.")
    is_compact = param.Boolean(default=False, doc="One line of a notebook cell: chip, `middle`, state.")
    middle = Children(doc="Parts between chip and state, in a notebook cell.")

    _esm = esm("top_bar")
    _stylesheets: ClassVar[list[str]] = [css("shared", "top_bar")]
