"""Words and small decisions of the forms."""

import subprocess

import pytest

from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.planning.offers import first_choice, offers, shown
from helmpanel.views.command_view import command_text
from helmpanel.views.upgrade.wording import mode_cards, primary_word, stored_after
from helmpanel.views.wait_options import timeout_s
from tests.unit.views.fakes import version

NEWER = Availability(state=AvailabilityState.NEWER, version="4.2.0", source="hub", step="minor")
UNKNOWN = Availability(state=AvailabilityState.UNKNOWN, reason="x")


def test_a_pasted_command_means_the_same_argv():
    """Asked of a real shell: it joins continued lines and undoes the quotes."""
    argv = ["upgrade", "web", "repo/web", "--version", "1 0", "-f", "-", "--set", "a='b\"", "$(id)", "`id`", "-x\n y", "&", "--", "--help", "-", "~", "\\", "ü"]
    command = command_text(argv).replace("helm", "printf '%s\\0'", 1)
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout
    assert said.split("\0")[:-1] == argv


def test_a_command_has_a_line_for_each_flag():
    argv = ["upgrade", "web", "repo/web", "--version", "1.0", "--reuse-values", "-f", "-", "--timeout=5m"]
    assert command_text(argv) == "helm upgrade web repo/web \\\n  --version 1.0 \\\n  --reuse-values \\\n  -f - \\\n  --timeout=5m"


def test_cards_stand_in_the_order_of_the_issue_each_with_its_flag():
    cards = mode_cards(is_edited=False, has_text=True)
    assert [card["code"] for card in cards] == ["--reuse-values", "--reset-then-reuse-values", "--reset-values -f -"]
    assert all(card["text"].startswith("Stored: ") for card in cards)
    assert mode_cards(is_edited=True, has_text=True)[0]["code"] == "--reuse-values -f -"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("300", 300),
        ("5m", 300),
        ("5 min", 300),
        ("1h 30m", 5400),
        ("1 h", 3600),
        ("90 s", 90),
        ("0", None),
        ("", None),
        ("soon", None),
        ("25h", None),
        ("5 m 5", 305),
    ],
)
def test_timeouts_are_read_as_people_write_them(text, seconds):
    assert timeout_s(text) == seconds


def test_a_merge_keeps_what_the_editor_lost():
    old, new = stored_after("a: 1\nb: {c: 2, d: 3}\n", "b: {c: 9}\n", "reuse")
    assert old == "a: 1\nb:\n  c: 2\n  d: 3\n"
    assert new == "a: 1\nb:\n  c: 9\n  d: 3\n"
    assert stored_after("a: 1\n", "b: 1\n", "reset") == ("a: 1\n", "b: 1\n")
    assert stored_after("a: 1\n", "", "reset") == ("a: 1\n", "")
    assert stored_after("a: 1\n", "", "reuse") == ("a: 1\n", "a: 1\n")


@pytest.mark.parametrize(("mark", "word"), [("minor", "Upgrade to 2"), ("downgrade", "Downgrade to 2"), ("running", "Apply 2 again"), ("", "Upgrade to 2")])
def test_the_button_says_what_it_does(mark, word):
    assert primary_word("2", mark) == word


def test_versions_are_marked_against_the_one_that_runs():
    made = offers([version(v, 1) for v in ("5.0.0", "4.2.0-rc.1", "4.1.1", "v4.1.0", "4.0.0", "banana")], "4.1.0")
    assert [one.mark for one in made] == ["major", "pre-release", "patch", "running", "downgrade", ""]
    assert [one.version for one in shown(made, prereleases=False)] == ["5.0.0", "4.1.1", "v4.1.0", "4.0.0", "banana"]


def test_the_announced_version_is_chosen_else_the_newest_stable_one():
    made = offers([version("5.0.0-rc.1", 1), version("4.3.0", 1, deprecated=True), version("4.2.0", 2), version("4.1.0", 3)], "4.1.0")
    assert first_choice(made, NEWER) == "4.2.0"
    assert first_choice(made, UNKNOWN) == "4.2.0"
    assert first_choice(offers([version("4.0.0", 1)], "4.1.0"), UNKNOWN) == "4.0.0"
    assert first_choice([], UNKNOWN) == ""
