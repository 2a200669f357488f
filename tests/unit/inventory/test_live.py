"""Releases read from Helm's storage: labels first, payloads behind, then whatever happens."""

import asyncio

from helmpanel.errors import NotFound, ServerFault, Unreachable
from helmpanel.inventory.labels import SELECTOR
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.table import TableState
from tests.unit.inventory.conftest import WEB
from tests.unit.inventory.fake_api import FakeApi, forbidden, secret
from tests.waiting import until


def rows(inventory, *columns):
    frame = inventory.table.frame
    return {index: tuple(frame.loc[index, list(columns)]) for index in frame.index}


async def test_labels_show_at_once_and_payloads_follow(live):
    api, gate = FakeApi(secret(), secret(name="db", revision=3, status="failed", version="9.1.0")), asyncio.Event()

    async def wait():
        await gate.wait()

    api.trouble = lambda what, path, params: wait() if what in ("get", "stream") else None
    inventory = live(api)
    inventory.start()
    await until(lambda: len(inventory.table.frame) == 2)
    table = inventory.table
    assert rows(inventory, "namespace", "name", "revision", "status", "chart") == {
        "a/web": ("a", "web", 1, "deployed", ""),
        "a/db": ("a", "db", 3, "failed", ""),
    }
    assert str(table.frame.loc["a/web", "updated"]) == "2026-05-05 12:00:00+00:00"
    assert not table.is_complete
    assert inventory.record(WEB).is_read is False
    gate.set()
    await until(lambda: table.is_complete)
    assert rows(inventory, "chart", "version", "app_version", "description") == {
        "a/web": ("nginx", "1.0.0", "2", "Done"),
        "a/db": ("nginx", "9.1.0", "2", "Done"),
    }
    assert inventory.record(WEB).is_read
    await until(lambda: table.state is TableState.LIVE)


async def test_refresh_waits_for_the_payloads(live):
    inventory = live(FakeApi(secret()))
    await inventory.refresh()
    assert inventory.table.is_complete
    assert inventory.record(WEB).chart == "nginx"


async def test_change_made_by_anyone_appears_without_asking(live):
    api = FakeApi(secret())
    inventory = live(api)
    await inventory.refresh()
    release = inventory.release(WEB)
    api.put(secret(revision=2, status="pending-upgrade", version="1.1.0"))
    await until(lambda: (release.revision, release.status, release.version) == (2, "pending-upgrade", "1.1.0"))
    api.put(secret(status="superseded"))
    api.put(secret(revision=2, version="1.1.0", description="Upgrade complete"))
    await until(lambda: (release.status, release.description) == ("deployed", "Upgrade complete"))
    assert api.requests("metadata").count(SELECTOR) == 1


async def test_uninstalled_release_goes_once_nothing_is_left_of_it(live):
    api = FakeApi(secret(), secret(name="db"))
    inventory = live(api)
    await inventory.refresh()
    release = inventory.release(WEB)
    api.delete("a", "sh.helm.release.v1.web.v1")
    await until(lambda: list(inventory.table.frame.index) == ["a/db"])
    assert release.is_gone


async def test_release_whose_newest_revision_was_deleted_shows_the_superseded_one(live):
    """`helm list` shows it, though no watch of what is not superseded does."""
    api = FakeApi(secret(status="superseded", version="0.9.0"), secret(revision=2))
    inventory = live(api)
    await inventory.refresh()
    api.delete("a", "sh.helm.release.v1.web.v2")
    await until(lambda: rows(inventory, "revision", "status", "version") == {"a/web": (1, "superseded", "0.9.0")})


async def test_superseded_release_from_before_is_found_too_and_stays_over_new_lists(live):
    api = FakeApi(secret(status="superseded"), secret(name="db"))
    inventory = live(api)
    await inventory.refresh()
    await until(lambda: set(inventory.table.frame.index) == {"a/web", "a/db"})
    sizes = []
    inventory.table.param.watch(lambda event: sizes.append(len(event.new)), "frame")
    await inventory.refresh()
    api.put(secret(name="queue"))
    await until(lambda: len(inventory.table.frame) == 3)
    assert min(sizes) >= 2, "it was never taken away in between"


async def test_superseded_release_goes_when_its_last_record_is_deleted_too(live):
    """No watch tells of it: such releases are asked for from time to time."""
    api = FakeApi(secret(status="superseded"), secret(name="db"))
    inventory = live(api, refresh_interval_s=0.05)
    await inventory.refresh()
    await until(lambda: "a/web" in inventory.table.frame.index)
    api.delete("a", "sh.helm.release.v1.web.v1")
    await until(lambda: list(inventory.table.frame.index) == ["a/db"])


async def test_superseded_revision_shown_for_a_while_leaves_no_ghost(live):
    api = FakeApi(secret(), secret(revision=2))
    api.put(secret(status="superseded"))
    inventory = live(api)
    await inventory.refresh()
    api.delete("a", "sh.helm.release.v1.web.v2")
    await until(lambda: rows(inventory, "revision") == {"a/web": (1,)})
    api.put(secret(revision=2))
    await until(lambda: rows(inventory, "revision") == {"a/web": (2,)})
    for revision in (1, 2):
        api.delete("a", f"sh.helm.release.v1.web.v{revision}")
    await until(lambda: len(inventory.table.frame) == 0)


async def test_rows_on_screen_are_read_first(live):
    api = FakeApi(*(secret(name=f"app-{n:03}") for n in range(200)))
    streaming = asyncio.Event()

    async def wait():
        await streaming.wait()

    api.trouble = lambda what, path, params: wait() if what == "stream" else None
    inventory = live(api)
    inventory.on_screen("a viewer", [("a", f"app-{n:03}") for n in range(100, 125)])
    inventory.look()
    await until(lambda: sum(record.is_read for record in inventory.records.values()) == 25)
    assert sorted(key.name for key, record in inventory.records.items() if record.is_read) == [f"app-{n:03}" for n in range(100, 125)]
    streaming.set()
    await until(lambda: inventory.table.is_complete)
    assert len(api.requests("get")) == 25, "the rest came in one listing"
    assert api.requests("stream") == [SELECTOR]


async def test_listing_of_payloads_that_breaks_off_is_asked_again_for_what_is_missing(live):
    api = FakeApi(*(secret(name=f"app-{n:03}") for n in range(60)))
    broken = []

    def trouble(what, path, params):
        if what == "stream" and not broken:
            broken.append(1)
            return Unreachable("The connection broke off.")
        return None

    api.trouble = trouble
    inventory = live(api)
    inventory.start()
    await until(lambda: inventory.table.is_complete)
    assert len(api.requests("stream")) == 2


async def test_payload_that_cannot_be_had_now_leaves_the_row_and_says_why(live):
    api = FakeApi(secret())
    api.trouble = lambda what, path, params: ServerFault("Broken.") if what == "get" else None
    inventory = live(api)
    await inventory.refresh()
    assert list(inventory.table.frame.index) == ["a/web"]
    assert not inventory.table.is_complete
    assert "Broken." in inventory.table.problems[0]
    api.trouble = lambda what, path, params: None
    await until(lambda: inventory.table.is_complete)
    await until(lambda: inventory.table.problems == [])


async def test_secret_that_vanishes_between_list_and_get_harms_no_other_row(live):
    api = FakeApi(secret(), secret(name="db"))
    api.trouble = lambda what, path, params: NotFound("gone") if what == "get" and "web" in path else None
    inventory = live(api)
    await inventory.refresh()
    assert inventory.record(ReleaseKey("prod", "a", "db")).chart == "nginx"
    api.delete("a", "sh.helm.release.v1.web.v1")
    await until(lambda: list(inventory.table.frame.index) == ["a/db"])


async def test_right_to_list_without_the_right_to_get_reads_payloads_from_the_listing(live):
    unlabelled = secret("a", "n" * 70)
    del unlabelled["metadata"]["labels"]["name"]  # no label holds so long a name: its object tells it
    api = FakeApi(secret(), unlabelled)
    api.trouble = lambda what, path, params: forbidden("get") if what == "get" else None
    inventory = live(api)
    await inventory.refresh()
    assert inventory.record(WEB).chart == "nginx"
    assert inventory.record(ReleaseKey(WEB.context, "a", "n" * 70)).chart == "nginx"


async def test_two_records_of_one_revision_are_unreadable_and_the_others_right(live):
    api = FakeApi(secret(revision=3), secret(revision=3, object_name="copy-of-web", version="6.6.6"), secret(name="db"))
    inventory = live(api)
    await inventory.refresh()
    assert "claim to be revision 3 of web" in inventory.record(WEB).unreadable
    assert inventory.record(ReleaseKey("prod", "a", "db")).unreadable == ""
    api.delete("a", "copy-of-web")
    await until(lambda: inventory.record(WEB).unreadable == "" and inventory.record(WEB).chart == "nginx")


async def test_same_name_in_two_namespaces_is_two_releases(live):
    api = FakeApi(secret(), secret(namespace="b", revision=4, version="2.0.0"))
    inventory = live(api)
    await inventory.refresh()
    assert rows(inventory, "revision", "version") == {"a/web": (1, "1.0.0"), "b/web": (4, "2.0.0")}
    api.delete("b", "sh.helm.release.v1.web.v4")
    await until(lambda: rows(inventory, "revision") == {"a/web": (1,)})
