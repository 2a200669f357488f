"""The objects, versioned, with everything that happens when one is written. No HTTP, no threads: whoever calls owns the loop it runs on."""

from __future__ import annotations

import collections
import itertools
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helmpanel.sandbox import defaults, ownership, values
from helmpanel.sandbox.objects import Object, now, owners_of, with_metadata
from helmpanel.sandbox.resources import Resource, Resources
from helmpanel.sandbox.schema import shape_of
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError, FieldError, already_exists, bad_request, conflict, invalid, not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Key = tuple[str | None, str]

# A watch can begin at any of the last 20,000 changes of its resource; older ones are told to list again.
HISTORY = 20_000
MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"
_SERVER_OWNED = ("namespace", "name", "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")


@dataclass(frozen=True, slots=True)
class Change:
    """One write.

    Attributes:
        kind: ADDED, MODIFIED or DELETED.
        obj: The object after it; for DELETED as it was, with the version of its deletion.
        before: The object before it; None for ADDED.
    """

    version: int
    kind: str
    resource: Resource
    obj: Object
    before: Object | None


class _Shelf:
    """The objects of one resource and its latest changes."""

    def __init__(self) -> None:
        self.objects: dict[Key, Object] = {}
        self.changes: collections.deque[Change] = collections.deque(maxlen=HISTORY)
        self.forgotten = 0


class Store:
    """All objects of the cluster.

    Attributes:
        version: The resourceVersion of the latest write.
        listeners: Called with each change, once it is stored.
    """

    def __init__(self) -> None:
        self.resources = Resources()
        self.version = 1000
        self.listeners: list[Callable[[Change], None]] = []
        self._shelves: dict[Resource, _Shelf] = collections.defaultdict(_Shelf)

    # Reading.

    def find(self, resource: Resource, namespace: str | None, name: str) -> Object | None:
        """One object, or None."""
        return self._shelves[resource].objects.get((namespace if resource.is_namespaced else None, name))

    def get(self, resource: Resource, namespace: str | None, name: str) -> Object:
        """One object.

        Raises:
            ApiError: 404, it is not there.
        """
        found = self.find(resource, namespace, name)
        if found is None:
            raise not_found(resource, name)
        return found

    def select(self, resource: Resource, selector: Selector | None = None) -> list[Object]:
        """Objects of one resource in order of namespace and name."""
        chosen = selector or Selector.parsed(None)
        objects = self._shelves[resource].objects
        if chosen.name and (chosen.namespace or not resource.is_namespaced):
            found = objects.get((chosen.namespace, chosen.name))
            return [found] if found and chosen.matches(found) else []
        keys = sorted((key for key, obj in objects.items() if chosen.matches(obj)), key=lambda key: (key[0] or "", key[1]))
        return [objects[key] for key in keys]

    def everything(self, namespace: str | None = None) -> Iterator[tuple[Resource, Object]]:
        """All objects; of one namespace when it is given."""
        for resource, shelf in list(self._shelves.items()):
            for key, obj in list(shelf.objects.items()):
                if namespace is None or key[0] == namespace:
                    yield resource, obj

    def dependents(self, uid: str) -> list[tuple[Resource, Object]]:
        """Objects that name an owner with this uid."""
        return [(resource, obj) for resource, obj in self.everything() if any(owner["uid"] == uid for owner in owners_of(obj))]

    def changes_since(self, resource: Resource, version: int) -> list[Change]:
        """Changes after a version, oldest first.

        Raises:
            ApiError: 410, the version is older than what is remembered.
        """
        shelf = self._shelves[resource]
        if version < shelf.forgotten:
            raise ApiError(410, "Expired", f"too old resource version: {version} ({self.version})")
        newer = itertools.takewhile(lambda change: change.version > version, reversed(shelf.changes))
        return list(newer)[::-1]

    # Writing.

    def create(self, resource: Resource, obj: Object, *, manager: str | None = None, managers: list[Object] | None = None) -> Object:
        """Store a new object.

        Args:
            obj: Namespace in its metadata; it becomes the store's.
            manager: Who gets to own its fields; None for nobody.
            managers: Its `managedFields`, when the caller has worked them out (server-side apply).

        Raises:
            ApiError: It exists, is not valid, or its namespace is missing or going.
        """
        obj = {**obj, "apiVersion": resource.api_version, "kind": resource.kind}
        metadata = obj["metadata"] = dict(obj.get("metadata") or {})
        if not metadata.get("name"):
            raise invalid(resource, "", [FieldError("metadata.name", "Required value: name or generateName is required")])
        self._check_namespace(resource, metadata)
        if self.find(resource, metadata.get("namespace"), metadata["name"]):
            raise already_exists(resource, metadata["name"])
        for key in ("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"):
            metadata.pop(key, None)
        metadata.update(uid=str(uuid.uuid4()), creationTimestamp=now())
        if "status" in resource.subresources:
            obj.pop("status", None)
        if "spec" in obj:
            metadata["generation"] = 1
        self._admit(resource, obj, None)
        if managers is not None:
            metadata["managedFields"] = managers
        elif manager:
            metadata["managedFields"] = ownership.after_update(obj, None, shape_of(resource.gvk), manager)
        return self._commit("ADDED", resource, obj, None)

    def update(self, resource: Resource, obj: Object, *, manager: str | None = None, subresource: str | None = None, is_apply: bool = False) -> Object:
        """Replace an object.

        Args:
            obj: All of the new object. A resourceVersion in it must be the stored one.
            manager: Who becomes owner of the fields that change; None leaves ownership as it is.
            subresource: With `status` only the status is written; any other is only named in the ownership.
            is_apply: The object carries its `managedFields` already.

        Raises:
            ApiError: It is not there, was changed meanwhile, or is not valid.
        """
        metadata = obj["metadata"]
        name = metadata["name"]
        old = self.get(resource, metadata.get("namespace"), name)
        if metadata.get("resourceVersion") not in (None, "", old["metadata"]["resourceVersion"]):
            raise conflict(resource, name, MODIFIED)
        new = self._with_status(old, obj) if subresource == "status" else self._replacement(resource, obj, old)
        if manager and not is_apply and subresource != "status":
            new["metadata"]["managedFields"] = ownership.after_update(new, old, shape_of(resource.gvk), manager, subresource)
        if new["metadata"].get("managedFields"):
            new["metadata"]["managedFields"] = ownership.pruned(new["metadata"]["managedFields"], new, shape_of(resource.gvk))
        new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
        if new == old:
            return old
        is_going = new["metadata"].get("deletionTimestamp") and not new["metadata"].get("finalizers") and resource.kind != "Namespace"
        return self._commit("DELETED" if is_going else "MODIFIED", resource, new, old)

    @staticmethod
    def _with_status(old: Object, obj: Object) -> Object:
        return {**old, "status": obj.get("status", {}), "metadata": dict(old["metadata"])}

    def _replacement(self, resource: Resource, obj: Object, old: Object) -> Object:
        new = {**obj, "apiVersion": resource.api_version, "kind": resource.kind, "metadata": dict(obj["metadata"])}
        if "status" in resource.subresources:
            new.pop("status", None)
            if "status" in old:
                new["status"] = old["status"]
        new["metadata"].update({key: old["metadata"][key] for key in _SERVER_OWNED if key in old["metadata"]})
        # A client that sends no managedFields says nothing about them.
        if "managedFields" not in new["metadata"] and "managedFields" in old["metadata"]:
            new["metadata"]["managedFields"] = old["metadata"]["managedFields"]
        self._admit(resource, new, old)
        if new.get("spec") != old.get("spec"):
            new["metadata"]["generation"] = (old["metadata"].get("generation") or 1) + 1
        return new

    def delete(self, resource: Resource, namespace: str | None, name: str) -> Object:
        """Delete an object, or mark it as going: a namespace, or what a finalizer holds."""
        old = self.get(resource, namespace, name)
        if not old["metadata"].get("finalizers") and resource.kind != "Namespace":
            return self._commit("DELETED", resource, with_metadata(old), old)
        if old["metadata"].get("deletionTimestamp"):
            return old
        going = with_metadata(old, deletionTimestamp=now(), deletionGracePeriodSeconds=0)
        if resource.kind == "Namespace":
            going["status"] = {"phase": "Terminating"}
        return self._commit("MODIFIED", resource, going, old)

    def remove(self, resource: Resource, obj: Object) -> None:
        """Take an object out whatever holds it: for the controller that has done the holder's work."""
        self._commit("DELETED", resource, with_metadata(obj), obj)

    def _check_namespace(self, resource: Resource, metadata: dict[str, Any]) -> None:
        if not resource.is_namespaced:
            metadata.pop("namespace", None)
            return
        if not metadata.get("namespace"):
            raise bad_request(f"{resource.plural} live in a namespace, and none was given")
        namespaces = self.resources.named("Namespace")
        if self.get(namespaces, None, metadata["namespace"])["metadata"].get("deletionTimestamp"):
            why = f"unable to create new content in namespace {metadata['namespace']} because it is being terminated"
            raise ApiError(403, "Forbidden", f'{resource.qualified} "{metadata["name"]}" is forbidden: {why}')

    def _admit(self, resource: Resource, obj: Object, old: Object | None) -> None:
        defaults.filled_in(obj, old)
        if found := values.field_errors(resource, obj, old):
            raise invalid(resource, obj["metadata"]["name"], found)

    def _commit(self, kind: str, resource: Resource, obj: Object, before: Object | None) -> Object:
        self.version += 1
        obj["metadata"]["resourceVersion"] = str(self.version)
        shelf = self._shelves[resource]
        key: Key = (obj["metadata"].get("namespace"), obj["metadata"]["name"])
        if kind == "DELETED":
            del shelf.objects[key]
        else:
            shelf.objects[key] = obj
        if len(shelf.changes) == HISTORY:
            shelf.forgotten = shelf.changes[0].version
        change = Change(self.version, kind, resource, obj, before)
        shelf.changes.append(change)
        for listener in self.listeners:
            listener(change)
        return obj
