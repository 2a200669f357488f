"""What travels together, and what does not wait for it."""

from __future__ import annotations

import pytest

from helmpanel.inventory.pacing import BULK_S, FEW, SCREEN_S, TOGETHER_S, News, is_due


def news(count: int = 1, *, is_shown: bool = False, is_screen_waiting: bool = False, is_last: bool = False) -> News:
    return News(count=count, is_shown=is_shown, is_screen_waiting=is_screen_waiting, is_last=is_last)


@pytest.mark.parametrize(
    ("what", "due_s"),
    [
        (news(), TOGETHER_S),
        (news(0), TOGETHER_S),
        (news(FEW), TOGETHER_S),
        (news(FEW + 1), BULK_S),
        (news(FEW + 1, is_last=True), TOGETHER_S),
        (news(FEW + 1, is_screen_waiting=True), BULK_S),
        (news(500, is_shown=True, is_screen_waiting=True), SCREEN_S),
        (news(is_shown=True, is_screen_waiting=True, is_last=True), SCREEN_S),
    ],
    ids=["one", "the state", "few", "a part of a bulk", "the end of a bulk", "a bulk the screen waits for", "a screen not whole", "at the end"],
)
def test_news_are_written_when_nothing_more_is_to_come_with_them(what: News, due_s: float) -> None:
    assert not is_due(what, due_s - 0.001)
    assert is_due(what, due_s)


def test_news_on_screen_wait_for_nothing_but_the_rest_of_the_screen() -> None:
    assert is_due(news(500, is_shown=True), 0)
