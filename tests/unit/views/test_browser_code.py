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


def test_a_progress_that_is_not_known_never_fills_its_bar():
    """Nor where nothing may move: a full bar says that it is done."""
    sheet = (Path(assets.__file__).parent / "css" / "operation_line.css").read_text(encoding="utf-8")
    moving, still = re.findall(r"\.bar\.any i \{([^}]*)\}", sheet)
    assert "animation: none" in still
    assert [int(re.search(r"width: (\d+)%", rule)[1]) <= 50 for rule in (moving, still)] == [True, True]
    # It ends nowhere, where a known progress ends sharply.
    assert re.search(r"linear-gradient\(90deg, transparent, .*, transparent\)", still)
