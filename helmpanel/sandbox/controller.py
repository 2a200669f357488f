"""The control plane in small: looks at each object that changed, and brings about what it asks for, after a delay."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from helmpanel.sandbox import housekeeping, workloads
from helmpanel.sandbox.objects import Object, conditions_of, now, owners_of, seconds_since, with_metadata
from helmpanel.sandbox.pods import life
from helmpanel.sandbox.status import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from helmpanel.sandbox.resources import Resource
    from helmpanel.sandbox.store import Change, Key, Store

_log = logging.getLogger(__name__)

# How long garbage stays before it is collected.
TIDY_AFTER_S = 0.05
_NODE = "sandbox-node"


class Controller:
    """Works on the server's loop.

    Attributes:
        store: The cluster's objects.
        delay_s: Seconds a container takes to become ready.
    """

    def __init__(self, store: Store, delay_s: float) -> None:
        self.store = store
        self.delay_s = delay_s
        self._born: dict[str, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[tuple[Resource, Key], asyncio.TimerHandle] = {}
        self._works: dict[str, Callable[[Controller, Resource, Object], None]] = {"Pod": _pod, **workloads.WORKS, **housekeeping.WORKS}
        store.listeners.append(self._noticed)

    def start(self) -> None:
        """Begin on the running loop, with all objects there are."""
        self._loop = asyncio.get_running_loop()
        for resource, obj in self.store.everything():
            self.look(resource, obj)

    def stop(self) -> None:
        """Leave everything as it is."""
        for each in self._waiting.values():
            each.cancel()
        self._waiting.clear()
        self._loop = None

    def age_s(self, obj: Object) -> float:
        """Seconds since this controller first saw an object, exact where timestamps have whole seconds; seeded ones keep their age."""
        loop_time = asyncio.get_running_loop().time()
        uid = obj["metadata"]["uid"]
        if uid not in self._born:
            stamp_age = seconds_since(obj["metadata"]["creationTimestamp"])
            self._born[uid] = loop_time - (stamp_age if stamp_age > 2 else 0)
        return loop_time - self._born[uid]

    def look(self, resource: Resource, obj: Object, after_s: float = 0.0) -> None:
        """Look at an object soon; the earlier of two appointments counts."""
        if self._loop is None or resource.kind not in self._works:
            return
        key: Key = (obj["metadata"].get("namespace"), obj["metadata"]["name"])
        appointment = resource, key
        due = self._loop.time() + after_s
        if waiting := self._waiting.get(appointment):
            if waiting.when() <= due:
                return
            waiting.cancel()
        self._waiting[appointment] = self._loop.call_at(due, self._visit, resource, key)

    def write_status(self, resource: Resource, obj: Object, status: Object) -> None:
        """Merge into an object's status; None takes a field away. Conditions keep their time while they say the same."""
        live = self.store.find(resource, obj["metadata"].get("namespace"), obj["metadata"]["name"])
        if live is None:
            return
        before = conditions_of(live)
        merged = {key: value for key, value in {**(live.get("status") or {}), **status}.items() if value is not None}
        if "conditions" in status:
            merged["conditions"] = [_timed(each, before.get(each["type"])) for each in status["conditions"]]
        self.store.update(resource, {**live, "status": merged}, subresource="status")

    def _noticed(self, change: Change) -> None:
        obj, resource = change.obj, change.resource
        for owner in owners_of(obj):
            self._look_at_owner(owner, obj["metadata"].get("namespace"))
        if change.kind == "DELETED":
            self._born.pop(obj["metadata"]["uid"], None)
            housekeeping.bury(self, resource, obj)
            if self._loop:
                self._loop.call_later(TIDY_AFTER_S, self._guarded, self._collect, obj["metadata"]["uid"])
        else:
            self.look(resource, obj)

    def _look_at_owner(self, owner: Object, namespace: str | None) -> None:
        try:
            resource = self.store.resources.named(owner["kind"], owner["apiVersion"])
        except KeyError:
            return
        if found := self.store.find(resource, namespace, owner["name"]):
            self.look(resource, found)

    def _visit(self, resource: Resource, key: Key) -> None:
        self._waiting.pop((resource, key), None)
        if obj := self.store.find(resource, *key):
            self._guarded(self._work, resource, obj)

    def _work(self, resource: Resource, obj: Object) -> None:
        if resource.kind == "Namespace" or not obj["metadata"].get("deletionTimestamp"):
            self._works[resource.kind](self, resource, obj)

    def _guarded(self, work: Callable[..., None], *arguments: object) -> None:
        """Do a piece of work; what lost a race with a client or a namespace's end is not done."""
        try:
            work(*arguments)
        except ApiError as cause:
            _log.debug("given up: %s", cause)

    def _collect(self, uid: str) -> None:
        """Delete what an object that is gone owned."""
        for resource, obj in self.store.dependents(uid):
            self.store.delete(resource, obj["metadata"].get("namespace"), obj["metadata"]["name"])


def _timed(condition: Object, before: Object | None) -> Object:
    is_same = before is not None and before["status"] == condition["status"]
    return {**condition, "lastTransitionTime": before["lastTransitionTime"] if before and is_same else now()}


def _pod(controller: Controller, resource: Resource, pod: Object) -> None:
    if not pod["spec"].get("nodeName"):
        controller.store.update(resource, {**pod, "spec": {**pod["spec"], "nodeName": _NODE}, "metadata": {**with_metadata(pod)["metadata"]}})
        return
    if (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return
    age = controller.age_s(pod)
    status, again_at = life(pod, age, controller.delay_s)
    old = pod.get("status") or {}
    # A status that says the same but for its times is not written again.
    is_same = old.get("phase") == status["phase"] and _waiting_reasons(old) == _waiting_reasons(status)
    if not is_same:
        controller.write_status(resource, pod, {**status, "hostIP": "10.0.0.1", "podIP": "10.244.0.10", "startTime": old.get("startTime") or now()})
    if again_at is not None:
        controller.look(resource, pod, max(0.0, again_at - age))


def _waiting_reasons(status: Object) -> list[str]:
    return [next(iter(each["state"].values())).get("reason", "") for each in status.get("containerStatuses") or []]
