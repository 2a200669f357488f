"""The control plane in small: looks at each object that changed, and brings about what it asks for, after a delay."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Mapping

from helmpanel.sandbox.objects import Key, Object, conditions_of, key_of, now, owners_of, seconds_since, status_of
from helmpanel.sandbox.resources import Resource
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError
from helmpanel.sandbox.store import Change, Store

_log = logging.getLogger(__name__)

# How long garbage stays before it is collected.
TIDY_AFTER_S = 0.05


class Controller:
    """Works on the server's loop."""

    def __init__(self, store: Store, delay_s: float, works: "Mapping[str, Callable[[Controller, Object], None]]") -> None:
        self.store = store
        self.delay_s = delay_s  # how long a container takes to become ready
        self._works = works  # by kind: what is done about an object when it or something that it owns has changed
        self._born: dict[str, float] = {}
        self._found: set[str] = set()  # uids of what was there before this controller: what is made of it has been there as long
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[tuple[Resource, Key], asyncio.TimerHandle] = {}
        store.listeners.append(self._noticed)

    def start(self) -> None:
        """Begin on the running loop, with all objects there are."""
        self._loop = asyncio.get_running_loop()
        for _, obj in self.store.everything():
            self._found.add(obj["metadata"]["uid"])
            self.look(obj)

    def stop(self) -> None:
        """Leave everything as it is."""
        for each in self._waiting.values():
            each.cancel()
        self._waiting.clear()
        self._loop = None

    def age_s(self, obj: Object) -> float:
        """Seconds since this controller first saw an object, exact where timestamps have whole seconds; seeded ones keep their age."""
        loop_time = asyncio.get_running_loop().time()
        stamp_age = seconds_since(obj["metadata"]["creationTimestamp"])
        return loop_time - self._born.setdefault(obj["metadata"]["uid"], loop_time - (stamp_age if stamp_age > 2 else 0))

    def look(self, obj: Object, after_s: float = 0.0) -> None:
        """Look at an object soon; the earlier of two appointments counts."""
        if self._loop is None or obj["kind"] not in self._works:
            return
        # A custom kind may have the name of a built-in one, as Knative's Service has.
        if (resource := self._resource_of(obj)).definition:
            return
        appointment = resource, key_of(obj)
        due = self._loop.time() + after_s
        if waiting := self._waiting.get(appointment):
            if waiting.when() <= due:
                return
            waiting.cancel()
        self._waiting[appointment] = self._loop.call_at(due, self._visit, *appointment)

    def owned(self, kind: str, owner: Object) -> list[Object]:
        """Objects of a kind that an object owns."""
        every = self.store.select(self.store.resources.named(kind), Selector(owner["metadata"]["namespace"]))
        return [each for each in every if any(reference["uid"] == owner["metadata"]["uid"] for reference in owners_of(each))]

    def create(self, kind: str, obj: Object) -> Object:
        """Make an object."""
        made = self.store.create(self.store.resources.named(kind), obj)
        if any(owner["uid"] in self._found for owner in owners_of(made)):
            self._found.add(made["metadata"]["uid"])
            self._born[made["metadata"]["uid"]] = -math.inf
        return made

    def update(self, obj: Object) -> Object:
        """Write an object."""
        return self.store.update(self._resource_of(obj), obj)

    def delete(self, obj: Object) -> None:
        """Delete an object."""
        self.store.delete(self._resource_of(obj), *key_of(obj))

    def write_status(self, obj: Object, status: Object) -> None:
        """Merge into an object's status; None takes a field away. Conditions keep their time while they say the same."""
        resource = self._resource_of(obj)
        live = self.store.find(resource, *key_of(obj))
        if live is None:
            return
        before = conditions_of(live)
        merged = {key: value for key, value in {**status_of(live), **status}.items() if value is not None}
        if "conditions" in status:
            merged["conditions"] = [_timed(each, before.get(each["type"], {})) for each in status["conditions"]]
        self.store.update(resource, {**live, "status": merged}, subresource="status")

    def _resource_of(self, obj: Object) -> Resource:
        return self.store.resources.named(obj["kind"], obj["apiVersion"])

    def _noticed(self, change: Change) -> None:
        obj, uid = change.obj, change.obj["metadata"]["uid"]
        for owner in owners_of(obj):
            with contextlib.suppress(KeyError):
                if found := self.store.find(self._resource_of(owner), obj["metadata"].get("namespace"), owner["name"]):
                    self.look(found)
        if change.kind != "DELETED":
            self.look(obj)
        elif self._loop:
            self._born.pop(uid, None)
            self._loop.call_later(TIDY_AFTER_S, self._collect, uid)

    def _visit(self, resource: Resource, key: Key) -> None:
        del self._waiting[resource, key]
        obj = self.store.find(resource, *key)
        if obj and (resource.kind == "Namespace" or not obj["metadata"].get("deletionTimestamp")):
            # What lost a race with a client or a namespace's end is not done.
            try:
                self._works[resource.kind](self, obj)
            except ApiError as cause:
                _log.debug("given up: %s", cause)
            self._found.discard(obj["metadata"]["uid"])

    def _collect(self, uid: str) -> None:
        """Delete what an object that is gone owned."""
        for resource, obj in self.store.everything():
            if any(owner["uid"] == uid for owner in owners_of(obj)):
                with contextlib.suppress(ApiError):
                    self.store.delete(resource, *key_of(obj))


def _timed(condition: Object, before: Object) -> Object:
    is_same = before.get("status") == condition["status"]
    return {**condition, "lastTransitionTime": before["lastTransitionTime"] if is_same else now()}
