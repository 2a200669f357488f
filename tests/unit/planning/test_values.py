"""Values are judged before helm runs, and sent as they were typed."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.errors import ValuesInvalid
from helmpanel.planning.values import is_edited, parse_values, removed_keys, values_text


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: b: c", 1, 5),
        ("replicas: 3\nimage:\n\trepository: x\n", 3, 1),
        ("a: [1, 2", 2, 1),
        ("a: 'open\n", 2, 1),
        ("a: 1\nb: *nowhere\n", 2, 4),
        ("ok: 1\nbad: \x07\n", 2, 6),
    ],
)
def test_text_that_is_no_yaml_names_line_and_column(text, line, column):
    with pytest.raises(ValuesInvalid) as caught:
        parse_values(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"line {line}" in str(caught.value)
    assert "nothing was sent to helm" in str(caught.value).lower()


@pytest.mark.parametrize(("text", "word"), [("- a\n- b\n", "a list"), ("just words", "a single value"), ("42", "a single value"), ("true", "a single value")])
def test_list_or_scalar_is_refused(text, word):
    with pytest.raises(ValuesInvalid, match=word):
        parse_values(text)


def test_several_documents_are_refused_since_helm_reads_one():
    with pytest.raises(ValuesInvalid, match="several documents"):
        parse_values("a: 1\n---\nb: 2\n")


@pytest.mark.parametrize("text", ["", "\n \n", "# only a comment\n", "null", "~", "{}"])
def test_nothing_is_empty_values(text):
    assert parse_values(text) == {}


def test_yaml_is_read_as_helm_reads_it():
    assert parse_values("a: on\nb: 0x10\nc: 2001-13-45\nd: !custom {e: 1}\n") == {"a": True, "b": 16, "c": "2001-13-45", "d": {"e": 1}}


@pytest.mark.parametrize("text", ["a: " + "[" * 50_000, "- " * 50_000 + "a", "{a: " * 50_000])
def test_deep_nesting_is_a_sentence_and_not_a_crash(text):
    with pytest.raises(ValuesInvalid):
        parse_values(text)


def test_nested_aliases_that_would_explode_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(ValuesInvalid, match="aliases"):
        parse_values("\n".join(lines))


def test_alias_to_itself_is_refused():
    with pytest.raises(ValuesInvalid):
        parse_values("a: &a [*a]")


def test_megabyte_of_values_is_accepted():
    text = "".join(f"key{i:06}: {'x' * 40}\n" for i in range(20_000))
    assert len(text) > 1_000_000
    assert len(parse_values(text)) == 20_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\nb: 2\n", "# why\nb:   2\na: 1 # comment\n"),
        ("a: yes", "a: true"),
        ("", "# nothing"),
        ("a: {b: [1, 2]}", "a:\n  b:\n  - 1\n  - 2\n"),
    ],
)
def test_same_meaning_in_another_layout_is_no_edit(before, after):
    assert not is_edited(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1", "a: 2"),
        ("a: 1", "a: '1'"),
        ("a: 1", "a: true"),
        ("a: 1", "a: 1.0"),
        ("a: 1", ""),
        ("a: [1, 2]", "a: [2, 1]"),
        ("a: {b: 1}", "a: {b: 1, c: 2}"),
        (": : :", "a: 1"),
    ],
)
def test_other_meaning_is_an_edit(before, after):
    assert is_edited(before, after)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("a: 1\nb: 2\n", "a: 1\n", ("b",)),
        ("a: {b: {c: 1, d: 2}}", "a: {b: {d: 2}}", ("a.b.c",)),
        ("a: {b: 1}\nc: 1", "", ("a", "c")),
        ("a: {b: 1}", "a: {}", ("a.b",)),
        ("a: {b: 1}", "a: null", ()),
        ("a: {b: 1}", "a: text", ()),
        ("a: [1, 2]", "a: [1]", ()),
        ("a.b: 1\nc: 1", "c: 1", ("a\\.b",)),
    ],
)
def test_keys_that_an_upgrade_on_top_cannot_remove_are_named(before, after, lost):
    assert removed_keys(before, after) == lost


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_dict_means_the_same_as_yaml_text(values):
    text = values_text(values)
    assert json.loads(text) == values
    read = yaml.load(text, yaml.CSafeLoader)
    # JSON writes 1e+16 without a dot, which YAML 1.1 takes for text but helm's reader for a number: compare everything else.
    assert _without_floats(read) == _without_floats(values)


def _without_floats(value):
    if isinstance(value, dict):
        return {key: _without_floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_floats(inner) for inner in value]
    if isinstance(value, float):
        return "float"
    try:
        float(value)
    except (TypeError, ValueError):
        return value
    return "float" if isinstance(value, str) else value


@pytest.mark.parametrize("values", [{"a": object()}, {"a": float("nan")}, {"a": {1, 2}}])
def test_dict_that_yaml_cannot_say_is_refused(values):
    with pytest.raises(ValuesInvalid, match="cannot be written"):
        values_text(values)


def test_text_stays_as_typed():
    text = "# mine\na:   on\n"
    assert values_text(text) == text
    assert values_text(None) is None
