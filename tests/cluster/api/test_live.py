"""The cluster object follows the cluster: whoever changes it, without being asked."""

from __future__ import annotations

import asyncio
import gc

from helmpanel.cluster import connect
from helmpanel.model.table import TableState
from tests.cluster.api.conftest import TRINO, Place
from tests.waiting import until


def watches(place: Place) -> list[object]:
    """Watches of releases, whoever asked for them."""
    return [each for each in place.demo.box.requests if each.verb == "watch" and "/secrets" in each.request]


async def test_what_the_helm_command_line_does_appears_by_itself(place: Place):
    cluster = await place.ready()
    release = cluster.release(TRINO)
    before = release.revision
    stop = cluster.look()
    await place.ask("rollback", "trino", str(before - 1), "--namespace", "data-platform")
    await until(lambda: release.revision == before + 1 and release.status == "deployed" and "Rollback" in release.description)
    await place.ask("uninstall", "trino", "--namespace", "data-platform")
    await until(lambda: release.is_gone)
    assert cluster.table.state is TableState.LIVE
    assert len(watches(place)) == 1, "nothing was asked for again"
    stop()


async def test_however_many_look_there_is_one_list_and_one_watch(place: Place):
    cluster = place.connect()
    stops = [cluster.look() for _ in range(10)]
    for number in range(10):
        cluster.on_screen(number, list(cluster.releases.index[:25]))
    await cluster.ready()
    await until(lambda: cluster.table.state is TableState.LIVE)
    assert len(watches(place)) == 1
    for stop in stops:
        stop()


async def test_cluster_object_that_nobody_holds_any_more_is_not_followed(place: Place):
    """A cell that is run again makes another one."""
    cluster = connect(helm=place.helm.path)
    await cluster.ready()
    table = cluster.table
    await until(lambda: table.state is TableState.LIVE)
    del cluster

    gc.collect()
    for _ in range(200):
        if not [name for name in await place.tasks() if "follow" in name]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it is still followed")


async def test_one_that_is_held_goes_on(place: Place):
    cluster = await place.ready()
    gc.collect()
    await until(lambda: cluster.table.state is TableState.LIVE)
    assert [name for name in await place.tasks() if "follow" in name]
