"""One of a few, each explained on a card."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class RadioCards(Part):
    """Cards of which one is chosen; arrow keys move, as radio buttons do."""

    value = param.String(doc="Key of the chosen card.")
    cards = param.List(
        doc="Dicts: `key`, `title`, and optionally `text`, `code` (flag of the chosen card), `disabled_why`, `warning` ([title, text], below it while chosen)."
    )
    label = param.String(doc="What is chosen, for screen readers.")

    _esm = esm("radio_cards")
    _stylesheets: ClassVar[list[str]] = [css("shared", "radio_cards")]
