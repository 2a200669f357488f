from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helmpanel.views import words

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "Just now"),
        (9, "Just now"),
        (10, "10 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3600, "1 h ago"),
        (86400, "1 day ago"),
        (63 * 86400, "63 days ago"),
    ],
)
def test_ages_are_said_in_the_largest_unit_that_fits(seconds: int, said: str):
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == said


def test_a_time_in_the_future_is_now():
    """Clocks of cluster and viewer differ."""
    assert words.ago(NOW + timedelta(minutes=3), NOW) == "Just now"


def test_what_is_not_known_is_empty():
    assert (words.ago(None), words.exact(None), words.millis(None)) == ("", "", None)


def test_counts_agree_with_their_noun():
    assert [words.count(n, "release") for n in (0, 1, 2, 12000)] == ["0 releases", "1 release", "2 releases", "12,000 releases"]


def test_durations():
    assert [words.duration(s) for s in (7.9, 72, 240, 3600, 7300)] == ["7 s", "1 min 12 s", "4 min", "60 min", "2 h"]


def test_the_browser_says_ages_in_the_same_words():
    """The page counts on by itself: `ago` stands in common.js too."""
    text = (Path(words.__file__).parent / "js" / "common.js").read_text(encoding="utf-8")
    body = text[text.index("function ago(") :]
    assert re.findall(r"seconds < (\d+)", body)[:4] == ["10", "60", "3600", "86400"]
    assert [unit in body for unit in ("s ago", "min ago", "h ago", "days ago", "Just now", "1 day ago")] == [True] * 6
