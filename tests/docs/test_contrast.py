"""Every colour pair that carries text or meaning meets WCAG AA, in both themes, as tokens.css has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "helmpanel" / "views" / "css" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what is not text

SURFACES = ("canvas", "panel", "sunken", "hover")
STATUSES = ("healthy", "upgrade", "degraded", "failed", "pending", "uninstalled")
CONTEXTS = ("ctx-production", "ctx-staging", "ctx-sandbox")
CODE = ("code-key", "code-string", "code-number", "code-comment")


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--hp-([\w-]+):\s*(#[0-9a-f]{6})", css))


def themes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text(encoding="utf-8").split(".hp-dark, :host(.hp-dark)")
    return {"light": colours(light), "dark": {**colours(light), **colours(dark)}}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> Iterator[tuple[str, str, float]]:
    """Foreground, background, least contrast."""
    for surface in (*SURFACES, "active", "accent-bg", "add-bg", "remove-bg", "add-word", "remove-word"):
        yield "text", surface, TEXT
    for surface in (*SURFACES, "active", "accent-bg", "add-gutter", "remove-gutter"):
        yield "text-2", surface, TEXT
    for surface in (*SURFACES, "accent-bg"):
        yield "text-3", surface, TEXT
        yield "accent", surface, TEXT
    for name in (*STATUSES, *CONTEXTS):
        for surface in (*SURFACES, f"{name}-bg"):
            yield f"{name}-fg", surface, TEXT
    for name in STATUSES:
        for surface in ("panel", "hover", f"{name}-bg"):
            yield f"{name}-dot", surface, SHAPE
        yield "text", f"{name}-bg", TEXT
        yield "text-2", f"{name}-bg", TEXT
    for name in CONTEXTS:
        yield f"{name}-bar", "panel", SHAPE
    for surface in ("canvas", "panel", "sunken", "accent-bg"):
        yield "focus", surface, SHAPE
    for surface in ("canvas", "panel"):
        yield "line-3", surface, SHAPE
    for surface in ("ink", "ink-hover", "ink-active"):
        yield "on-ink", surface, TEXT
    for surface in ("danger", "danger-hover"):
        yield "on-danger", surface, TEXT
    for name in CODE:
        for surface in ("panel", "sunken", "add-bg", "remove-bg"):
            yield name, surface, TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_meets_wcag_aa(theme: str):
    palette = themes()[theme]
    missed = [f"{fg} on {bg}: {found:.2f}, needs {least}" for fg, bg, least in pairs() if (found := contrast(palette[fg], palette[bg])) < least]
    assert not missed, "\n".join(missed)


def test_no_pair_was_lost_and_black_on_white_is_21():
    assert len(set(pairs())) == len(list(pairs())) >= 130
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#777777", "#ffffff") < TEXT < contrast("#767676", "#ffffff"), "the two greys that stand on either side of the line"
