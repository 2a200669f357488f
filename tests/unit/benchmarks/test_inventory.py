"""What the benchmark of reading makes of its runs."""

from __future__ import annotations

import argparse
import json

import pytest

from benchmarks.inventory import Run, at_least_one, goals, reading, received, seen_changes


def run(helm_s: float, first_s: float, **more: float) -> Run:
    given = {"helm_rss_mb": 800, "charts_s": first_s + 0.05, "complete_s": 0.4, "growth_mb": 20, "releases": 1_000, **more}
    return Run(helm_s=helm_s, first_s=first_s, **given)


def test_ratios_are_medians_of_each_runs_own_pair():
    found = {each.name: each for each in reading([run(6, 0.06), run(60, 0.1), run(5, 0.1)])}
    assert found["first_rows_sooner"].value == 100
    assert found["helm_list_s"].value == 6
    assert found["charts_after_rows_ms"].value == pytest.approx(50)
    assert found["complete_sooner"].value == 15
    assert found["growth_share"].value == 0.025
    assert found["growth_kb_a_release"].value == 20.5
    assert all(each.is_met for each in found.values())


def test_goals_are_those_of_the_size():
    assert (goals(1_000).sooner, goals(1_000).complete_sooner, goals(1_000).growth_share, goals(1_000).kb_a_release) == (100, 12, 0.1, 25)
    assert (goals(5_000).sooner, goals(5_000).growth_mb, goals(5_000).complete_sooner) == (60, 150, None)
    assert goals(20).sooner is None


def test_goals_that_are_set_for_a_thousand_releases_say_nothing_of_five_thousand():
    assert (goals(1_000).charts_ms, goals(1_000).idle_percent) == (100, 1)
    assert (goals(5_000).charts_ms, goals(5_000).idle_percent) == (None, None)
    found = {each.name: each for each in reading([run(30, 0.1, charts_s=0.5, releases=5_000)])}
    assert found["charts_after_rows_ms"].goal is None


def test_bytes_are_compared_with_helms_and_shared_out_to_releases():
    found = {each.name: (each.value, each.unit) for each in received(250_000_000, 51_200_000, releases=1_000)}
    assert found == {
        "helm_received_mb": (250, "MB"),
        "received_mb": (51.2, "MB"),
        "received_share": (0.205, "of helm's"),
        "received_kb_a_release": (50, "KB"),
    }


def test_what_falls_short_is_said():
    found = {each.name: each.is_met for each in reading([run(3, 0.06, complete_s=1, growth_mb=100, charts_s=0.5)])}
    assert [name for name, is_met in found.items() if not is_met] == [
        "first_rows_sooner",
        "charts_after_rows_ms",
        "complete_sooner",
        "growth_share",
        "growth_kb_a_release",
    ]


class Follower:
    """Answers `seen` with one thing after another, the last for ever."""

    def __init__(self, *answers: dict[str, tuple[int, float]]) -> None:
        self.answers = list(answers)

    def ask(self, _text: str) -> str:
        return json.dumps(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


def test_a_change_that_comes_late_is_waited_for_and_counted():
    seen = seen_changes(Follower({"a/web": (1, 5.0)}, {"a/web": (1, 5.0)}, {"a/web": (2, 13.0)}), {"a/web": 10.0})
    assert seen["a/web"][1] == 13.0


def test_a_change_that_never_comes_ends_the_run_and_is_named():
    with pytest.raises(RuntimeError, match=r"1 of 2 changes .*\['a/web'\]"):
        seen_changes(Follower({"a/web": (1, 5.0), "a/api": (2, 11.0)}), {"a/web": 10.0, "a/api": 10.0}, patience_s=0.3)


def test_there_is_nothing_to_measure_in_less_than_one():
    assert at_least_one("1") == 1
    with pytest.raises(argparse.ArgumentTypeError, match="less than 1"):
        at_least_one("0")
