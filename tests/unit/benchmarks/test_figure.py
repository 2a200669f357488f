"""Figures, and the page that is written from them."""

from __future__ import annotations

import json

from benchmarks.figure import Figure, as_json, p95, replaced, rounded
from benchmarks.page import Section, missed, table, written

MET = Figure(name="first_rows_s", value=0.05, unit="s", what="connect() to the first rows")
SOONER = Figure(name="first_rows_sooner", value=80, unit="x", goal=100, is_floor=True, what="than helm")
LATE = Figure(name="change_p95_ms", value=120, unit="ms", goal=100, what="a change")


def test_a_goal_is_an_upper_bound_and_for_a_floor_a_lower_one():
    assert [each.is_met for each in (MET, SOONER, LATE)] == [True, False, False]
    assert Figure(name="a", value=100, unit="x", goal=100, is_floor=True).is_met
    assert Figure(name="a", value=100, unit="ms", goal=100).is_met
    assert Figure(name="a", value=101, unit="x", goal=100, is_floor=True).is_met
    assert Figure(name="a", value=99, unit="ms", goal=100).is_met


def test_json_is_one_object_of_figures_by_name():
    assert json.loads(as_json([MET, LATE])) == {
        "first_rows_s": {"value": 0.05, "unit": "s", "goal": None, "met": True},
        "change_p95_ms": {"value": 120, "unit": "ms", "goal": 100, "met": False},
    }


def test_several_sizes_have_names_of_their_own():
    assert [each.name for each in replaced([MET, LATE], "_5000")] == ["first_rows_s_5000", "change_p95_ms_5000"]


def test_95_of_100_values_do_not_exceed_p95():
    assert p95(range(1, 101)) == 95
    assert p95([7.0]) == 7.0
    assert p95([3, 1, 2]) == 3


def test_three_digits_count():
    assert [rounded(value) for value in (123456.0, 0.0123456, 1.0)] == [123000.0, 0.0123, 1.0]


def test_a_table_has_a_line_for_each_figure_and_marks_the_missed():
    assert table([MET, SOONER])[2:] == [
        "| first_rows_s | 0.05 s | – | connect() to the first rows |",
        "| first_rows_sooner | 80 x | at least 100 **missed** | than helm |",
    ]


def test_the_page_says_first_which_goals_are_missed():
    assert missed([Section("1,000 releases", "command", [MET])]) == "Every goal is reached."
    both = [Section("1,000 releases", "command", [MET, SOONER]), Section("The browser", "other", [LATE])]
    assert missed(both) == "2 goals are missed: first_rows_sooner (1,000 releases): 80 x; change_p95_ms (The browser): 120 ms."
    assert missed(both[1:]).startswith("1 goal is missed: ")
    text = written(both, machine="2 cores", date="2026-11-27")
    assert "Written by `make bench` on 2026-11-27: 2 cores." in text
    assert text.index(missed(both)) < text.index("## 1,000 releases\n\n`command`") < text.index("## The browser\n\n`other`")
