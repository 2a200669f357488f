"""The plan of a rollback."""

import pytest

from helmpanel.errors import PlanInvalid
from helmpanel.helm.argv import Target
from helmpanel.model.keys import ReleaseKey
from helmpanel.planning.rollback import plan_rollback

KEY = ReleaseKey("prod", "team-a", "web")


def plan(to, **kwargs):
    return plan_rollback(KEY, to, **{"revision": 7, "wait": True, "timeout_s": 300, "target": Target(context="prod"), "major": 4, **kwargs})


def test_command_names_the_revision_and_the_sentence_both():
    made = plan(3)
    assert made.argv[:3] == ("rollback", "web", "3")
    assert made.sentence == "Rolls web back from revision 7 to revision 3, waits up to 5 min."
    assert (made.target, made.revision) == ("to revision 3", 7)


@pytest.mark.parametrize("to", [0, -1, "3", True, None])
def test_what_is_no_revision_is_refused(to):
    # helm takes 0 for "the one before", which may be a failed one.
    with pytest.raises(PlanInvalid, match="no revision"):
        plan(to)
