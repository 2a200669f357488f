"""Payloads that cannot be had, by themselves or in one place, hold up no others."""

import asyncio

import pytest

from helmpanel.errors import NotFound, Overloaded, ServerFault
from helmpanel.inventory.patience import ASKED_S
from helmpanel.model.keys import ReleaseKey
from tests.unit.inventory.fake_api import FakeApi, secret
from tests.waiting import until


def many(namespace="a", count=100):
    return [secret(namespace, f"r{number:03}") for number in range(count)]


def show(inventory, count=25):
    inventory.look()
    inventory.on_screen("a viewer", [("a", f"r{number:03}") for number in range(count)])


async def for_ever():
    await asyncio.Event().wait()


def broken():
    return ServerFault("Broken.")


@pytest.mark.parametrize("trouble", [broken, for_ever])
async def test_payload_on_screen_that_cannot_be_had_holds_up_no_other(live, trouble):
    api = FakeApi(*many())
    api.trouble = lambda what, path, params: trouble() if "sh.helm.release.v1.r007." in path else None
    inventory = live(api)
    show(inventory)
    await until(lambda: inventory.table.is_complete, "the listing brings what a single request does not")
    api.put(secret(name="r007", revision=2))
    await until(lambda: inventory.record(ReleaseKey("prod", "a", "r007")).revision == 2)
    api.put(secret(name="r001", version="9.9.9"))
    await until(lambda: inventory.record(ReleaseKey("prod", "a", "r001")).version == "9.9.9", timeout_s=5)


@pytest.mark.parametrize("trouble", [broken, for_ever])
async def test_namespace_that_is_broken_holds_up_nothing_of_others(live, trouble):
    api = FakeApi(*many("a", 60), *many("b", 60))
    api.trouble = lambda what, path, params: trouble() if "/a/" in path and what in ("stream", "old") else None
    inventory = live(api, namespaces=("a", "b"))
    inventory.start()
    await until(lambda: sum(record.is_read for key, record in inventory.records.items() if key.namespace == "b") == 60)
    assert not any(record.is_read for key, record in inventory.records.items() if key.namespace == "a")
    api.delete("b", "sh.helm.release.v1.r000.v1")
    await until(lambda: "b/r000" not in inventory.table.frame.index, timeout_s=5)
    api.trouble = lambda what, path, params: None
    if trouble is broken:
        await inventory.refresh()
        assert inventory.table.is_complete


@pytest.mark.parametrize("what", ["get", "stream", "old"])
async def test_server_that_wants_to_be_left_alone_is(live, what):
    api, times = FakeApi(*many()), []
    clock = asyncio.get_running_loop().time

    def trouble(kind, path, params):
        if kind not in ("get", "stream") if what != "old" else kind != "old":
            return None
        times.append((kind, clock()))
        return Overloaded("Too many.", retry_after_s=0.5) if kind == what and [each for each, _ in times].count(what) == 1 else None

    api.trouble = trouble
    inventory = live(api)
    if what == "get":
        show(inventory, 1)
    inventory.start()
    await until(lambda: inventory.table.is_complete and len(times) > 1)
    first = next(at for kind, at in times if kind == what)
    await until(lambda: clock() > first + 0.49)
    assert sum(first <= at < first + 0.49 for _, at in times) == 1


@pytest.mark.parametrize("others", [(), ("b",)])
async def test_namespace_that_goes_while_its_payloads_come_leaves_nobody_busy(live, others):
    """Nothing that is missing can be listed any more: to try again and again would hold up everything on the thread."""
    api, is_gone = FakeApi(*many("a"), *(secret(namespace) for namespace in others)), []

    async def break_off():
        await asyncio.sleep(0.3)
        return ServerFault("It broke off.")

    def trouble(what, path, params):
        if is_gone and path == "/api/v1/namespaces/a":
            return NotFound("no")
        if "name=" in params.get("labelSelector", ""):
            return ServerFault("Broken.")
        return break_off() if what == "stream" and "/a/" in path else None

    api.trouble = trouble
    inventory = live(api, namespaces=("a", *others))
    inventory.start()
    await until(lambda: "stream" in [what for what, _, _ in api.asked])
    passes, payloads = [], inventory._reading._payloads
    ended = payloads.bulk_ended
    payloads.bulk_ended = lambda error: passes.append(error) or ended(error)
    is_gone.append(True)
    for key in [key for key in api.objects if key[0] == "a"]:
        del api.objects[key]  # with the namespace: the watch tells nothing of it
    api.version += 5
    api.compact()
    api.cut()
    await until(lambda: "a" not in inventory._reading._places.readable and len(passes) > 0)
    await asyncio.sleep(0.5)
    assert len(passes) < 20, "nothing can be done"


@pytest.mark.parametrize("asked_s", [30.0, 86_400.0])
async def test_server_that_wants_to_be_left_alone_keeps_no_refresh_waiting_and_not_for_a_day(live, asked_s):
    api = FakeApi(*many(count=20), secret(name="old", status="superseded"))
    api.trouble = lambda what, path, params: Overloaded("Too many.", retry_after_s=asked_s) if what == "get" else None
    inventory = live(api)
    show(inventory, 3)
    async with asyncio.timeout(10):
        await inventory.refresh()
    assert not inventory.table.is_reading
    assert "Too many." in inventory.table.problems[0]
    await until(lambda: "a/old" in inventory.table.frame.index, "other questions are asked")
    assert 0 < inventory._reading._payloads.quiet_s <= ASKED_S
