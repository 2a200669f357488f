"""Why pods will not become ready, and how often anybody is asked."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.errors import Forbidden, Unreachable
from helmpanel.inventory.health.pods import AT_ONCE, PodReasons, pod_reason, pods_reason, worsened
from helmpanel.inventory.health.readiness import found
from helmpanel.model.health import Health, HealthState
from helmpanel.runtime.tasks import end, spawn
from tests.unit.inventory.health.objects import RUNNING, deployment, ended, pod, waiting
from tests.waiting import until

BAD = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CrashLoopBackOff", "CreateContainerConfigError"]


@pytest.mark.parametrize("reason", BAD)
def test_a_container_that_cannot_start_says_why(reason):
    assert pod_reason(pod(RUNNING, waiting(reason)), runs_once=False) == reason
    assert pod_reason(pod(waiting("PodInitializing"), init=[waiting(reason)]), runs_once=False) == reason


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing"])
def test_a_container_on_its_way_says_nothing(reason):
    assert pod_reason(pod(waiting(reason)), runs_once=False) == ""


def test_a_container_that_ended_badly_says_why():
    assert pod_reason(pod(ended(137, "OOMKilled")), runs_once=False) == "OOMKilled"
    assert pod_reason(pod(ended(1)), runs_once=False) == "Error"
    assert pod_reason(pod(RUNNING, init=[ended(0, "Completed")]), runs_once=False) == ""


def test_a_pod_that_fits_nowhere_is_unschedulable():
    assert pod_reason(pod(scheduled=False), runs_once=False) == "Unschedulable"


def test_a_pod_that_goes_or_was_replaced_says_nothing():
    assert pod_reason(pod(waiting("CrashLoopBackOff"), deletionTimestamp="2026-05-05T12:00:00Z"), runs_once=False) == ""
    assert pod_reason(pod(ended(1), phase="Failed"), runs_once=False) == ""
    assert pod_reason(pod(ended(1), phase="Failed"), runs_once=True) == "Error"


def test_the_worst_of_many_pods_counts():
    body = json.dumps({"items": [pod(RUNNING), pod(waiting("CrashLoopBackOff")), pod(waiting("ImagePullBackOff")), None]}).encode()
    assert pods_reason(body, runs_once=False) == "ImagePullBackOff"


@given(
    st.binary(max_size=50)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["items", "metadata", "status", "phase", "state", "waiting", "terminated", "reason", "exitCode", "conditions", "containerStatuses"]
                ),
                x,
            )
        ),
    ).map(lambda x: json.dumps(x).encode())
)
def test_whatever_comes_nothing_is_raised(body):
    assert len(pods_reason(body, runs_once=True)) <= 80


def test_a_bad_pod_degrades_what_is_on_its_way_and_never_what_is_healthy():
    late = Health(state=HealthState.PROGRESSING, ready=1, wanted=2, reason="1 of 2 ready")
    assert worsened(late, "CrashLoopBackOff") == Health(state=HealthState.DEGRADED, ready=1, wanted=2, reason="CrashLoopBackOff")
    assert worsened(late, "") == late
    slow = Health(state=HealthState.DEGRADED, ready=1, wanted=2, reason="ProgressDeadlineExceeded")
    assert worsened(slow, "ImagePullBackOff").reason == "ImagePullBackOff"
    assert worsened(slow, "Unschedulable").reason == "ProgressDeadlineExceeded"
    well = Health(state=HealthState.HEALTHY, ready=2, wanted=2)
    assert worsened(well, "CrashLoopBackOff") == well


class Pods:
    """An API that has nothing but pods; `gate` holds its answers back."""

    def __init__(self):
        self.asked = []
        self.busy = self.busiest = 0
        self.says = pod(waiting("CrashLoopBackOff"))
        self.gate = asyncio.Event()
        self.gate.set()

    async def get(self, path, params=None, accept=""):
        self.asked.append((path, dict(params)))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self.gate.wait()
        finally:
            self.busy -= 1
        if isinstance(self.says, Exception):
            raise self.says
        return json.dumps({"items": [self.says]}).encode()


def suspects(*names, namespace="a", ready=0, **more):
    return {one.where: one for one in (found("Deployment", deployment(ready, name=name, namespace=namespace, **more)) for name in names)}


WEB = ("Deployment", "a", "web")


@pytest.fixture
async def look():
    """Makes what looks at pods of an API, while it runs."""
    running = []

    def look(api, **times):
        changed = []
        made = PodReasons(api, changed.append, **times)
        made.changed = changed
        running.append(spawn(made.run(), "look at pods"))
        return made

    yield look
    for task in running:
        await end(task)
    assert len(asyncio.all_tasks()) == 1, "something goes on looking"


async def test_one_bounded_list_of_its_own_pods_is_asked_for(look):
    api = Pods()
    pods = look(api)
    pods.look_at(suspects("web"))
    await until(lambda: pods.reason(WEB))
    assert api.asked == [("/api/v1/namespaces/a/pods", {"labelSelector": "app=web", "limit": "50"})]
    assert (pods.reason(WEB), pods.changed) == ("CrashLoopBackOff", [WEB])


async def test_it_is_asked_again_while_it_stays_so_and_told_only_when_it_says_something_else(look):
    api = Pods()
    pods = look(api, again_s=0.05)
    pods.look_at(suspects("web"))
    await until(lambda: len(api.asked) > 2)
    assert pods.changed == [WEB]
    api.says = pod(RUNNING)
    await until(lambda: len(pods.changed) == 2)
    assert pods.reason(WEB) == ""
    pods.look_at({})
    await until(lambda: not api.busy)
    count = len(api.asked)
    await asyncio.sleep(0.2)
    assert len(api.asked) == count, "out of sight, nobody is asked"


async def test_one_that_changes_is_asked_about_soon_but_not_with_every_change(look):
    api = Pods()
    pods = look(api)
    for ready in (0, 1, 2, 0, 1, 2):
        pods.look_at(suspects("web", ready=ready))
        await asyncio.sleep(0.02)
    assert len(api.asked) == 1
    await until(lambda: len(api.asked) == 2, timeout_s=5)


async def test_few_are_asked_at_once(look):
    api = Pods()
    api.gate.clear()
    pods = look(api)
    pods.look_at(suspects(*(f"web-{n}" for n in range(10))))
    await until(lambda: api.busy == AT_ONCE)
    await asyncio.sleep(0.05)
    assert len(api.asked) == AT_ONCE
    api.gate.set()
    await until(lambda: len(pods.changed) == 10)
    assert api.busiest == AT_ONCE == 4


async def test_a_namespace_whose_pods_may_not_be_listed_is_left_alone_until_somebody_asks(look):
    api = Pods()
    api.says = Forbidden("You may not list pods.", verb="list", resource="pods", namespace="a")
    pods = look(api, again_s=0.02)
    pods.look_at(suspects("web"))
    await until(lambda: api.asked)
    await asyncio.sleep(0.2)
    assert len(api.asked) == 1
    api.says = pod(waiting("CrashLoopBackOff"))
    pods.hurry()
    await until(lambda: pods.reason(WEB) == "CrashLoopBackOff")


async def test_what_is_forbidden_is_looked_at_now_and_then_because_somebody_may_grant_it(look):
    api = Pods()
    api.says = Forbidden("You may not list pods.", verb="list", resource="pods", namespace="a")
    pods = look(api, again_s=0.01, granted_s=0.2)
    pods.look_at(suspects("web"))
    await until(lambda: api.asked)
    api.says = pod(waiting("CrashLoopBackOff"))
    await asyncio.sleep(0.1)
    assert len(api.asked) == 1
    pods.look_at(suspects("web", ready=1))
    await until(lambda: pods.reason(WEB) == "CrashLoopBackOff", timeout_s=5)
    await until(lambda: len(api.asked) > 3)


async def test_what_was_known_stays_while_the_api_is_away(look):
    api = Pods()
    pods = look(api, again_s=0.02)
    pods.look_at(suspects("web"))
    await until(lambda: pods.reason(WEB))
    api.says = Unreachable("away")
    count = len(api.asked)
    await until(lambda: len(api.asked) > count + 2)
    assert pods.reason(WEB) == "CrashLoopBackOff"


async def test_an_answer_about_an_older_rollout_is_dropped(look):
    api = Pods()
    api.gate.clear()
    pods = look(api)
    pods.look_at(suspects("web"))
    await until(lambda: api.asked)
    pods.look_at(suspects("web", generation=2))
    api.gate.set()
    await until(lambda: not api.busy)
    await asyncio.sleep(0.05)
    assert (len(api.asked), pods.reason(WEB)) == (1, "")
