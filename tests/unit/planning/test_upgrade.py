"""The plan of an upgrade says exactly what runs."""

import pytest

from helmpanel.errors import PlanInvalid, ValuesInvalid
from helmpanel.helm.argv import Target
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import OperationKind
from helmpanel.planning.upgrade import UpgradeWish, plan_upgrade

KEY = ReleaseKey("prod", "team-a", "web")


def plan(*, current="1.2.0", stored="replicas: 2\n", major=4, **wish):
    return plan_upgrade(
        KEY,
        UpgradeWish(**{"chart": "repo/web", "version": "1.4.0", **wish}),
        revision=7,
        current_version=current,
        current_values=stored,
        target=Target(context="prod"),
        major=major,
    )


def test_unedited_text_on_top_of_stored_values_is_not_sent():
    made = plan(values="# looked at it\nreplicas:   2\n")
    assert made.stdin is None
    assert "-f" not in made.argv
    assert "--reuse-values" in made.argv


def test_edited_text_is_sent_as_typed_on_standard_input():
    text = "# more\nreplicas: 3\n"
    made = plan(values=text)
    assert made.stdin == text
    assert made.argv[made.argv.index("-f") :][:2] == ("-f", "-")
    assert not any("replicas" in word for word in made.argv)


def test_exact_mode_sends_text_even_when_unedited():
    made = plan(values="replicas: 2\n", mode="reset")
    assert made.stdin == "replicas: 2\n"
    assert "--reset-values" in made.argv


def test_text_counts_as_edited_while_stored_values_are_not_known():
    assert plan(values="replicas: 2\n", stored=None).stdin == "replicas: 2\n"


def test_emptied_editor_in_exact_mode_sends_nothing_but_the_flag():
    made = plan(values="", mode="reset")
    assert made.stdin is None
    assert "--reset-values" in made.argv
    assert "with the chart's defaults only" in made.sentence


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (
            {"values": "replicas: 3\n"},
            "Upgrades web from 1.2.0 to 1.4.0 with your values on top of the stored ones, waits up to 5 min.",
        ),
        ({"wait": False}, "Upgrades web from 1.2.0 to 1.4.0 with its stored values, does not wait until it is ready."),
        ({"mode": "reset-then-reuse"}, "Upgrades web from 1.2.0 to 1.4.0 with its stored values on the new defaults, waits up to 5 min."),
        (
            {"mode": "reset", "values": "a: 1", "timeout_s": 90, "rollback_on_failure": True},
            "Upgrades web from 1.2.0 to 1.4.0 with exactly the values given, waits up to 1 min 30 s and rolls back if that fails.",
        ),
        ({"version": ""}, "Upgrades web from 1.2.0 to the newest version with its stored values, waits up to 5 min."),
        ({"version": "1.2.0"}, "Upgrades web at 1.2.0 again with its stored values, waits up to 5 min."),
    ],
)
def test_sentence_says_what_will_happen(wish, sentence):
    assert plan(**wish).sentence == sentence


def test_target_names_both_versions():
    assert plan().target == "1.2.0 → 1.4.0"
    assert plan(version="").target == "1.2.0 → newest"


def test_plan_remembers_the_revision_it_was_made_for_and_hides_values():
    made = plan(values="password: hunter2\n")
    assert (made.kind, made.revision, made.timeout_s) == (OperationKind.UPGRADE, 7, 300)
    assert "hunter2" not in repr(made)


def test_rolling_back_on_failure_waits_even_when_not_asked_to():
    assert "--wait" in plan(wait=False, rollback_on_failure=True, major=3).argv


@pytest.mark.parametrize("wish", [{"chart": "  "}, {"mode": "merge"}, {"chart": "a\nb"}, {"version": "1.0\0"}])
def test_what_cannot_be_planned_is_refused(wish):
    with pytest.raises(PlanInvalid):
        plan(**wish)


@pytest.mark.parametrize("timeout_s", [0, 0.5, -3, float("nan"), float("inf"), 10**9, True, "5m"])
def test_impossible_timeout_is_refused(timeout_s):
    with pytest.raises(PlanInvalid, match="timeout"):
        plan(timeout_s=timeout_s)


def test_invalid_values_are_refused_before_anything_else_runs():
    with pytest.raises(ValuesInvalid):
        plan(values="- a list\n")
