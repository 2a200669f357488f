"""What is wrong with one record, one namespace or one right leaves everything else as it should be."""

import asyncio

import pytest

from helmpanel.errors import NotFound, ServerFault
from helmpanel.inventory.assembly import Assembly
from helmpanel.inventory.singles import PARALLEL
from helmpanel.model.table import TableState
from tests.unit.inventory.fake_api import FakeApi, forbidden, secret
from tests.waiting import until


@pytest.mark.parametrize("far", ["9999-12-31T00:00:00Z", "1500-01-01T00:00:00Z"])
async def test_time_that_no_frame_holds_costs_no_other_row(live, far):
    odd = secret(name="odd", updated=far)
    odd["metadata"]["labels"]["modifiedAt"] = "99999999999"
    inventory = live(FakeApi(secret(), odd, secret(name="db")))
    await inventory.refresh()
    frame = inventory.table.frame
    assert list(frame.index) == ["a/db", "a/odd", "a/web"]
    assert list(frame["chart"]) == ["nginx"] * 3
    assert frame["updated"].isna().tolist() == [False, True, False]


async def test_fault_of_ours_in_putting_rows_together_is_told_and_loses_nothing(live, monkeypatch):
    inventory = live(FakeApi(secret()))
    await inventory.refresh()
    updated = Assembly.updated
    monkeypatch.setattr(Assembly, "updated", lambda *_: 1 / 0)
    inventory._writer.changed({("a", "web")})
    await until(lambda: inventory.table.state is TableState.STALE)
    assert str(inventory.table.error).startswith("helmpanel itself failed while it put the releases together (ZeroDivisionError)")
    assert list(inventory.table.frame.index) == ["a/web"]
    monkeypatch.setattr(Assembly, "updated", updated)
    inventory._writer.told()
    await until(lambda: inventory.table.state is TableState.LIVE)
    assert inventory.table.error is None


async def test_chart_without_a_name_is_no_chart_that_is_still_to_come(live):
    inventory = live(FakeApi(secret(chart="")))
    await inventory.refresh()
    assert inventory.table.frame.loc["a/web", "unreadable"] == "What is stored of revision 1 cannot be read: it names no chart."


async def test_object_whose_name_and_labels_disagree_is_held_against_its_content(live):
    wrong = secret(name="db", object_name="sh.helm.release.v1.db.v3")
    wrong["metadata"]["labels"]["version"] = "9"
    inventory = live(FakeApi(secret(), wrong))
    await inventory.refresh()
    assert inventory.table.frame.loc["a/db", "unreadable"] == "What is stored of revision 9 cannot be read: its labels say revision 9, its content 1."
    assert inventory.table.frame["unreadable"].isna()["a/web"]


async def test_record_that_vanished_says_so_until_the_watch_tells_that_it_is_gone(live):
    api = FakeApi(secret(), secret(name="db"))
    api.trouble = lambda what, path, params: NotFound("gone") if what == "get" and ".db." in path else None
    inventory = live(api)
    await inventory.refresh()
    frame = inventory.table.frame
    assert frame.loc["a/db", "unreadable"] == "What is stored of revision 1 cannot be read: it is not there any more."
    assert frame.loc["a/web", "chart"] == "nginx"
    assert inventory.table.is_complete
    api.delete("a", "sh.helm.release.v1.db.v1")
    await until(lambda: list(inventory.table.frame.index) == ["a/web"])


async def test_right_to_get_that_is_missing_costs_no_listing_of_everything_and_is_used_when_granted(live):
    api = FakeApi(*[secret(name=f"r{number:03}") for number in range(60)])
    api.trouble = lambda what, path, params: forbidden("get") if what == "get" else None
    inventory = live(api)
    await inventory.refresh()
    streams = len(api.requests("stream"))
    for revision in (2, 3):
        api.put(secret(name="r000", revision=revision, version=f"{revision}.0.0"))
        await until(lambda revision=revision: inventory.table.frame.loc["a/r000", "version"] == f"{revision}.0.0")
    assert len(api.requests("stream")) == streams
    api.trouble = lambda what, path, params: None
    await inventory.refresh()
    gets = len(api.requests("get"))
    api.put(secret(name="r000", revision=4, version="4.0.0"))
    await until(lambda: inventory.table.frame.loc["a/r000", "version"] == "4.0.0")
    assert len(api.requests("get")) == gets + 1


async def test_some_changes_among_many_releases_are_fetched_one_by_one(live):
    api = FakeApi(*[secret(name=f"r{number:03}") for number in range(600)])
    inventory = live(api)
    await inventory.refresh()
    streams = len(api.requests("stream"))
    for number in range(50):
        api.put(secret(name=f"r{number:03}", revision=2))
    await until(lambda: (inventory.table.frame["revision"] == 2).sum() == 50 and inventory.table.is_complete)
    assert len(api.requests("stream")) == streams


async def test_question_that_fails_holds_up_no_other_and_is_told(live):
    api = FakeApi(secret(namespace="b"), secret(namespace="a"), secret(namespace="a", name="z"))
    inventory = live(api, namespaces=("a", "b"))
    await inventory.refresh()
    api.trouble = lambda what, path, params: ServerFault("Broken.") if "/namespaces/b/" in path and "name=" in params.get("labelSelector", "") else None
    api.delete("b", "sh.helm.release.v1.web.v1")
    await until(lambda: inventory.table.problems == ["Some releases may be missing, or still be shown though they are gone. Broken."])
    api.delete("a", "sh.helm.release.v1.web.v1")
    api.delete("a", "sh.helm.release.v1.z.v1")
    await until(lambda: list(inventory.table.frame.index) == ["b/web"])
    api.trouble = lambda what, path, params: None
    await until(lambda: inventory.table.frame.empty and inventory.table.problems == [])


async def test_superseded_revisions_are_found_where_they_can_be_asked_for(live):
    api = FakeApi(secret(namespace="b"), secret(namespace="a", status="superseded"))
    api.trouble = lambda what, path, params: ServerFault("Broken.") if what == "old" and "/namespaces/b/" in path else None
    inventory = live(api, namespaces=("b", "a"))
    inventory.start()
    await until(lambda: set(inventory.table.frame.index) == {"a/web", "b/web"})
    await until(lambda: inventory.table.problems == ["Some releases may be missing, or still be shown though they are gone. Broken."])


async def test_two_refreshes_after_a_right_was_granted_both_end(live):
    api, is_granted = FakeApi(secret(namespace="default"), secret(namespace="b")), []

    async def slowly(path):
        await asyncio.sleep(0.05)
        return None if is_granted or "/namespaces/" in path else forbidden()

    api.trouble = lambda what, path, params: slowly(path)
    inventory = live(api)
    await inventory.refresh()
    assert list(inventory.table.frame.index) == ["default/web"]
    is_granted.append(True)
    async with asyncio.timeout(20):
        await asyncio.gather(inventory.refresh(), inventory.refresh())
    assert set(inventory.table.frame.index) == {"default/web", "b/web"}


async def test_payloads_of_a_screen_are_fetched_a_few_at_a_time_and_before_all_others(live):
    api, under_way, most = FakeApi(*[secret(name=f"r{number:03}") for number in range(100)]), [], []

    async def slowly(path):
        under_way.append(path)
        most.append(len(under_way))
        await asyncio.sleep(0.01)
        under_way.remove(path)

    api.trouble = lambda what, path, params: slowly(path) if what == "get" else None
    inventory = live(api)
    inventory.look()
    await until(lambda: len(inventory.table.frame) == 100)
    shown = [("a", f"r{number:03}") for number in range(0, 100, 4)]
    inventory.on_screen(api, shown)
    await until(lambda: inventory.table.is_complete)
    whats = [what for what, _, _ in api.asked if what in ("get", "stream")]
    assert whats == ["get"] * 25 + ["stream"]
    assert max(most) == PARALLEL
    assert PARALLEL <= 6
