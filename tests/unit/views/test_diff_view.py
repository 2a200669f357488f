"""The diff on the screen shows what was asked for last."""

from __future__ import annotations

import asyncio

from helmpanel.views.diff_view import DiffView


async def test_a_comparison_that_ends_late_does_not_hide_why_there_is_nothing_to_compare():
    view = DiffView()
    comparing = asyncio.create_task(view.compare("a: 1\n", "a: 2\n"))
    await asyncio.sleep(0)
    view.nothing("The values are no YAML.")
    assert await comparing is None
    assert (view.problem, view.lines, view.is_loading) == ("The values are no YAML.", [], False)


async def test_of_two_comparisons_the_later_is_shown():
    view = DiffView()
    first, second = await asyncio.gather(view.compare("a: 1\n", "a: 2\n"), view.compare("a: 1\n", "a: 3\n"))
    assert (first, second is not None) == (None, True)
    assert [line[3] for line in view.lines] == ["a: 1", "a: 3"]
