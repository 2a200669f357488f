"""The health of releases while their workloads are read, and while they cannot be."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from helmpanel.errors import Forbidden, NotFound, ServerFault, Unreachable
from helmpanel.inventory.health.health import HealthWatch
from helmpanel.model.health import HealthState
from helmpanel.runtime.tasks import end, spawn
from helmpanel.settings import Settings
from tests.unit.inventory.health.objects import deployment
from tests.waiting import until

HEALTHY, NONE, UNKNOWN = HealthState.HEALTHY, HealthState.NONE, HealthState.UNKNOWN
KINDS = ("deployments", "statefulsets", "daemonsets", "jobs")


class Workloads:
    """An API that has Deployments and no other workloads; what is in `trouble` by plural meets every request for it."""

    def __init__(self, *deployments):
        self.deployments = deployments
        self.trouble = {}
        self._cuts = {plural: [] for plural in KINDS}

    def fail(self, error, *plurals):
        """Refuse, and break off the watches there are."""
        for plural in plurals or KINDS:
            self.trouble[plural] = error
            for cut in self._cuts[plural]:
                cut.set()

    def is_watched(self):
        return all(self._cuts.values())

    @contextlib.asynccontextmanager
    async def stream(self, path, params=None, accept="", *, silence_s=None, packed=True):
        plural = path.rpartition("/")[2]
        if plural in self.trouble:
            raise self.trouble[plural]
        body = json.dumps({"metadata": {"resourceVersion": "1"}, "items": list(self.deployments) if plural == "deployments" else []}).encode()
        cut = asyncio.Event()

        async def chunks():
            if "watch" not in params:
                yield body
                return
            self._cuts[plural].append(cut)
            try:
                await cut.wait()
                raise Unreachable("The connection broke off.")
            finally:
                self._cuts[plural].remove(cut)

        yield chunks()


class Releases:
    """How the releases are read: heard of at every moment, until they are away."""

    def __init__(self):
        self.since = self._last = None

    @property
    def heard(self):
        return self._last or datetime.now(UTC)

    def fall_silent(self):
        self._last = datetime.now(UTC)

    def notice(self):
        self.since = self._last


@pytest.fixture
async def watch(monkeypatch):
    """Makes what watches an API beside releases; what fails is believed for 0.3 s."""
    monkeypatch.setattr("helmpanel.inventory.health.kept.KEPT_S", 0.3)
    monkeypatch.setattr("helmpanel.inventory.health.health.WEIGHED_EVERY_S", 0.02)
    running = []

    async def watch(api, *names):
        told = []
        made = HealthWatch(api, None, (), changed=told.append, settings=Settings(refresh_interval_s=0.02))
        releases = Releases()
        made.beside(releases)
        running.append(spawn(made.run(), "watch health"))
        for name in names:
            made.health("a", name)
        await until(api.is_watched)
        return SimpleNamespace(releases=releases, watch=made, told=told, of=lambda name="web": made.health("a", name))

    yield watch
    for task in running:
        await end(task)
    assert len(asyncio.all_tasks()) == 1, "something goes on watching"


@pytest.mark.parametrize("first", KINDS)
async def test_an_api_that_is_away_costs_no_health_whichever_connection_notices_first(watch, first):
    api = Workloads(deployment())
    one = await watch(api, "web")
    assert one.of().state is HEALTHY
    one.told.clear()
    one.releases.fall_silent()
    api.fail(ServerFault("503"), first)
    await asyncio.sleep(0.4)
    api.fail(Unreachable("away"))
    one.releases.notice()
    await asyncio.sleep(0.4)
    assert (one.told, one.of().state) == ([], HEALTHY)


REFUSED = Forbidden("no", verb="list", resource="jobs", namespace=None)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (REFUSED, "You may not list jobs in the whole cluster."),
        (ServerFault("Broken."), "The jobs cannot be read. Broken."),
        (NotFound("Gone."), "The jobs cannot be read. Gone."),
    ],
)
async def test_a_kind_that_cannot_be_read_beside_releases_that_can_is_not_known_after_a_while(watch, error, reason):
    api = Workloads(deployment())
    one = await watch(api, "web")
    assert one.of().state is HEALTHY
    one.told.clear()
    api.fail(error, "jobs")
    await until(lambda: one.told)
    health = one.of()
    assert (one.told, health.state, health.reason) == ([{("a", "web")}], UNKNOWN, reason)
    api.fail(Unreachable("away"))
    one.releases.fall_silent()
    one.releases.notice()
    await asyncio.sleep(0.1)
    assert one.of().state is UNKNOWN, "it was not known before the cluster went away"


async def test_while_the_releases_are_away_too_a_kind_that_fails_keeps_what_was_known(watch):
    api = Workloads(deployment())
    one = await watch(api, "web")
    one.told.clear()
    one.releases.since = datetime.now(UTC)
    api.fail(ServerFault("Broken."), "jobs")
    await asyncio.sleep(0.6)
    assert (one.told, one.of().state) == ([], HEALTHY)
    one.releases.since = None
    await until(lambda: one.of().state is UNKNOWN)


async def test_a_kind_that_was_never_read_is_not_known_at_once_and_one_the_server_does_not_have_is_none(watch, monkeypatch):
    monkeypatch.setattr("helmpanel.inventory.health.kept.KEPT_S", 60)
    for error, state in ((REFUSED, UNKNOWN), (NotFound("no such API"), NONE)):
        api = Workloads()
        api.trouble["jobs"] = error
        api.is_watched = lambda: True
        one = await watch(api)
        await until(lambda one=one, state=state: one.of().state is state and "read yet" not in one.of().reason)


async def test_releases_that_come_and_go_leave_nothing_behind(watch):
    api = Workloads(deployment())
    one = await watch(api, "web", *(f"pr-{n}" for n in range(100)))
    for n in range(100):
        one.watch.forget("a", f"pr-{n}")
    one.told.clear()
    api.fail(REFUSED, "jobs")
    await until(lambda: one.told)
    assert one.told == [{("a", "web")}]


async def test_one_that_comes_back_is_told_of_again(watch):
    api = Workloads(deployment())
    one = await watch(api, "web")
    one.watch.forget("a", "web")
    assert one.of().state is HEALTHY
    one.told.clear()
    api.fail(REFUSED, "jobs")
    await until(lambda: one.told)
