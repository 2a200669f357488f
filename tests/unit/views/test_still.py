"""Which rows stand on a page while somebody is in the table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helmpanel.views.still import Standing, standing

ALL = ("a", "b", "c", "d", "e")


def stand(page: str, *, shown: str = "abc", listed: str = "abcde", there: str | None = None, is_held: bool = True) -> Standing:
    return standing(shown=tuple(shown), listed=set(listed), page=tuple(page), there=set(listed + page if there is None else there), is_held=is_held)


def test_a_page_that_nobody_is_in_is_as_the_cluster_is():
    assert stand("xab", is_held=False) == Standing(keys=("x", "a", "b"))


def test_held_rows_keep_their_places_in_any_new_order():
    assert stand("cba") == Standing(keys=("a", "b", "c"))


def test_a_new_release_waits_and_is_counted():
    held = stand("axb")
    assert (held.keys, held.new, held.waits) == (("a", "b", "c"), 1, "1 new")


def test_a_gone_release_keeps_its_place_and_is_counted():
    held = stand("acd", there="acde")
    assert (held.keys, held.gone, held.new, held.waits) == (("a", "b", "c"), frozenset("b"), 0, "1 gone")


def test_a_release_that_moves_here_from_another_page_is_not_new():
    assert stand("dab").waits == ""


def test_a_release_that_fits_the_filters_no_more_is_not_gone():
    assert stand("ac", there="abcde").waits == ""


def test_new_and_gone_are_told_together():
    assert stand("xyc", there="cdexy").waits == "2 new, 2 gone"


def test_an_empty_page_holds_nothing():
    """Else the first releases of all would wait for the pointer to leave."""
    assert stand("ab", shown="").keys == ("a", "b")


@given(st.permutations(ALL), st.permutations(ALL), st.sets(st.sampled_from(ALL)))
def test_whatever_comes_and_goes_held_rows_neither_move_nor_vanish(shown: list[str], page: list[str], there: set[str]):
    held = standing(shown=shown, listed=set(shown), page=[key for key in page if key in there], there=there, is_held=True)
    assert held.keys == tuple(shown)
    assert held.gone == set(shown) - there
    assert held.new == 0
