"""Which revision is the newest: kept by lists and watches, whatever order things come in."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from helmpanel.errors import Expired, Overloaded, ServerFault, Unreachable
from helmpanel.inventory.inventory import Inventory
from helmpanel.inventory.labels import Stored, stored
from helmpanel.inventory.live import LiveReading
from helmpanel.inventory.tracker import Tracker
from helmpanel.model.table import ReleaseTable, TableState
from tests.unit.inventory.conftest import current
from tests.unit.inventory.fake_api import FakeApi, secret
from tests.waiting import until

STATUSES = ("deployed", "failed", "superseded", "pending-upgrade", "uninstalling", "uninstalled")

writes = st.tuples(st.just("write"), st.sampled_from(["a", "b"]), st.sampled_from(["web", "db"]), st.integers(1, 4), st.sampled_from(STATUSES))
deletes = st.tuples(st.just("delete"), st.sampled_from(["a", "b"]), st.sampled_from(["web", "db"]), st.integers(1, 4))
faults = st.sampled_from([("cut",), ("end",), ("compact",), ("list",), ("away",), ("busy",), ("late",), ("rest",)])
stories = st.lists(st.one_of(writes, deletes, faults), max_size=25)


def one(name="web", revision=1, status="deployed", version="1", namespace="a"):
    found = stored(
        {**secret(namespace, name, revision, status), "metadata": {**secret(namespace, name, revision, status)["metadata"], "resourceVersion": version}}
    )
    assert found is not None
    return found


def truth(api):
    """Highest revision of each release, as `helm list` takes it: superseded ones included."""
    newest = {}
    for obj in api.objects.values():
        found = stored(obj)
        if found.release not in newest or found.revision > newest[found.release].revision:
            newest[found.release] = found
    return {release: (found.revision, found.status) for release, found in newest.items()}


def test_highest_revision_wins_in_whatever_order_they_come():
    tracker = Tracker()
    for revision in (2, 10, 9):
        tracker.change("ADDED", one(revision=revision))
    assert tracker.newest(("a", "web")).revision == 10
    assert tracker.change("DELETED", one(revision=10)) == (False, True), "what is the newest now is not known: it may be superseded"
    assert tracker.newest(("a", "web")).revision == 9


def test_change_of_an_older_revision_is_no_news():
    tracker = Tracker()
    tracker.change("ADDED", one(revision=2))
    assert tracker.change("ADDED", one(revision=1, status="failed")) == (False, False)
    assert tracker.change("DELETED", one(revision=1)) == (False, False)


def test_event_that_comes_twice_is_no_news():
    """A watch that goes on may tell its last event again."""
    tracker = Tracker()
    assert tracker.change("ADDED", one()) == (True, False)
    assert tracker.change("ADDED", one()) == (False, False)
    assert tracker.change("DELETED", one()) == (False, True)
    assert tracker.change("DELETED", one()) == (False, False)


def test_list_of_one_namespace_says_nothing_of_another():
    tracker = Tracker()
    tracker.replace("a", [one()])
    tracker.replace("b", [one(namespace="b")])
    assert tracker.replace("a", []) == (set(), {("a", "web")})
    assert list(tracker.releases) == [("b", "web")]


def test_list_tells_what_is_other_than_before():
    tracker = Tracker()
    tracker.replace(None, [one(), one("db"), one("gone")])
    assert tracker.replace(None, [one(), one("db", status="failed"), one("new")]) == ({("a", "db"), ("a", "new")}, {("a", "gone")})


def test_superseded_revision_counts_only_where_nothing_newer_is_known():
    tracker = Tracker()
    tracker.replace(None, [one(revision=3), one("failed", 1, "failed")])
    old = {("a", name): one(name, 2, "superseded") for name in ("web", "db", "failed")}
    assert tracker.replace_old(None, old) == {("a", "db"), ("a", "failed")}
    assert tracker.newest(("a", "web")).revision == 3
    assert tracker.newest(("a", "failed")).revision == 2
    assert tracker.replace_old(None, {}) == {("a", "db"), ("a", "failed")}
    assert tracker.newest(("a", "db")) is None
    assert tracker.newest(("a", "failed")).status == "failed"


def test_superseded_revision_goes_with_the_first_newer_one():
    """No watch would tell of its end."""
    tracker = Tracker()
    tracker.set_old(("a", "web"), one(revision=1, status="superseded"))
    tracker.change("ADDED", one(revision=2))
    assert tracker.change("DELETED", one(revision=2)) == (False, True)
    assert tracker.newest(("a", "web")) is None


def test_superseded_revision_stays_over_a_new_list():
    tracker = Tracker()
    tracker.set_old(("a", "web"), one(revision=1, status="superseded"))
    assert tracker.replace(None, []) == (set(), set())
    assert tracker.newest(("a", "web")).revision == 1


@given(stories)
def test_lists_and_watches_come_to_what_is_stored(story):
    """Whatever is written, deleted and missed: after a list, and after each event of a watch with Helm's selector."""
    tracker, objects = Tracker(), {}

    def visible():
        return [found for found in objects.values() if found.status != "superseded"]

    for version, (kind, *told) in enumerate(story, 1):
        if kind == "write":
            namespace, name, revision, status = told
            now = one(name, revision, status, str(version), namespace)
            key = (namespace, now.object_name)
            before, objects[key] = objects.get(key), now
            was_in, is_in = before is not None and before.status != "superseded", status != "superseded"
            if is_in or was_in:
                tracker.change(("MODIFIED" if was_in else "ADDED") if is_in else "DELETED", now)
        elif kind == "delete":
            namespace, name, revision = told
            before = objects.pop((namespace, one(name, revision).object_name), None)
            if before is not None and before.status != "superseded":
                tracker.change("DELETED", before)
        elif kind in ("compact", "list", "away"):
            tracker.replace(None, visible())
        expected: dict[tuple[str, str], Stored] = {}
        for found in visible():
            if found.release not in expected or found.revision > expected[found.release].revision:
                expected[found.release] = found
        assert {release: tracker.newest(release) for release in tracker.releases} == expected


@given(stories)
def test_inventory_comes_to_what_is_stored_whatever_goes_wrong(story):
    """Watches are cut and ended, versions forgotten, requests fail, viewers go and come: in the end every release is there as it is."""

    async def tell():
        api = FakeApi(secret())
        inventory = Inventory(
            lambda changed, told: LiveReading(api, "secrets", None, ("default",), changed=changed, told=told),
            ReleaseTable(),
            context="prod",
            availability=current,
        )
        inventory.start()
        for kind, *told in story:
            if kind == "write":
                namespace, name, revision, status = told
                api.put(secret(namespace, name, revision, status))
            elif kind == "delete":
                namespace, name, revision = told
                if (namespace, f"sh.helm.release.v1.{name}.v{revision}") in api.objects:
                    api.delete(namespace, f"sh.helm.release.v1.{name}.v{revision}")
            else:
                await disturb(api, inventory, kind)
            await asyncio.sleep(0)
        api.trouble = lambda what, path, params: None
        inventory.start()
        async with asyncio.timeout(20):
            await inventory.refresh()
            await until(lambda: {(key.namespace, key.name): (r.revision, r.status) for key, r in inventory.records.items()} == truth(api))
            await until(lambda: inventory.table.is_complete and inventory.table.state is TableState.LIVE)
        frame = inventory.table.frame
        assert {tuple(name.split("/")): (row.revision, row.status) for name, row in frame.iterrows()} == truth(api)
        await inventory.close()

    asyncio.run(tell())


async def disturb(api, inventory, kind):
    if kind == "cut":
        api.cut()
    elif kind == "end":
        api.end()
    elif kind == "compact":
        api.compact()
        api.cut()
    elif kind == "list":
        inventory.start()
        inventory._reading._payloads.hurry()
    elif kind == "rest":
        inventory.rest()
        await asyncio.sleep(0)
        inventory.start()
    else:
        answers = {"away": Unreachable("No answer."), "busy": Overloaded("Too many.", retry_after_s=0.01), "late": Expired("Too old.")}
        spent = []

        def trouble(what, path, params):
            if len(spent) < 3:
                spent.append(what)
                return answers[kind] if what != "get" else ServerFault("Broken.")
            return None

        api.trouble = trouble
        api.cut()
