"""The rollback and uninstall forms without a screen."""

import pytest

from helmpanel.errors import Forbidden, ReleaseNotFound
from helmpanel.views.rollback import RollbackForm, best_target
from helmpanel.views.uninstall import UninstallForm, plural
from tests.unit.views.fakes import KEY, FakeCluster, revision
from tests.waiting import until


async def rollback(cluster, to=None):
    form = RollbackForm(cluster, KEY, to)
    await form.load()
    await until(lambda: (not form.go.disabled_why and not form.diff.is_loading) or form.note_is_problem)
    return form


async def test_both_sides_stand_beside_each_other():
    form = await rollback(FakeCluster(), 20)
    assert form.title == "Roll back jupyterhub to revision 20?"
    assert form.comparison.columns == ["Now, revision 22", "Target, revision 20"]
    assert [row[:3] for row in form.comparison.rows[:2]] == [["Chart", "4.1.0", "4.0.0"], ["App version", "5.2", "5.2"]]
    assert [row[0] for row in form.comparison.rows] == ["Chart", "App version", "Date", "Status"]
    assert (form.diff.added, form.diff.removed) == (2, 4)
    assert "hunter2" not in str(form.diff.param.values())
    assert form.facts == ["Becomes revision 23"]
    form.go._handle_msg({"event": "press"})
    await until(form.answered.done)
    plan = form.answered.result()
    assert plan.argv[:3] == ("rollback", "jupyterhub", "20")
    assert plan.revision == 22


async def test_without_a_revision_the_last_one_that_worked_is_offered():
    form = await rollback(FakeCluster())
    assert form.go.label == "Roll back to revision 20"
    assert [value for value, _ in form.target.options] == ["21", "20"]


async def test_a_failed_target_says_so():
    form = await rollback(FakeCluster(), 21)
    assert form.warning.visible
    assert form.warning.title == "Revision 21 did not work: failed"
    form.target.value = "20"
    await until(lambda: form._plan is not None)
    assert not form.warning.visible
    assert form.title.endswith("to revision 20?")


async def test_a_release_with_one_revision_cannot_be_rolled_back():
    cluster = FakeCluster()
    cluster.kept = [revision(22, "deployed", "4.1.0")]
    form = await rollback(cluster)
    assert "nothing to roll back to" in form.note
    assert form.go.disabled_why


async def test_a_revision_that_is_gone_is_told_and_another_offered():
    form = await rollback(FakeCluster(), 3)
    assert "Revision 3 is not stored any more" in form.warning.title
    assert form.go.label == "Roll back to revision 20"


async def test_a_history_that_cannot_be_read_is_a_sentence():
    cluster = FakeCluster()
    cluster.failing["revisions"] = ReleaseNotFound("analytics/jupyterhub is gone. Refresh the list.")
    form = await rollback(cluster)
    assert "is gone" in form.note


def test_nothing_above_the_current_revision_is_offered_first():
    kept = [revision(5, "failed", "1"), revision(4, "deployed", "1"), revision(3, "superseded", "1")]
    assert best_target(kept, 4) == 3
    assert best_target(kept, 5) == 4
    assert best_target(kept[:1], 5) is None


async def uninstall(cluster):
    form = UninstallForm(cluster, KEY)
    await form.load()
    await until(lambda: not form.fate.is_loading)
    return form


async def test_what_goes_and_what_stays_is_named():
    form = await uninstall(FakeCluster())
    assert form.fate.goes[0] == [2, "Deployments", "hub, proxy"]
    assert form.fate.goes[-1][:2] == [3, "revisions of history"]
    assert form.fate.stays == [[1, "Secret", "key. Kept by its resource policy"]]
    assert form.facts[0] == "jupyterhub 4.1.0"
    assert (form.where, form.context, form.start_at) == ("analytics", "prod-eu-1", "cancel")
    await until(lambda: form.note == "3 objects will be deleted and the history with them.")


async def test_the_name_must_be_typed_before_it_runs():
    form = await uninstall(FakeCluster())
    form.typed.value = "jupyter"
    await until(lambda: form.go.disabled_why == "Type the release's name first")
    form.go._handle_msg({"event": "press"})
    form.typed.value = "jupyterhub"
    await until(lambda: not form.go.disabled_why)
    assert not form.answered.done()
    form.typed._handle_msg({"event": "enter"})
    await until(form.answered.done)
    assert form.answered.result().argv[:2] == ("uninstall", "jupyterhub")
    assert "--keep-history" not in form.answered.result().argv


async def test_kept_history_moves_to_what_stays_and_reaches_the_command():
    form = await uninstall(FakeCluster())
    form.keep.value = True
    assert form.fate.stays[-1][:2] == [3, "revisions of history"]
    form.typed.value = "jupyterhub"
    await until(lambda: form._plan is not None)
    assert "--keep-history" in form._plan.argv


async def test_an_unknown_fate_is_told_and_does_not_block():
    cluster = FakeCluster()
    cluster.failing["uninstall_preview"] = Forbidden("You may not list secrets.", verb="list", resource="secrets", namespace="analytics")
    form = await uninstall(cluster)
    assert "not known" in form.fate.problem
    form.typed.value = "jupyterhub"
    await until(lambda: not form.go.disabled_why)


@pytest.mark.parametrize(
    ("kind", "many"), [("Deployment", "Deployments"), ("Ingress", "Ingresses"), ("NetworkPolicy", "NetworkPolicies"), ("Gateway", "Gateways")]
)
def test_kinds_are_counted_in_plain_words(kind, many):
    assert plural(kind, 2) == many
    assert plural(kind, 1) == kind
