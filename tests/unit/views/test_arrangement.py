"""What is worked out again, and when: news come ten times a second."""

from __future__ import annotations

from helmpanel.model.records import releases_frame
from helmpanel.views.arrangement import Arrangement, places_of
from tests.unit.views.fake_cluster import record

FRAME = releases_frame([record(f"r{n}") for n in range(6)])


def arrangement() -> Arrangement:
    return Arrangement(2, lambda: 1.0)


def test_a_frame_is_looked_through_once_for_all_its_pages_and_orders():
    view = arrangement()
    view.arrange(FRAME)
    seen = view.seen
    view.page = 2
    assert list(view.arrange(FRAME)) == [2, 3]
    view.sort, view.descending = "name", True
    assert list(view.arrange(FRAME)) == [3, 2]
    assert view.seen is seen
    view.filters.text = "r5"
    assert list(view.arrange(FRAME)) == [5]
    assert view.seen is not seen


def test_another_frame_is_looked_through_though_it_says_the_same():
    view = arrangement()
    view.arrange(FRAME)
    seen = view.seen
    view.arrange(FRAME.copy())
    assert view.seen is not seen


def test_places_of_releases_leave_out_what_is_not_there():
    assert list(places_of(FRAME, ["team-a/r4", "team-a/nope", "team-a/r0"])) == [4, 0]
    assert list(places_of(FRAME.iloc[:0], ["team-a/r4"])) == []


def test_releases_in_order_are_in_the_order_of_the_table():
    view = arrangement()
    view.descending = True
    assert list(view.in_order(FRAME, ["team-a/r0", "team-a/r4", "team-a/gone"])) == [4, 0]
