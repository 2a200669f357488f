"""The details without a screen: tabs read lazily, follow the release, and show no secret."""

from helmpanel.errors import Unreachable
from helmpanel.model.health import Health, HealthState, Workload
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


def workload(name: str, state: HealthState, ready: int, reason: str = "", namespace: str = KEY.namespace) -> Workload:
    return Workload(kind="Deployment", namespace=namespace, name=name, health=Health(state=state, ready=ready, wanted=2, reason=reason))


async def test_the_workloads_are_told_one_a_line_the_worst_first_and_not_without_end():
    cluster = FakeCluster()
    well = [workload(f"web-{number:02}", HealthState.HEALTHY, 2) for number in range(14)]
    cluster.held = (*well, workload("worker", HealthState.PROGRESSING, 1, "1 of 2 pods"), workload("db", HealthState.DEGRADED, 0, "ErrImagePull", "data"))
    cluster.object.health = Health(state=HealthState.DEGRADED, ready=29, wanted=32, reason="ErrImagePull")
    form, _ = opened(cluster)
    await form.load()
    title, health, *lines, more = next([one["title"], *one["rows"]] for one in form.info.sections if one["title"] == "Health")
    assert [title, health] == ["Health", ["Health", [["", "Degraded"], ["muted", "ErrImagePull"]]]]
    assert lines[0] == ["Deployment", [["", "db in data"], ["mono", "0/2"], ["muted", "ErrImagePull"]]]
    assert [line[1][0][1] for line in lines[1:3]] == ["worker", "web-00"]
    assert (len(lines), more) == (12, ["", [["muted", "and 4 workloads more"]]])
    assert form.status == ["degraded", "Degraded"]
    form.closed()


async def test_the_health_of_an_open_release_follows_it_and_shows_no_secret():
    cluster = FakeCluster()
    form, _ = opened(cluster)
    await form.load()
    cluster.held = (workload("web", HealthState.DEGRADED, 0, "pull of https://u:hunter2@registry failed"),)
    cluster.object.health = Health(state=HealthState.DEGRADED, ready=0, wanted=2, reason="password: hunter2")
    await until(lambda: form.status == ["degraded", "Degraded"])
    shown = str(form.info.sections)
    assert "0/2" in shown
    assert "hunter2" not in shown
    form.closed()


async def test_a_release_whose_payload_cannot_be_read_says_why():
    cluster = FakeCluster()
    cluster.object.param.update(chart="", version="", app_version="", unreadable="The payload of revision 22 is no gzip.")
    form, _ = opened(cluster)
    await form.load()
    facts = {row[0]: row[1][0][1] for row in form.info.sections[0]["rows"]}
    assert (facts["Chart"], facts["Description"]) == ("Unreadable", "The payload of revision 22 is no gzip.")
    assert form.upgrade.disabled_why == "The payload of revision 22 is no gzip."
    assert not form.rollback.disabled_why
    form.closed()


async def test_a_read_only_dashboard_offers_nothing_that_changes():
    form, _ = opened(FakeCluster(), refused="This dashboard is read-only")
    for button in (form.upgrade, form.rollback, form.uninstall):
        assert button.disabled_why == "This dashboard is read-only"
    assert form.history.disabled_why
    form.closed()
