"""Diffs of values: nothing lost, signs right, secrets changed but not shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.planning.diff import LINES_COMPARED, Sign, changed_keys, values_diff
from helmpanel.text import DOTS


def drawn(diff):
    return [f"{line.sign}{line.text}" for line in diff.lines]


def test_same_texts_give_an_empty_diff():
    diff = values_diff("a: 1\n", "a: 1")
    assert diff.is_empty
    assert diff.lines == ()


def test_lines_carry_signs_and_numbers():
    diff = values_diff("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 4\nc: 3\nd: 5\n")
    assert drawn(diff) == [" a: 1", "-b: 2", "+b: 4", " c: 3", "+d: 5"]
    assert [(line.old, line.new) for line in diff.lines] == [(1, 1), (2, None), (None, 2), (3, 3), (None, 4)]
    assert (diff.added, diff.removed) == (2, 1)


def test_what_differs_within_a_line_is_marked():
    diff = values_diff("image: hub:4.1.0\n", "image: hub:4.2.0\n")
    assert [line.text[slice(*line.words)] for line in diff.lines] == ["1", "2"]


def test_long_same_parts_are_folded():
    old = "".join(f"k{n}: {n}\n" for n in range(50))
    diff = values_diff(old, old.replace("k25: 25", "k25: 0"))
    assert drawn(diff)[0] == "…22 lines the same"
    assert drawn(diff)[-1] == "…21 lines the same"
    assert len(diff.lines) == 10


def test_a_changed_secret_shows_as_changed_without_its_value():
    diff = values_diff("db:\n  password: old-s3cr3t\n", "db:\n  password: new-s3cr3t\n")
    assert drawn(diff) == [" db:", f"-  password: {DOTS}", f"+  password: {DOTS}"]
    assert diff.has_masked_change
    assert [line.is_masked for line in diff.lines] == [False, True, True]


def test_an_unchanged_secret_is_no_change():
    diff = values_diff("password: s3cr3t\na: 1\n", "password: s3cr3t\na: 2\n")
    assert not diff.has_masked_change
    assert "s3cr3t" not in str(diff)


def test_revealing_shows_the_values():
    assert drawn(values_diff("password: a\n", "password: b\n", reveal=True)) == ["-password: a", "+password: b"]


@given(*[st.lists(st.sampled_from(["a: 1", "b: 2", "  c: x", "password: s3cr3t", "", "- z"]), max_size=15).map("\n".join)] * 2)
def test_the_new_text_can_be_read_from_the_diff(old, new):
    diff = values_diff(old, new, context=10_000, reveal=True)
    if not diff.is_empty:
        assert [line.text for line in diff.lines if line.sign in (Sign.SAME, Sign.ADDED)] == (new.rstrip("\n").split("\n") if new.strip() else [])
        assert [line.text for line in diff.lines if line.sign in (Sign.SAME, Sign.REMOVED)] == (old.rstrip("\n").split("\n") if old.strip() else [])


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_two_texts_can_be_compared(old, new):
    values_diff(old, new)
    changed_keys(old, new)


def test_a_megabyte_that_all_changed_is_shown_whole_instead_of_compared():
    """difflib takes minutes for it: the lines that are the same in the middle show that it was not asked."""
    old = "".join(f"key{n}: {'value' * 60} {n}\nsame: {n}\n" for n in range(LINES_COMPARED // 2 + 1))
    diff = values_diff(old, old.replace("value", "other"))
    assert len(old) > 900_000
    assert (diff.added, diff.removed) == (LINES_COMPARED + 1, LINES_COMPARED + 1)
    assert [line.sign for line in diff.lines] == [Sign.REMOVED] * diff.removed + [Sign.ADDED] * diff.added + [Sign.SAME]


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("a: {b: 1, c: 2}\nd: [1]\n", "a: {b: 1, c: 3}\nd: [1, 2]\n", ["a.c", "d"]),
        ("a: 1\n", "b: 1\n", ["a", "b"]),
        ("a: 1\n", "", ["a"]),
        ("a: [", "b: 1", []),
        ("- 1", "b: 1", []),
    ],
)
def test_changed_keys_are_dotted_paths(old, new, keys):
    assert changed_keys(old, new) == keys
