"""YAML from outside that nests too deeply never reaches a parser that would crash or take minutes."""

import time

import pytest

from helmpanel.charts.index import IndexInvalid, read_index
from helmpanel.planning.diff import changed_keys
from helmpanel.text import mask_manifest, mask_values
from helmpanel.text.depth import DEEPEST, is_too_deep


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{a: " * 50_000, "- " * 50_000, "? " * 50_000])
def test_deep_text_is_found_at_once(text):
    began = time.monotonic()
    assert is_too_deep(text)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    ["", "a: 1", "a: [", "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1), "a: [{}]\n" * 500, "text: '" + "[" * 5_000 + "'", " " * 5_000 + "a: 1", "\x00[[["],
)
def test_honest_or_broken_text_is_not_called_deep(text):
    assert not is_too_deep(text)


@pytest.mark.timeout(60)
def test_masking_and_comparing_deep_text_take_no_minutes():
    deep = "password: hunter2\na: " + "[" * 100_000
    assert "hunter2" not in mask_values(deep)
    assert "hunter2" not in mask_manifest(deep)
    assert changed_keys(deep, "a: 1") == []


@pytest.mark.parametrize("text", ["entries: " + "[" * 100_000, "[" * 100_000, "entries:\n  a: &a [" + "[" * 50_000])
def test_repository_index_that_is_too_deep_is_broken_and_no_crash(text):
    with pytest.raises(IndexInvalid):
        read_index(text.encode(), "repo")
