"""Whether what was known of workloads still counts where they cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helmpanel.inventory.health.kept import KEPT_S, Kept

START = datetime(2026, 5, 5, 12, tzinfo=UTC)


def at(s):
    return START + timedelta(seconds=s)


def failing(*places):
    kept = Kept()
    kept.note(places or (None,), START)
    return kept


def test_what_fails_beside_releases_that_are_heard_of_counts_no_more_after_a_while_until_it_is_read():
    kept = failing("a", "b")
    assert not kept.weigh(at(KEPT_S - 1), heard=at(KEPT_S - 1), is_away=False)
    kept.note(["a"], at(KEPT_S - 1))
    assert kept.is_believed("a")
    assert kept.weigh(at(KEPT_S), heard=at(KEPT_S), is_away=False)
    assert (kept.is_believed("a"), kept.is_believed("b")) == (False, True)
    assert not kept.weigh(at(KEPT_S + 1), heard=at(KEPT_S + 1), is_away=False), "it is told once"
    kept.note([], at(KEPT_S + 2))
    assert kept.is_believed("a")


def test_time_in_which_nothing_is_heard_of_the_releases_does_not_count():
    """Their watch may not have noticed yet."""
    kept = failing()
    assert not kept.weigh(at(1000), heard=at(1), is_away=False)
    assert not kept.weigh(at(1000), heard=None, is_away=False)
    assert kept.is_believed(None)


def test_it_counts_while_the_cluster_is_away_and_for_a_while_after_that():
    """After an outage the watch of the releases may be back half a minute before another."""
    kept = failing()
    assert not kept.weigh(at(1000), heard=at(0), is_away=True)
    assert not kept.weigh(at(1001), heard=at(1001), is_away=False)
    assert kept.is_believed(None)
    assert kept.weigh(at(1000 + KEPT_S), heard=at(1000 + KEPT_S), is_away=False)


def test_what_was_lost_before_the_cluster_went_away_does_not_come_back_by_that():
    kept = failing()
    kept.weigh(at(KEPT_S), heard=at(KEPT_S), is_away=False)
    kept.note([None], at(1000))
    assert not kept.weigh(at(1000), heard=at(KEPT_S), is_away=True)
    assert not kept.is_believed(None)
