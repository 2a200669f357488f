"""The objects, versioned, with everything that happens when one is written. No HTTP, no threads: whoever calls owns the loop it runs on."""

import collections
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from helmpanel.sandbox import admission, ownership
from helmpanel.sandbox.objects import Key, Object, key_of, now, with_metadata
from helmpanel.sandbox.resources import Resource, Resources, defined_by
from helmpanel.sandbox.schema import shape_of
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError, FieldError, invalid, modified, refusal

# A watch can begin at any of the last 20,000 changes; older ones are told to list again.
HISTORY = 20_000
_SERVER_OWNED = ("namespace", "name", "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")


@dataclass(frozen=True, slots=True)
class Change:
    """One write."""

    version: int
    kind: str  # ADDED, MODIFIED or DELETED
    resource: Resource
    obj: Object  # after it; for DELETED as it was, with the version of its deletion
    before: Object | None  # before it; None for ADDED


class Store:
    """All objects of the cluster. What cannot be done is refused with the ApiError of a real server."""

    def __init__(self) -> None:
        self.resources = Resources()
        self.version = 1000  # the resourceVersion of the latest write
        self.forgotten = 1000  # changes up to this version are no longer known
        self.listeners: list[Callable[[Change], None]] = []  # called with each change, once it is stored
        self._objects: dict[Resource, dict[Key, Object]] = collections.defaultdict(dict)
        self._changes: collections.deque[Change] = collections.deque(maxlen=HISTORY)

    def find(self, resource: Resource, namespace: str | None, name: str) -> Object | None:
        """One object, or None."""
        return self._objects[resource].get((namespace if resource.is_namespaced else None, name))

    def get(self, resource: Resource, namespace: str | None, name: str) -> Object:
        """One object, or a 404."""
        found = self.find(resource, namespace, name)
        if found is None:
            raise refusal(404, resource, name, "not found")
        return found

    def select(self, resource: Resource, selector: Selector | None = None) -> list[Object]:
        """Objects of one resource in order of namespace and name."""
        chosen, objects = selector or Selector(), self._objects[resource]
        keys = sorted((key for key, obj in objects.items() if chosen.matches(obj)), key=lambda key: (key[0] or "", key[1]))
        return [objects[key] for key in keys]

    def everything(self, namespace: str | None = None) -> Iterator[tuple[Resource, Object]]:
        """All objects; of one namespace when it is given."""
        for resource, objects in list(self._objects.items()):
            for (where, _), obj in list(objects.items()):
                if namespace in (None, where):
                    yield resource, obj

    def changes_since(self, resource: Resource, version: int) -> list[Change]:
        """Changes of a resource after a version, oldest first; a 410 when some of them are forgotten."""
        if version < self.forgotten:
            raise ApiError(410, f"too old resource version: {version} ({self.version})")
        return [each for each in self._changes if each.version > version and each.resource == resource]

    def compact(self) -> None:
        """Forget what changed up to now, as etcd does every five minutes: a watch from before is told to list again."""
        self.forgotten = self.version
        self._changes.clear()

    def create(self, resource: Resource, obj: Object, *, manager: str | None = None) -> Object:
        """Store a new object. `manager` gets to own its fields; None leaves its `managedFields` as they are given."""
        metadata = dict(obj.get("metadata") or {})
        obj = {**obj, "apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata}
        if not metadata.get("name"):
            raise invalid(resource, "", [FieldError("metadata.name", "Required value: name or generateName is required")])
        if resource.is_namespaced:
            self._check_namespace(resource, metadata)
        else:
            metadata.pop("namespace", None)
        if self.find(resource, metadata.get("namespace"), metadata["name"]):
            raise refusal(409, resource, metadata["name"], "already exists", reason="AlreadyExists")
        for key in ("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"):
            metadata.pop(key, None)
        metadata.update(uid=str(uuid.uuid4()), creationTimestamp=now())
        if "status" in resource.subresources:
            obj.pop("status", None)
        self._admit(resource, obj, None)
        if "spec" in obj:
            metadata["generation"] = 1
        if manager:
            metadata["managedFields"] = ownership.after_update(obj, None, shape_of(resource.gvk), manager)
        return self._commit("ADDED", resource, obj, None)

    def update(self, resource: Resource, obj: Object, *, manager: str | None = None, subresource: str | None = None) -> Object:
        """Replace an object; a resourceVersion in the new one must be that of the old one.

        Args:
            manager: Who becomes owner of the fields that change; None leaves ownership as the object has it.
            subresource: With `status` only the status is written; any other is only named in the ownership.
        """
        metadata, shape = obj["metadata"], shape_of(resource.gvk)
        old = self.get(resource, metadata.get("namespace"), metadata["name"])
        if metadata.get("resourceVersion") not in (None, "", old["metadata"]["resourceVersion"]):
            raise modified(resource, metadata["name"])
        if subresource == "status":
            new = with_metadata({**old, "status": obj.get("status", {})})
        else:
            new = self._replacement(resource, obj, old)
            if manager:
                new["metadata"]["managedFields"] = ownership.after_update(new, old, shape, manager, subresource)
        if managers := ownership.managers_of(new):
            new["metadata"]["managedFields"] = ownership.pruned(managers, new, shape)
        new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
        if new == old:
            return old
        is_going = new["metadata"].get("deletionTimestamp") and not new["metadata"].get("finalizers") and resource.kind != "Namespace"
        return self._commit("DELETED" if is_going else "MODIFIED", resource, new, old)

    def _replacement(self, resource: Resource, obj: Object, old: Object) -> Object:
        new = {**obj, "apiVersion": resource.api_version, "kind": resource.kind, "metadata": dict(obj["metadata"])}
        if "status" in resource.subresources:
            new.pop("status", None)
            new |= {"status": old["status"]} if "status" in old else {}
        new["metadata"].update({key: old["metadata"][key] for key in _SERVER_OWNED if key in old["metadata"]})
        # A client that sends no managedFields says nothing about them.
        if "managedFields" in old["metadata"]:
            new["metadata"].setdefault("managedFields", old["metadata"]["managedFields"])
        self._admit(resource, new, old)
        if new.get("spec") != old.get("spec"):
            new["metadata"]["generation"] = (old["metadata"].get("generation") or 1) + 1
        return new

    def delete(self, resource: Resource, namespace: str | None, name: str) -> Object:
        """Delete an object, or mark it as going: a namespace, or what a finalizer holds."""
        old = self.get(resource, namespace, name)
        if not old["metadata"].get("finalizers") and resource.kind != "Namespace":
            return self.remove(resource, old)
        if old["metadata"].get("deletionTimestamp"):
            return old
        going = with_metadata(old, deletionTimestamp=now(), deletionGracePeriodSeconds=0)
        if resource.kind == "Namespace":
            going["status"] = {"phase": "Terminating"}
        return self._commit("MODIFIED", resource, going, old)

    def remove(self, resource: Resource, obj: Object) -> Object:
        """Take an object out whatever holds it: for the controller that has done the holder's work."""
        return self._commit("DELETED", resource, with_metadata(obj), obj)

    def _check_namespace(self, resource: Resource, metadata: dict[str, Any]) -> None:
        if not (name := metadata.get("namespace")):
            raise ApiError(400, f"{resource.plural} live in a namespace, and none was given")
        if self.get(self.resources.named("Namespace"), None, name)["metadata"].get("deletionTimestamp"):
            why = f"unable to create new content in namespace {name} because it is being terminated"
            raise refusal(403, resource, metadata["name"], f"is forbidden: {why}")

    def _admit(self, resource: Resource, obj: Object, old: Object | None) -> None:
        # A custom kind may have the name of a built-in one, as Knative's Service has.
        if resource.definition:
            return
        admission.filled_in(obj, old)
        if found := admission.field_errors(obj, old):
            raise invalid(resource, obj["metadata"]["name"], found)

    def _commit(self, kind: str, resource: Resource, obj: Object, before: Object | None) -> Object:
        self.version += 1
        obj["metadata"]["resourceVersion"] = str(self.version)
        if kind == "DELETED":
            del self._objects[resource][key_of(obj)]
        else:
            self._objects[resource][key_of(obj)] = obj
        if len(self._changes) == HISTORY:
            self.forgotten = self._changes[0].version
        change = Change(self.version, kind, resource, obj, before)
        self._changes.append(change)
        if resource.kind == "CustomResourceDefinition":
            self._define(obj, is_gone=kind == "DELETED")
        for listener in self.listeners:
            listener(change)
        return obj

    def _define(self, definition: Object, *, is_gone: bool) -> None:
        """Serve what a CustomResourceDefinition defines; when it is gone, its objects go with it."""
        if is_gone:
            for resource in self.resources.remove(definition["metadata"]["name"]):
                for obj in self.select(resource):
                    self.remove(resource, obj)
        else:
            self.resources.add(defined_by(definition))
