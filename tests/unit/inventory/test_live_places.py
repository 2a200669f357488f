"""Rights in some namespaces only: what can be read is shown, what cannot is named."""

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
