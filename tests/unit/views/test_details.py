"""The details without a screen: tabs read lazily, follow the release, and show no secret."""

from helmpanel.errors import Unreachable
from helmpanel.views.details import DetailsForm
from tests.unit.views.fakes import KEY, FakeCluster
from tests.waiting import until


def opened(cluster, **more):
    acts = []
    form = DetailsForm(cluster, KEY, lambda *what: acts.append(what), **more)
    return form, acts


async def test_only_the_tab_that_is_looked_at_is_read():
    cluster = FakeCluster()
    form, _ = opened(cluster)
    await form.load()
    await until(lambda: len(form.info.sections) == 3 and form.info.sections[2]["rows"][-1][0] == "Values")
    assert "manifest" not in cluster.calls
    form.tabs.value = "manifest"
    await until(lambda: form.manifest.lines)
    assert form.manifest.summary == "Revision 22 · 2 objects · 5 lines"
    count = cluster.calls.count("manifest")
    form.tabs.value = "info"
    form.tabs.value = "manifest"
    assert cluster.calls.count("manifest") == count
    form.closed()


async def test_history_is_newest_first_with_the_current_one_marked():
    form, acts = opened(FakeCluster(), tab="history")
    await form.load()
    await until(lambda: form.history.revisions)
    assert [one["revision"] for one in form.history.revisions] == [22, 21, 20]
    assert [one["is_current"] for one in form.history.revisions] == [True, False, False]
    assert [one["is_failed"] for one in form.history.revisions] == [False, True, False]
    assert form.tabs.tabs[3]["count"] == "3"
    form.history._handle_msg({"event": "rollback", "revision": 20})
    assert acts == [("rollback", KEY, 20)]
    form.closed()


async def test_mine_and_computed_values_are_read_apart():
    cluster = FakeCluster()
    form, _ = opened(cluster, tab="values")
    await form.load()
    mine, computed = form.values.part.parts
    await until(lambda: mine.lines == 6)
    assert computed.lines == 0
    form.values.part.value = "computed"
    await until(lambda: computed.lines == 7)
    form.closed()


async def test_what_was_shown_is_read_again_when_the_release_moves():
    cluster = FakeCluster()
    form, _ = opened(cluster, tab="manifest")
    await form.load()
    await until(lambda: form.manifest.version == 1)
    cluster.object.param.update(revision=23, status="failed")
    await until(lambda: form.manifest.version == 2)
    assert form.status == ["failed", "Failed"]
    assert "Revision 23" in form.facts
    form.closed()


async def test_a_release_that_goes_while_it_is_looked_at_is_told():
    cluster = FakeCluster()
    form, _ = opened(cluster)
    await form.load()
    cluster.object.is_gone = True
    await until(lambda: form.upgrade.disabled_why)
    assert "not in the cluster any more" in form.note
    form.closed()


async def test_what_cannot_be_read_is_a_sentence_and_tried_again():
    cluster = FakeCluster()
    cluster.failing["manifest"] = Unreachable("prod-eu-1 does not answer. Try again.")
    form, _ = opened(cluster, tab="manifest")
    await form.load()
    await until(lambda: form.manifest.problem)
    assert "does not answer" in form.manifest.problem
    cluster.failing.clear()
    form.tabs.value = "notes"
    form.tabs.value = "manifest"
    await until(lambda: form.manifest.lines)
    assert not form.manifest.problem
    form.closed()


async def test_no_secret_becomes_a_parameter_of_anything_shown():
    form, _ = opened(FakeCluster())
    await form.load()
    for tab in ("manifest", "values", "history", "notes"):
        form.tabs.value = tab
    await until(lambda: form.manifest.lines and form.notes.lines and form.history.revisions and form.values.part.parts[0].lines)
    for part in (form, form.info, form.manifest, form.history, form.notes, *form.values.part.parts):
        shown = str(part.param.values())
        assert "hunter2" not in shown, part
        assert "aHVudGVyMg" not in shown, part
    assert "hunter2" not in form.notes.masked_text
    form.closed()


async def test_a_read_only_dashboard_offers_nothing_that_changes():
    form, _ = opened(FakeCluster(), refused="This dashboard is read-only")
    for button in (form.upgrade, form.rollback, form.uninstall):
        assert button.disabled_why == "This dashboard is read-only"
    assert form.history.disabled_why
    form.closed()
