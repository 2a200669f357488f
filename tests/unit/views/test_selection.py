"""Releases that a person selects, and the table that is copied of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.dashboard import Dashboard
from helmpanel.views.listing import Listing
from helmpanel.views.selection import Selection, cell_text, table_text
from tests.unit.views.fake_cluster import FakeCluster, record
from tests.unit.views.test_listing import quiet, send

FOUR = [record(name) for name in ("a", "b", "c", "d")]


def select(view: Listing, *names: str, is_on: bool = True) -> None:
    send(view.table, "select", keys=[f"team-a/{name}" for name in names], is_on=is_on)


def test_releases_are_selected_once_and_in_the_order_of_selecting():
    selection = Selection()
    selection.choose(["b", "a", "b"], is_on=True)
    selection.choose(["a", "c"], is_on=True)
    assert selection.keys == ["b", "a", "c"]
    selection.choose(["a"], is_on=False)
    assert selection.keys == ["b", "c"]
    selection.clear()
    assert selection.keys == []


def test_a_selection_outlives_news_order_filters_and_pages():
    cluster = FakeCluster(FOUR, page_size=2)
    view = quiet(cluster)
    select(view, "a", "b")
    assert (view.table.selected, view.table.chosen) == (["team-a/a", "team-a/b"], 2)
    send(view.table, "page", number=2)
    assert (view.table.selected, view.table.chosen) == ([], 2)
    send(view.table, "sort", column="name", descending=True)
    send(view.bar, "search", text="b")
    cluster.read([record("b", revision=9), *FOUR[2:], FOUR[0]])
    view.show()
    assert (view.table.selected, view.table.chosen) == (["team-a/b"], 2)
    send(view.bar, "search", text="")
    send(view.table, "page", number=2)
    assert sorted(view.table.selected) == ["team-a/a", "team-a/b"]
    select(view, "a", is_on=False)
    assert view.selection.keys == ["team-a/b"]
    send(view.table, "clear")
    assert (view.table.selected, view.table.chosen) == ([], 0)


def test_a_release_that_is_gone_leaves_the_selection_though_its_row_still_stands():
    cluster = FakeCluster(FOUR)
    view = quiet(cluster)
    select(view, "a", "b")
    send(view.table, "hold")
    cluster.read(FOUR[1:])
    view.show()
    assert view.selection.keys == view.table.selected == ["team-a/b"]
    assert view.table.rows[0]["gone"]


def test_what_a_browser_makes_up_is_not_selected():
    view = quiet(FakeCluster(FOUR))
    send(view.table, "select", keys=["team-a/nope", "__class__", 7, None, "team-a/a"], is_on=True)
    assert view.selection.keys == ["team-a/a"]


def test_code_reads_and_sets_what_a_dashboard_has_selected():
    dashboard = Dashboard(FakeCluster(FOUR), is_cell=True)
    dashboard.selected = ["team-a/c", "team-a/nope"]
    dashboard.__panel__()
    assert dashboard.selected == dashboard.listing.table.selected == ["team-a/c"]
    select(dashboard.listing, "a")
    assert dashboard.selected == ["team-a/c", "team-a/a"]
    dashboard.selected = ["team-a/b"]
    assert dashboard.listing.table.selected == ["team-a/b"]
    dashboard.stop()


def test_the_selected_releases_are_copied_as_a_table_in_the_order_shown():
    view = quiet(FakeCluster(FOUR, page_size=2))
    told: list[dict[str, str]] = []
    view.table._send_msg = told.append  # type: ignore[method-assign]
    select(view, "a", "d", "b")
    send(view.table, "sort", column="name", descending=True)
    send(view.table, "copy")
    lines = told[0]["copied"].splitlines()
    assert lines[0].split("\t")[:3] == ["Status", "Name", "Namespace"]
    assert [line.split("\t")[1] for line in lines[1:]] == ["d", "b", "a"]
    assert {len(line.split("\t")) for line in lines} == {len(lines[0].split("\t"))}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("a\tb\r\nc\u2028d\x0be", "a b c d e"),
        (None, ""),
        (7, "7"),
    ],
)
def test_text_from_outside_stays_in_its_cell_and_is_never_computed(value: object, text: str):
    assert cell_text(value) == text


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text()}), max_size=4))
def test_any_texts_make_a_table_of_as_many_cells(rows: list[dict[str, str]]):
    lines = table_text(rows, {"A": "a", "B": "b"}).removesuffix("\n").split("\n")
    assert len(lines) == len(rows) + 1
    assert {line.count("\t") for line in lines} == {1}
