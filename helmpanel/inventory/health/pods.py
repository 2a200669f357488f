"""The worst reason out of one bounded list of pods, asked for workloads that are not ready while somebody looks at them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import quote

import orjson

from helmpanel.errors import Forbidden, HelmPanelError
from helmpanel.inventory.api import Api
from helmpanel.inventory.following import MAY_BE_GRANTED_S
from helmpanel.inventory.health.fields import Fields, condition, fields, items
from helmpanel.inventory.health.readiness import Found
from helmpanel.inventory.health.reasons import CONFIG, CRASH, IMAGE, kept, worst
from helmpanel.inventory.patience import asked_s
from helmpanel.model.health import Health, HealthState
from helmpanel.runtime.tasks import end, happens, spawn

log = logging.getLogger(__name__)

Where: TypeAlias = tuple[str, str, str]
"""Kind, namespace and name of a workload."""

MOST = 50
"""Pods of one workload that are looked at: all of one template fail for the same reason."""
AGAIN_S = 10.0
"""Between two looks at one that stays as it is."""
SOONEST_S = 1.0
"""Between two looks at one that changes: a rollout writes its status with every pod."""
AT_ONCE = 4

_WAITING = frozenset((*IMAGE, *CRASH, *CONFIG))


def pod_reason(pod: object, *, runs_once: bool) -> str:
    """Why a pod will not become ready; empty when nothing says so. Pure; never raises.

    Args:
        pod: As the API gives it.
        runs_once: It belongs to a Job. A failed pod of any other workload has been replaced, and says nothing of now.
    """
    document = fields(pod)
    status = fields(document.get("status"))
    if fields(document.get("metadata")).get("deletionTimestamp") or (status.get("phase") == "Failed" and not runs_once):
        return ""
    reasons = [_container_reason(fields(one.get("state"))) for key in ("initContainerStatuses", "containerStatuses") for one in items(status.get(key))]
    scheduled = condition(status, "PodScheduled")
    if scheduled.get("status") == "False" and scheduled.get("reason") == "Unschedulable":
        reasons.append("Unschedulable")
    return worst(reasons)


def _container_reason(state: Fields) -> str:
    waiting, terminated = fields(state.get("waiting")).get("reason"), fields(state.get("terminated"))
    if isinstance(waiting, str) and waiting in _WAITING:
        return waiting
    code = terminated.get("exitCode")
    return kept(terminated.get("reason"), "Error") if isinstance(code, int) and code != 0 else ""


def pods_reason(body: bytes, *, runs_once: bool) -> str:
    """The worst reason in a list of pods as the API sends it; empty for none. Pure; never raises."""
    try:
        listed = orjson.loads(body)
    except ValueError:
        return ""
    return worst(pod_reason(pod, runs_once=runs_once) for pod in items(fields(listed).get("items")))


def worsened(health: Health, reason: str) -> Health:
    """A workload's health with what its pods say: one that was on its way will not arrive."""
    if not reason or health.state not in (HealthState.PROGRESSING, HealthState.DEGRADED):
        return health
    known = [health.reason] if health.state is HealthState.DEGRADED else []
    return replace(health, state=HealthState.DEGRADED, reason=worst([reason, *known]))


class PodReasons:
    """Looks at the pods of suspects, again and again while they are suspect. On the I/O thread only.

    Args:
        api: The cluster.
        changed: Called with a workload whose pods say something else now.
        again_s: Between two looks at one that stays as it is.
        granted_s: Between two looks at what is forbidden.
    """

    def __init__(self, api: Api, changed: Callable[[Where], object], *, again_s: float = AGAIN_S, granted_s: float = MAY_BE_GRANTED_S) -> None:
        self._api = api
        self._changed = changed
        self._again_s = again_s
        self._granted_s = granted_s
        self._suspects: dict[Where, Found] = {}
        self._due: dict[Where, float] = {}
        self._asked: dict[Where, float] = {}
        self._reasons: dict[Where, str] = {}
        self._forbidden: dict[str, float] = {}
        """Until when pods of a namespace that may not be listed are left alone."""
        self._wake = asyncio.Event()

    def reason(self, where: Where) -> str:
        """What the pods of a workload said last; empty for nothing."""
        return self._reasons.get(where, "")

    def forget(self, where: Where) -> None:
        """What the pods said is not true any more: it is ready, gone, or rolls out something else."""
        self._reasons.pop(where, None)

    def look_at(self, suspects: Mapping[Where, Found]) -> None:
        """Which workloads are not ready and on screen now: new and changed ones are asked for soon.

        What is known of others is kept: a row whose health changed by scrolling out of sight would come and go with a filter on it.
        """
        before, self._suspects = self._suspects, dict(suspects)
        for gone in self._due.keys() - suspects.keys():
            del self._due[gone]
        now = asyncio.get_running_loop().time()
        # Whoever scrolls back and forth asks no more often than somebody who does not.
        self._asked = {where: at for where, at in self._asked.items() if where in suspects or now - at < SOONEST_S}
        self._forbidden = {namespace: until for namespace, until in self._forbidden.items() if until > now}
        for where, one in suspects.items():
            if before.get(where) != one:
                self._due[where] = self._asked.get(where, -SOONEST_S) + SOONEST_S
        self._wake.set()

    def hurry(self) -> None:
        """Ask anew, also where it was forbidden."""
        self._forbidden.clear()
        self._due = dict.fromkeys(self._suspects, 0.0)
        self._wake.set()

    async def run(self) -> None:
        """Look, until cancelled."""
        looking: dict[Where, asyncio.Task[None]] = {}
        try:
            while True:
                self._wake.clear()
                looking = {where: task for where, task in looking.items() if not task.done()}
                now = asyncio.get_running_loop().time()
                waiting = sorted((max(due, self._forbidden.get(where[1], 0.0)), where) for where, due in self._due.items() if where not in looking)
                for due, where in waiting[: AT_ONCE - len(looking)]:
                    if due <= now:
                        self._asked[where], self._due[where] = now, now + self._again_s
                        looking[where] = spawn(self._look(self._suspects[where]), f"look at the pods of {where[2]}")
                        looking[where].add_done_callback(lambda _: self._wake.set())
                later = min((due for due, where in waiting if where not in looking), default=None)
                # With nobody free to look, the first to be done is waited for, whatever is due.
                await happens(self._wake, None if later is None or len(looking) >= AT_ONCE else max(0.0, later - now))
        finally:
            for task in looking.values():
                if not task.done():
                    await end(task)

    async def _look(self, suspect: Found) -> None:
        where = suspect.where
        _, namespace, name = where
        try:
            body = await self._api.get(f"/api/v1/namespaces/{quote(namespace, safe='')}/pods", {"labelSelector": suspect.pods, "limit": str(MOST)})
        except Forbidden as error:
            log.info("pods of %s: %s", namespace, error)
            self._forbidden[namespace] = asyncio.get_running_loop().time() + self._granted_s
            return
        except HelmPanelError as error:
            log.info("pods of %s in %s: %s", name, namespace, error)
            if where in self._due:
                self._due[where] += asked_s(error)
            return
        now = self._suspects.get(where)
        if now is None or now.generation != suspect.generation or now.uid != suspect.uid:
            return  # it became ready meanwhile, or rolls out something else
        reason = pods_reason(body, runs_once=where[0] == "Job")
        if reason != self.reason(where):
            self._reasons[where] = reason
            self._changed(where)
