"""What each verb does to the store."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

from helmpanel.sandbox import ownership, patches, strictness
from helmpanel.sandbox.answer import Answer, document, listing, shaped
from helmpanel.sandbox.schema import shape_of
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError, UnknownRequest, bad_request, conflict
from helmpanel.sandbox.store import MODIFIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.request import Request, Target
    from helmpanel.sandbox.store import Store

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


def answered(store: Store, request: Request, target: Target, verb: str) -> Answer:
    """Carry out everything but a watch.

    Raises:
        ApiError: It cannot be done.
    """
    match verb:
        case "get":
            return _one(store, request, target, store.get(target.resource, target.namespace, str(target.name)))
        case "list":
            return _list(store, request, target)
        case "create" if target.name is None:
            return _create(store, request, target)
        case "update" if target.name:
            return _update(store, request, target)
        case "patch" if target.name:
            return _apply(store, request, target) if request.content_type == APPLY else _patch(store, request, target)
        case "delete":
            return _delete(store, request, target)
        case _:
            raise UnknownRequest(f"{request.method} {request.path}")


def selector_of(request: Request, target: Target) -> Selector:
    """What a list or watch asks for."""
    return Selector.parsed(target.namespace, request.query.get("labelSelector", ""), request.query.get("fieldSelector", ""))


def _one(store: Store, request: Request, target: Target, obj: Object, status: int = 200, warnings: Sequence[str] = ()) -> Answer:
    include = request.query.get("includeObject", "Metadata")
    headers = {"warning": ", ".join(f"299 - {json.dumps(each)}" for each in warnings)} if warnings else {}
    return document(shaped(target.resource, obj, request.form, store.version, include), status, headers=headers)


def _checked(request: Request, target: Target, body: Object) -> tuple[Object, list[str]]:
    """A body as the server takes it, and what it says of the fields that it drops (unless `fieldValidation=Ignore`)."""
    validation = request.query.get("fieldValidation", "Warn")
    warnings = strictness.unknown_fields(target.resource, body) if validation == "Warn" else []
    return strictness.check_body(target.resource, body, is_strict=validation == "Strict"), warnings


def _list(store: Store, request: Request, target: Target) -> Answer:
    objects = store.select(target.resource, selector_of(request, target))
    if 0 < int(request.query.get("limit") or 0) < len(objects):
        raise UnknownRequest(f"a list in pages ({request.line})")
    return document(listing(target.resource, objects, request.form, store.version, request.query.get("includeObject", "Metadata")))


def _named(request: Request, target: Target) -> Object:
    """The object in the body, in the namespace and under the name of the path."""
    body = request.decoded()
    resource, metadata = target.resource, dict(body.get("metadata") or {})
    for key, expected in (("apiVersion", resource.api_version), ("kind", resource.kind)):
        if body.get(key, expected) != expected:
            raise bad_request(f"{key} in the body ({body[key]}) is not the expected one ({expected})")
    if resource.is_namespaced and metadata.get("namespace") not in (None, "", target.namespace):
        raise bad_request(f"the namespace of the provided object does not match the namespace sent on the request ({target.namespace})")
    if target.name and metadata.get("name") not in (None, "", target.name):
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({target.name})")
    if target.namespace:
        metadata["namespace"] = target.namespace
    if target.name:
        metadata["name"] = target.name
    return {**body, "apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata}


def _create(store: Store, request: Request, target: Target) -> Answer:
    body, warnings = _checked(request, target, _named(request, target))
    return _one(store, request, target, store.create(target.resource, body, manager=request.manager), 201, warnings)


def _update(store: Store, request: Request, target: Target) -> Answer:
    body, warnings = _named(request, target), list[str]()
    if target.subresource is None:
        body, warnings = _checked(request, target, body)
    changed = store.update(target.resource, body, manager=request.manager, subresource=target.subresource)
    return _one(store, request, target, changed, warnings=warnings)


def _patch(store: Store, request: Request, target: Target) -> Answer:
    resource, name = target.resource, str(target.name)
    old, warnings = store.get(resource, target.namespace, name), list[str]()
    if target.subresource == "scale":
        new = patches.merged(old, {"spec": {"replicas": request.decoded()["spec"]["replicas"]}})
    elif request.content_type == JSON_PATCH:
        try:
            new = patches.json_patched(old, request.operations())
        except (LookupError, ValueError, TypeError) as cause:
            raise ApiError(422, "Invalid", f"the server rejected our request due to an error in our request: {cause}") from cause
    elif request.content_type == MERGE_PATCH:
        new = patches.merged(old, request.decoded())
    elif request.content_type == STRATEGIC_PATCH and not resource.definition:
        new = patches.strategically_merged(old, request.decoded(), shape_of(resource.gvk))
    else:
        raise UnknownRequest(f"{request.content_type} on {resource.qualified}")
    if target.subresource is None:
        new, warnings = _checked(request, target, copy.deepcopy(new))
    changed = store.update(resource, new, manager=request.manager, subresource=target.subresource)
    return document(_scale(changed)) if target.subresource == "scale" else _one(store, request, target, changed, warnings=warnings)


def _scale(obj: Object) -> Object:
    metadata = {key: obj["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")}
    replicas = (obj.get("status") or {}).get("replicas", 0)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": metadata,
        "spec": {"replicas": obj["spec"]["replicas"]},
        "status": {"replicas": replicas},
    }


def _apply(store: Store, request: Request, target: Target) -> Answer:
    resource, name = target.resource, str(target.name)
    if "fieldManager" not in request.query:
        raise bad_request('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch')
    body = _without_nulls(_named(request, target))
    if body["metadata"].pop("managedFields", None):
        raise bad_request("metadata.managedFields must be nil")
    strictness.check_applied(resource, body, target.namespace, name)
    if "status" in resource.subresources and target.subresource != "status":
        body.pop("status", None)
    shape, live = shape_of(resource.gvk), store.find(resource, target.namespace, name)
    if live is None:
        strictness.check_required(resource, body)
        managers = ownership.after_create_by_apply(body, shape, request.manager)
        return _one(store, request, target, store.create(resource, body, managers=managers), 201)
    if body["metadata"].pop("resourceVersion", live["metadata"]["resourceVersion"]) != live["metadata"]["resourceVersion"]:
        raise conflict(resource, name, MODIFIED)
    body["metadata"].pop("uid", None)
    new = ownership.after_apply(live, body, shape, request.manager, is_forced=request.flag("force"), resource=resource)
    strictness.check_required(resource, new)
    changed = store.update(resource, copy.deepcopy(new), subresource=target.subresource, is_apply=True)
    return _one(store, request, target, changed)


def _without_nulls(obj: Object) -> Object:
    return {key: _without_nulls(value) if isinstance(value, dict) else value for key, value in obj.items() if value is not None}


def _delete(store: Store, request: Request, target: Target) -> Answer:
    resource, name = target.resource, str(target.name)
    options = request.decoded() if request.body else {}
    policy = request.query.get("propagationPolicy") or options.get("propagationPolicy") or "Background"
    if policy != "Background" or options.keys() & {"dryRun", "orphanDependents", "preconditions"}:
        raise UnknownRequest(f"deleting with {options or policy}")
    gone = store.delete(resource, target.namespace, name)
    # An object that is still there because something holds it is answered itself; so are pods.
    if resource.kind == "Pod" or store.find(resource, target.namespace, name):
        return _one(store, request, target, gone)
    details = {"name": name, "group": resource.group, "kind": resource.plural, "uid": gone["metadata"]["uid"]}
    return document({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
