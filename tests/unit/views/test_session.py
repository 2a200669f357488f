"""Where a view's news go."""

from __future__ import annotations

from helmpanel.views.session import Held


def test_news_wait_until_the_browser_has_drawn_and_come_in_order():
    """A cell's output is a snapshot: a change sent before the browser listens is lost for good."""
    seen: list[int] = []
    held = Held(lambda call: call())
    held(lambda: seen.append(1))
    held(lambda: seen.append(2))
    assert seen == []
    held.open()
    assert seen == [1, 2]
    held(lambda: seen.append(3))
    assert seen == [1, 2, 3]


def test_a_second_output_of_the_same_dashboard_delivers_nothing_twice():
    seen: list[int] = []
    held = Held(lambda call: call())
    held(lambda: seen.append(1))
    held.open()
    held.open()
    assert seen == [1]
