"""Values merged and written as helm does; the real helm holds it to that in tests/cluster/reading/test_opened.py."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.inventory.values import as_yaml, computed

scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12))
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3)), max_leaves=10
)
tables = st.dictionaries(st.text(min_size=1, max_size=6), values, max_size=4)


@pytest.mark.parametrize(
    "text", ["on", "Yes", "n", "~", "null", "1e3", "0123", "0x1F", "1_000", "12:30", "2001-01-01", "=", "<<", ".5", "+1", "", " x", "a: b", "x #y", "-"]
)
def test_text_that_looks_like_something_else_is_quoted(text):
    """PyYAML reads back what it wrote; Go's reader takes more for numbers, `1e3` and `0o14` among them."""
    assert as_yaml({"a": text}) == f'a: "{text}"\n'


def test_plain_text_stays_plain_and_lines_stay_lines():
    assert as_yaml({"b": "registry.example/app-1", "a": "one\ntwo\n"}) == "a: |\n  one\n  two\nb: registry.example/app-1\n"


def test_no_values_are_no_text():
    assert as_yaml({}) == ""


@given(tables)
def test_what_is_written_reads_as_the_same_data(table):
    assert told(yaml.safe_load(as_yaml(table)) or {}) == told(table)


def told(table):
    """As text, for to Python true is 1; numbers as the 64-bit floats they are to helm, which knows no -0."""
    return json.dumps(json.loads(json.dumps(table), parse_int=float, parse_float=lambda text: float(text) + 0.0), sort_keys=True)


@pytest.mark.parametrize(
    ("number", "text"),
    [(5, "5"), (1000.0, "1000"), (2**53 + 1, "9007199254740992"), (12345678901234567890, "12345678901234567000"), (1e21, "1.0e+21"), (0.5, "0.5"), (-0.0, "0")],
)
def test_number_is_the_one_helm_makes_of_it(number, text):
    """As `helm get values` prints it, but for an exponent's `.0`, without which others than helm take the number for a text."""
    assert as_yaml({"a": number}) == f"a: {text}\n"


def test_null_that_takes_nothing_away_stays_and_two_nulls_at_the_top_are_none():
    for major in (3, 4):
        assert computed({"t": {"y": 1}}, {"new": None, "t": {"x": None}}, helm_major=major) == {"new": None, "t": {"x": None, "y": 1}}
        assert computed({"a": None}, {"a": None}, helm_major=major) == {}
    assert computed({"t": {"x": None}}, {"t": {"x": None}}, helm_major=3) == {"t": {}}
    assert computed({"t": {"x": None}}, {"t": {"x": None}}, helm_major=4) == {"t": {"x": None}}


@given(tables, tables, st.sampled_from([3, 4]))
def test_merging_changes_neither_side_and_keeps_what_was_supplied(chart, supplied, major):
    before = json.dumps([chart, supplied])
    found = computed(chart, supplied, helm_major=major)
    assert json.dumps([chart, supplied]) == before
    for key, value in supplied.items():
        if value is not None and not isinstance(value, dict):
            assert found[key] == value
    assert found.keys() <= chart.keys() | supplied.keys()


def test_null_takes_a_default_away():
    assert computed({"a": 1, "t": {"x": 1, "y": 2}}, {"a": None, "t": {"x": None}}, helm_major=4) == {"t": {"y": 2}}


def test_majors_differ_in_nulls_of_the_chart():
    assert computed({"a": None, "t": {"x": None}}, {}, helm_major=3) == {"a": None, "t": {"x": None}}
    assert computed({"a": None, "t": {"x": None}}, {}, helm_major=4) == {"t": {}}
