"""The dashboard's keys, and the list of them."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.dialog import Form
from helmpanel.views.part import Part

SHORTCUTS = (
    ("Search", "/"),
    ("Next, previous row", "j k"),
    ("View details", "Enter"),
    ("Select", "x"),
    ("Upgrade", "u"),
    ("Roll back", "r"),
    ("Filter by status", "1–8"),
    ("Operations", "o"),
    ("Run the primary action of a dialog", "Ctrl Enter"),
    ("Close, go back", "Esc"),
    ("This list", "?"),
)
"""What a key does, and the key. No key uninstalls."""


class Keys(Part):
    """Listens while the pointer or the focus is inside the dashboard and no field has the focus. Draws nothing.

    Messages: `drawn` () in a cell, once the browser listens, `help` (), `status` (number= 1 to 8), `here` () every 20 s.
    """

    is_heard = param.Boolean(default=False, doc="The message `drawn` has arrived.")
    beat = param.Integer(default=0, doc="Signs of life answered.")
    is_page = param.Boolean(default=True, doc="The dashboard is the whole page: its keys need no pointer inside.")

    _esm = esm("keys")
    _stylesheets: ClassVar[list[str]] = [":host { display: none; }"]


class KeyList(Part):
    """The table of shortcuts."""

    shortcuts = param.List(default=[list(pair) for pair in SHORTCUTS], doc="[what, keys] pairs.")

    _esm = esm("key_list")
    _stylesheets: ClassVar[list[str]] = [css("shared", "key_list")]


def help_form() -> Form:
    """The dialog that lists the shortcuts."""
    return Form(title="Keyboard shortcuts", size="sm", cancel="", start_at="none", body=[KeyList()])
