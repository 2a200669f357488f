"""Releases of the inventory: one live object for each, and what is available for it."""

import gc
import threading
import weakref

import pytest

from helmpanel.errors import ReleaseNotFound
from helmpanel.model.availability import Availability, AvailabilityState, SourceState
from helmpanel.model.keys import ReleaseKey
from tests.unit.inventory.conftest import WEB, FakeReader, some


async def test_release_object_follows_the_cluster(make):
    reader = FakeReader(some())
    inventory = make(reader)
    await inventory.refresh()
    release = inventory.release(WEB)
    assert (release.name, release.chart, release.version, release.revision) == ("web", "nginx", "1.0.0", 1)
    seen = []
    release.param.watch(lambda *events: seen.append({event.name: event.new for event in events}), ["status", "revision", "chart"])
    reader.says = (some(status="pending-upgrade", revision=2),)
    await inventory.refresh()
    assert seen == [{"status": "pending-upgrade", "revision": 2}], "only what changed, and in one go"


async def test_release_object_is_the_same_for_everybody_while_somebody_holds_it(make):
    inventory = make(FakeReader(some()))
    await inventory.refresh()
    release = inventory.release(WEB)
    assert inventory.release(WEB) is release
    held = weakref.ref(release)
    del release
    gc.collect()
    assert held() is None, "nobody looks, nothing is kept"


async def test_release_that_goes_says_so_and_comes_back(make):
    reader = FakeReader(some())
    inventory = make(reader)
    await inventory.refresh()
    release = inventory.release(WEB)
    reader.says = ()
    await inventory.refresh()
    assert release.is_gone
    assert release.status == "deployed", "the last known"
    with pytest.raises(ReleaseNotFound, match="no release a/web in context 'prod'"):
        inventory.record(WEB)
    reader.says = (some(revision=3),)
    await inventory.refresh()
    assert (release.is_gone, release.revision) == (False, 3)


async def test_release_that_never_was_is_not_found(make):
    inventory = make(FakeReader())
    await inventory.refresh()
    with pytest.raises(ReleaseNotFound):
        inventory.release(WEB)


async def test_same_name_in_another_namespace_is_another_release(make):
    inventory = make(FakeReader(some(), some(namespace="b", status="failed")))
    await inventory.refresh()
    assert inventory.release(WEB).status == "deployed"
    assert inventory.release(ReleaseKey("prod", "b", "web")).status == "failed"


async def test_availability_is_asked_once_for_each_chart_and_version_and_not_on_the_loop(make):
    asked = []

    def availability(chart, version):
        asked.append((chart, version, threading.current_thread() is threading.main_thread()))
        return Availability(state=AvailabilityState.NEWER, version="2.0.0", source="repo", step="major")

    inventory = make(FakeReader(some(), some("db"), some("old", version="0.9.0")), availability)
    await inventory.refresh()
    assert sorted(asked) == [("nginx", "0.9.0", False), ("nginx", "1.0.0", False)]
    assert inventory.table.frame.loc["a/web", "available"] == "2.0.0"


async def test_reconsidering_changes_what_is_available_without_a_reading(make):
    answers = {"now": Availability(state=AvailabilityState.NO_SOURCE, reason="Nobody lists it.")}
    reader = FakeReader(some())
    inventory = make(reader, lambda chart, version: answers["now"])
    await inventory.refresh()
    release = inventory.release(WEB)
    answers["now"] = Availability(state=AvailabilityState.NEWER, version="1.1.0", source="repo", step="minor")
    sources = SourceState(names=("repo",))
    await inventory.reconsider(sources)
    assert reader.begun == 1
    assert inventory.table.frame.loc["a/web", "available"] == "1.1.0"
    assert release.availability.version == "1.1.0"
    assert inventory.table.sources is sources
