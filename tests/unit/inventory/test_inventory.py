"""The inventory: one writer of the table and of releases, that never loses rows to a failed reading."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from helmpanel.errors import Unreachable
from helmpanel.model.health import NOT_LOOKED, Health, HealthState
from helmpanel.model.table import TableState
from tests.unit.inventory.conftest import WEB, FakeReader, current, some
from tests.waiting import until


async def test_reading_fills_the_table(make):
    inventory = make(FakeReader(some(), some("db", updated=datetime(2026, 5, 5, tzinfo=UTC))))
    table = inventory.table
    assert table.state is TableState.LOADING
    await inventory.refresh()
    assert table.state is TableState.READY
    assert list(table.frame.index) == ["a/db", "a/web"]
    assert table.read_at is not None
    assert (table.error, table.is_reading) == (None, False)


async def test_first_reading_that_fails_is_told_to_the_caller_and_in_the_table(make):
    reader = FakeReader()
    reader.says = Unreachable("No answer.")
    inventory = make(reader)
    with pytest.raises(Unreachable):
        await inventory.refresh()
    assert inventory.table.state is TableState.FAILED
    assert str(inventory.table.error) == "No answer."
    assert not inventory.table.is_reading


async def test_later_reading_that_fails_keeps_the_rows_and_their_age(make):
    reader = FakeReader(some())
    inventory = make(reader)
    await inventory.refresh()
    read_at = inventory.table.read_at
    reader.says = Unreachable("No answer.")
    with pytest.raises(Unreachable):
        await inventory.refresh()
    assert inventory.table.state is TableState.STALE
    assert inventory.table.read_at == read_at
    assert list(inventory.table.frame.index) == ["a/web"]
    assert inventory.record(WEB).status == "deployed"


async def test_reading_that_succeeds_again_clears_the_error(make):
    reader = FakeReader()
    reader.says = Unreachable("No answer.")
    inventory = make(reader)
    with pytest.raises(Unreachable):
        await inventory.refresh()
    reader.says = (some(),)
    await inventory.refresh()
    assert (inventory.table.state, inventory.table.error) == (TableState.READY, None)


async def test_refreshes_asked_for_together_are_one_reading(make):
    reader = FakeReader(some())
    inventory = make(reader)
    await asyncio.gather(*(inventory.refresh() for _ in range(10)))
    assert reader.begun == 1


async def test_refresh_asked_for_during_a_reading_means_exactly_one_more(make):
    """What the first one sees may be older than the question."""
    reader = FakeReader(some())
    inventory = make(reader)
    reader.hold()
    first = asyncio.create_task(inventory.refresh())
    await until(lambda: reader.begun == 1)
    reader.says = (some(status="failed"),)
    later = [asyncio.create_task(inventory.refresh()) for _ in range(5)]
    reader.gate.set()
    await asyncio.gather(first, *later)
    assert reader.begun == 2
    assert inventory.record(WEB).status == "failed"


async def test_one_who_gives_up_does_not_stop_the_reading_for_others(make):
    reader = FakeReader(some())
    inventory = make(reader)
    reader.hold()
    impatient, patient = asyncio.create_task(inventory.refresh()), asyncio.create_task(inventory.refresh())
    await until(lambda: reader.begun == 1)
    impatient.cancel()
    reader.gate.set()
    await patient
    assert impatient.cancelled()
    assert reader.begun == 1
    assert inventory.table.state is TableState.READY


async def test_close_during_a_reading_ends_it_and_everybody_who_waits(make):
    reader = FakeReader(some())
    inventory = make(reader)
    reader.hold()
    waiting = [asyncio.create_task(inventory.refresh())]
    await until(lambda: reader.begun == 1)
    waiting.append(asyncio.create_task(inventory.refresh()))
    await asyncio.sleep(0)
    await inventory.close()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)
    assert not inventory.table.is_reading


async def test_table_says_that_a_reading_is_under_way(make):
    reader = FakeReader(some())
    inventory = make(reader)
    seen = []
    inventory.table.param.watch(lambda event: seen.append(event.new), "is_reading")
    await inventory.refresh()
    assert seen == [True, False]


async def test_unchanged_rows_are_not_set_again(make):
    inventory = make(FakeReader(some()))
    await inventory.refresh()
    frame, read_at = inventory.table.frame, inventory.table.read_at
    await inventory.refresh()
    assert inventory.table.frame is frame
    assert inventory.table.read_at > read_at


async def test_watcher_that_raises_does_not_stop_the_inventory(make, caplog):
    inventory = make(FakeReader(some()))

    def fail(*events):
        raise RuntimeError("a viewer's mistake")

    inventory.table.param.watch(fail, ["frame", "is_reading", "state"])
    await inventory.refresh()
    assert (inventory.table.state, inventory.table.is_reading) == (TableState.READY, False)
    assert "a viewer's mistake" in caplog.text


async def test_problems_of_a_partial_reading_are_shown_and_go_away(make):
    reader = FakeReader(some())
    reader.problems = ("You may not list secrets in b.",)
    inventory = make(reader)
    await inventory.refresh()
    assert inventory.table.problems == ["You may not list secrets in b."]
    assert inventory.table.state is TableState.READY
    reader.problems = ()
    await inventory.refresh()
    assert inventory.table.problems == []


async def test_releases_are_read_again_while_somebody_looks_and_no_longer(make):
    reader = FakeReader(some())
    inventory = make(reader, refresh_interval_s=0.02)
    one, two = inventory.look(), inventory.look()
    await until(lambda: reader.begun >= 3)
    one()
    one()
    at = reader.begun
    await until(lambda: reader.begun > at)
    two()
    at = reader.begun
    await asyncio.sleep(0.1)
    assert reader.begun <= at + 1


async def test_looking_goes_on_after_a_reading_that_failed(make):
    reader = FakeReader()
    reader.says = Unreachable("No answer.")
    inventory = make(reader, refresh_interval_s=0.02)
    stop = inventory.look()
    await until(lambda: reader.begun >= 2)
    reader.says = (some(),)
    await until(lambda: inventory.table.state is TableState.READY)
    stop()


async def test_looking_right_after_a_reading_waits_its_turn(make):
    reader = FakeReader(some())
    inventory = make(reader, refresh_interval_s=30)
    await inventory.refresh()
    inventory.look()
    await asyncio.sleep(0.05)
    assert reader.begun == 1


async def test_many_releases_do_not_stop_the_loop(make):
    """Ten thousand take most of a second: they are put together on another thread, when read and when considered anew."""
    threads = []

    def noted(chart, version):
        threads.append(threading.get_ident())
        return current(chart, version)

    inventory = make(FakeReader(some("web", version="1.0.0"), some("api", version="2.0.0")), availability=noted)
    await inventory.refresh()
    assert len(threads) == len(inventory.table.frame) == 2
    await inventory.reconsider()
    assert len(threads) == 4
    assert threading.get_ident() not in threads


class FakeHealths:
    """Workloads that answer when they are let."""

    def __init__(self):
        self.gate = asyncio.Event()
        self.known = NOT_LOOKED
        self.changed = None
        self.releases = None
        self.asked = []
        self.forgotten = []
        self.runs = 0

    def __call__(self, changed):
        self.changed = changed
        return self

    def health(self, namespace, name):
        self.asked.append((namespace, name))
        return self.known

    def forget(self, namespace, name):
        self.forgotten.append((namespace, name))

    def beside(self, releases):
        self.releases = releases

    def workloads(self, namespace, name):
        return ()

    def on_screen(self, releases):
        pass

    async def run(self):
        self.runs += 1
        await asyncio.Event().wait()

    async def refresh(self):
        await self.gate.wait()
        self.known = Health(state=HealthState.HEALTHY, ready=1, wanted=1)
        self.changed({("a", "web")})


async def test_workloads_are_asked_for_after_the_releases_or_after_a_while(make, monkeypatch):
    reader, healths = FakeReader(some()), FakeHealths()
    reader.hold()
    inventory = make(reader, healths=healths)
    inventory.look()
    await asyncio.sleep(0.2)
    assert (reader.begun, healths.runs) == (1, 0)
    reader.gate.set()
    await until(lambda: healths.runs == 1)

    monkeypatch.setattr("helmpanel.inventory.inventory.HEALTH_AFTER_S", 0.05)
    slow, late = FakeReader(some()), FakeHealths()
    slow.hold()
    make(slow, healths=late).look()
    await until(lambda: late.runs == 1)


async def test_refresh_waits_for_the_health_of_workloads_too(make):
    healths = FakeHealths()
    inventory = make(FakeReader(some()), healths=healths)
    asked = asyncio.create_task(inventory.refresh())
    await until(lambda: "a/web" in inventory.table.frame.index)
    await asyncio.sleep(0.1)
    assert not asked.done()
    assert inventory.table.is_reading
    healths.gate.set()
    await asked
    assert inventory.table.frame.loc["a/web", "health"] == "healthy"


async def test_workloads_that_do_not_answer_hold_up_no_refresh_for_long(make, monkeypatch):
    monkeypatch.setattr("helmpanel.inventory.inventory.HEALTH_PATIENCE_S", 0.1)
    inventory = make(FakeReader(some()), healths=FakeHealths())
    await inventory.refresh()
    assert inventory.table.frame.loc["a/web", "health"] == "unknown"


async def test_whoever_knows_health_can_tell_whether_the_cluster_is_away_for_the_releases_too(make):
    healths, reader = FakeHealths(), FakeReader(some())
    healths.gate.set()
    inventory = make(reader, healths=healths)
    await inventory.refresh()
    assert (healths.releases.since, healths.releases.heard) == (None, inventory.table.read_at)
    reader.says = Unreachable("No answer.")
    with pytest.raises(Unreachable):
        await inventory.refresh()
    assert healths.releases.since is not None


async def test_the_health_of_a_release_that_is_gone_is_not_asked_for_and_forgotten(make):
    healths, reader = FakeHealths(), FakeReader(some(), some("db"))
    healths.gate.set()
    inventory = make(reader, healths=healths)
    await inventory.refresh()
    assert set(healths.asked) == {("a", "web"), ("a", "db")}
    healths.asked.clear()
    healths.forgotten.clear()
    reader.says = (some(),)
    await inventory.refresh()
    assert list(inventory.table.frame.index) == ["a/web"]
    assert (("a", "db") in healths.asked, set(healths.forgotten)) == (False, {("a", "db")})


async def test_reading_that_fails_is_told_without_waiting_for_workloads(make):
    reader = FakeReader()
    reader.says = Unreachable("No answer.")
    inventory = make(reader, healths=FakeHealths())
    async with asyncio.timeout(2):
        with pytest.raises(Unreachable):
            await inventory.refresh()
