"""Rights in some namespaces only: what can be read is shown, what cannot is named."""

import asyncio

import pytest

from helmpanel.errors import NamespaceMissing, NotFound, Unreachable
from helmpanel.model.table import TableState
from tests.unit.inventory.fake_api import FakeApi, forbidden, secret
from tests.waiting import until


async def test_without_rights_in_the_whole_cluster_the_fallback_namespaces_are_shown_and_named(live):
    api = FakeApi(secret(), secret(namespace="b"), secret(namespace="c"))
    api.trouble = lambda what, path, params: forbidden() if "/namespaces/" not in path else None
    inventory = live(api, fallback=("a", "b"))
    await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web", "b/web"}
    [problem] = inventory.table.problems
    assert problem.startswith("Only namespaces a, b can be shown. You may not list secrets in the whole cluster")
    await until(lambda: inventory.table.state is TableState.LIVE)
    api.put(secret(namespace="b", name="new"))
    await until(lambda: "b/new" in inventory.table.frame.index)


async def test_fallback_namespace_that_is_closed_as_well_is_not_called_shown(live):
    api = FakeApi(secret(), secret(namespace="b"))
    api.trouble = lambda what, path, params: None if "/namespaces/a" in path else forbidden(namespace="b" if "/namespaces/b" in path else None)
    inventory = live(api, fallback=("a", "b", "a"))
    await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web"}
    whole, closed = inventory.table.problems
    assert whole.startswith("Only namespace a can be shown. You may not list secrets in the whole cluster")
    assert closed == "You may not list secrets in namespace b."


async def test_right_that_is_granted_later_is_used_when_refreshed(live):
    api = FakeApi(secret(), secret(namespace="b"))
    api.trouble = lambda what, path, params: forbidden() if "/namespaces/" not in path else None
    inventory = live(api, fallback=("a",))
    await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web"}
    api.trouble = lambda what, path, params: None
    await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web", "b/web"}
    assert inventory.table.problems == []


async def test_one_closed_namespace_of_several_is_named_and_hides_no_other(live):
    api = FakeApi(secret(), secret(namespace="b"))
    api.trouble = lambda what, path, params: forbidden(namespace="b") if "/namespaces/b" in path else None
    inventory = live(api, namespaces=("a", "b"))
    await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web"}
    assert inventory.table.problems == ["You may not list secrets in namespace b."]
    await until(lambda: inventory.table.state is TableState.LIVE)


async def test_all_closed_is_a_failure(live):
    api = FakeApi(secret())
    api.trouble = lambda what, path, params: forbidden()
    inventory = live(api)
    with pytest.raises(type(forbidden())):
        await inventory.refresh()
    assert inventory.table.state is TableState.FAILED


async def test_one_namespace_that_does_not_answer_is_told_and_hides_no_other(live):
    api = FakeApi(secret(), secret(namespace="b"))
    api.trouble = lambda what, path, params: Unreachable("No answer.") if "/namespaces/b" in path else None
    inventory = live(api, namespaces=("a", "b"))
    with pytest.raises(Unreachable):
        await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web"}
    assert inventory.table.state is TableState.STALE


async def test_namespace_that_does_not_exist_is_told(live):
    api = FakeApi()
    api.trouble = lambda what, path, params: NotFound("no") if path == "/api/v1/namespaces/typo" else None
    with pytest.raises(NamespaceMissing, match="no namespace 'typo'"):
        await live(api, namespaces=("typo",)).refresh()


@pytest.mark.parametrize("is_refreshed", [True, False])
async def test_namespace_that_is_deleted_takes_its_rows_along_and_is_named(live, is_refreshed):
    api = FakeApi(secret(), secret(namespace="b", name="db"))
    inventory = live(api, namespaces=("a", "b"))
    await inventory.refresh()
    await until(lambda: inventory.table.state is TableState.LIVE)
    api.trouble = lambda what, path, params: NotFound("no") if path == "/api/v1/namespaces/b" else None
    if is_refreshed:
        api.delete("b", "sh.helm.release.v1.db.v1")
        await inventory.refresh()
    else:
        api.trouble = lambda what, path, params: Unreachable("No answer.") if "/namespaces/b" in path else None
        api.cut()
        await until(lambda: inventory.table.state is TableState.STALE)
        api.delete("b", "sh.helm.release.v1.db.v1")
        api.compact()
        api.trouble = lambda what, path, params: NotFound("no") if path == "/api/v1/namespaces/b" else None
    await until(lambda: list(inventory.table.frame.index) == ["a/web"] and inventory.table.state is TableState.LIVE)
    assert len(inventory.table.problems) == 1
    assert inventory.table.problems[0].startswith("There is no namespace 'b'")
    assert inventory.table.error is None
    api.put(secret(namespace="b", name="again"))
    api.trouble = lambda what, path, params: None
    await inventory.refresh()
    assert set(inventory.table.frame.index) == {"a/web", "b/again"}


async def test_refresh_that_began_before_a_right_was_granted_ends_as_well(live):
    api, gate, rights = FakeApi(secret(), secret(namespace="b")), asyncio.Event(), []
    gate.set()

    async def answer(what, path):
        if what == "metadata" and "/namespaces/" in path:
            await gate.wait()
        return None if rights or "/namespaces/a" in path else forbidden()

    api.trouble = lambda what, path, params: answer(what, path)
    inventory = live(api, fallback=("a",))
    await inventory.refresh()
    gate.clear()
    before = len(api.requests("metadata"))
    first = asyncio.ensure_future(inventory.refresh())
    await until(lambda: len(api.requests("metadata")) == before + 2, "whether it may list all was asked, and then the namespace")
    rights.append("all")
    async with asyncio.timeout(20):
        await asyncio.gather(first, inventory.refresh())
    assert set(inventory.table.frame.index) == {"a/web", "b/web"}
    assert not inventory.table.is_reading
