"""Every pair of colours that text or a shape is drawn in keeps WCAG AA, in both themes."""

from __future__ import annotations

import re

import pytest

from helmpanel.views.assets import css

SURFACES = ("canvas", "panel", "sunken", "hover")
STATUSES = ("healthy", "upgrade", "degraded", "failed", "pending", "uninstalled")

TEXT = [
    *((f"text{rank}", surface) for rank in ("", "-2", "-3") for surface in SURFACES),
    *((f"{status}-fg", f"{status}-bg") for status in STATUSES),
    *((f"{status}-fg", surface) for status in STATUSES for surface in ("panel", "hover")),
    *((f"ctx-{context}-fg", f"ctx-{context}-bg") for context in ("production", "staging", "sandbox")),
    ("on-ink", "ink"),
    ("on-ink", "ink-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
    ("accent", "panel"),
    ("accent", "accent-bg"),
    ("text", "add-bg"),
    ("text", "remove-bg"),
    *((f"code-{kind}", "panel") for kind in ("key", "string", "number", "comment")),
]
SHAPES = [*((f"{status}-dot", surface) for status in STATUSES for surface in ("panel", "hover")), ("line-3", "panel"), ("focus", "panel"), ("focus", "hover")]


def theme(name: str) -> dict[str, str]:
    """Colours of one theme by token; what dark leaves as it is comes from light."""
    text = css("tokens")
    light, dark = text.split("\n.hp-dark, :host(.hp-dark) {")
    found = dict(re.findall(r"--hp-([\w-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--hp-([\w-]+): (#[0-9a-f]{6});", dark)) if name == "dark" else found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_knows_black_and_white():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_and_shapes_stand_out_enough(name: str):
    colours = theme(name)
    weak = {pair: ratio(colours[pair[0]], colours[pair[1]]) for pair in TEXT}
    faint = {pair: ratio(colours[pair[0]], colours[pair[1]]) for pair in SHAPES}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}
    assert {pair: value for pair, value in faint.items() if value < 3} == {}
