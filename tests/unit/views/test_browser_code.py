"""Rules for the code that runs in the browser, kept by reading it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helmpanel.views import assets

SOURCES = sorted((Path(assets.__file__).parent / "js").glob("*.js"))
SHEETS = sorted((Path(assets.__file__).parent / "css").glob("*.css"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_text_becomes_markup_or_code(source: Path):
    text = source.read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc", text) == []


@pytest.mark.parametrize("source", [*SOURCES, *SHEETS], ids=lambda path: path.name)
def test_nothing_is_fetched(source: Path):
    """Pages work without internet; icons are data in the stylesheet."""
    text = source.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|@import|\bfetch\(|import\(", text) == []
