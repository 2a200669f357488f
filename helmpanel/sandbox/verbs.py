"""What each verb does to the store."""

import copy
import json
from collections.abc import Sequence

from helmpanel.sandbox import ownership, patches, strictness
from helmpanel.sandbox.answer import Answer, document, listed, shaped
from helmpanel.sandbox.objects import Object, status_of
from helmpanel.sandbox.request import Request, Target
from helmpanel.sandbox.schema import shape_of
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError, UnknownRequest, details_of, modified
from helmpanel.sandbox.store import Store


def answered(store: Store, request: Request, target: Target, verb: str) -> Answer:
    """Carry out everything but a watch; what cannot be done raises an ApiError."""
    match verb:
        case "get":
            return _one(store, request, target, store.get(target.resource, target.namespace, str(target.name)))
        case "list":
            return _list(store, request, target)
        case "create" if target.name is None:
            return _create(store, request, target)
        case "update" if target.name:
            return _written(store, request, target, _named(request, target))
        case "patch" if target.name:
            return _apply(store, request, target) if "apply" in request.content_type else _patch(store, request, target)
        case "delete":
            return _delete(store, request, target)
        case _:
            raise UnknownRequest(f"{request.method} {request.path}")


def selector_of(request: Request, target: Target) -> Selector:
    """What a list or watch asks for."""
    return Selector(target.namespace, request.query.get("labelSelector", ""), request.query.get("fieldSelector", ""))


def _one(store: Store, request: Request, target: Target, obj: Object, status: int = 200, warnings: Sequence[str] = ()) -> Answer:
    headers = {"warning": ", ".join(f"299 - {json.dumps(each)}" for each in warnings)} if warnings else {}
    return document(shaped(request, target.resource, obj, store.version), status, headers=headers)


def _list(store: Store, request: Request, target: Target) -> Answer:
    objects = store.select(target.resource, selector_of(request, target))
    metadata: Object = {"resourceVersion": str(store.version)}
    if 0 < (limit := int(request.query.get("limit") or 0)) < len(objects):
        # Going on from there is not simulated: the parameter `continue` is refused.
        metadata["continue"] = "more"
        if not request.query.keys() & {"labelSelector", "fieldSelector"}:  # with a selector a real server does not know how many are left
            metadata["remainingItemCount"] = len(objects) - limit
        objects = objects[:limit]
    return listed(request, target.resource, objects, metadata)


def _named(request: Request, target: Target) -> Object:
    """The object in the body, in the namespace and under the name of the path."""
    body, resource = request.decoded(), target.resource
    metadata = dict(body.get("metadata") or {})
    is_part = {"apiVersion": resource.api_version, "kind": resource.kind}
    is_at = {"namespace": target.namespace, "name": target.name}
    for place, expected in ((body, is_part), (metadata, is_at)):
        for key, value in expected.items():
            if value and place.get(key) not in (None, "", value):
                raise ApiError(400, f"the {key} of the provided object ({place[key]}) does not match the {key} on the request ({value})")
    return {**body, **is_part, "metadata": {**metadata, **{key: value for key, value in is_at.items() if value}}}


def _create(store: Store, request: Request, target: Target) -> Answer:
    body = _named(request, target)
    warnings = strictness.check_body(target.resource, body, request.query.get("fieldValidation", "Warn"))
    return _one(store, request, target, store.create(target.resource, body, manager=request.manager), 201, warnings)


def _written(store: Store, request: Request, target: Target, new: Object) -> Answer:
    """Put `new` in the place of what is stored."""
    warnings: list[str] = []
    if target.subresource is None:
        new = copy.deepcopy(new)
        warnings = strictness.check_body(target.resource, new, request.query.get("fieldValidation", "Warn"))
    changed = store.update(target.resource, new, manager=request.manager, subresource=target.subresource)
    return document(_scale(changed)) if target.subresource == "scale" else _one(store, request, target, changed, warnings=warnings)


def _patch(store: Store, request: Request, target: Target) -> Answer:
    resource = target.resource
    old = store.get(resource, target.namespace, str(target.name))
    match target.subresource, request.content_type:
        case "scale", _:
            new = patches.merged(old, {"spec": {"replicas": request.decoded()["spec"]["replicas"]}})
        case _, "application/json-patch+json":
            try:
                new = patches.json_patched(old, request.operations())
            except (LookupError, ValueError, TypeError) as cause:
                raise ApiError(422, f"the server rejected our request due to an error in our request: {cause}") from cause
        case _, "application/merge-patch+json":
            new = patches.merged(old, request.decoded())
        case _, "application/strategic-merge-patch+json" if not resource.definition:
            new = patches.strategically_merged(old, request.decoded(), shape_of(resource.gvk))
        case _, content_type:
            raise UnknownRequest(f"{content_type} on {resource.qualified}")
    return _written(store, request, target, new)


def _scale(obj: Object) -> Object:
    metadata = {key: obj["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")}
    counts = {"spec": {"replicas": obj["spec"]["replicas"]}, "status": {"replicas": status_of(obj).get("replicas", 0)}}
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, **counts}


def _apply(store: Store, request: Request, target: Target) -> Answer:
    resource, name = target.resource, str(target.name)
    if "fieldManager" not in request.query:
        raise ApiError(400, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch')
    body = _without_nulls(_named(request, target))
    if body["metadata"].pop("managedFields", None):
        raise ApiError(400, "metadata.managedFields must be nil")
    strictness.check_applied(resource, body, target.namespace, name)
    if "status" in resource.subresources and target.subresource != "status":
        body.pop("status", None)
    shape, live = shape_of(resource.gvk), store.find(resource, target.namespace, name)
    if live is None:
        strictness.check_required(resource, body)
        body["metadata"]["managedFields"] = ownership.after_create_by_apply(body, shape, request.manager)
        return _one(store, request, target, store.create(resource, body), 201)
    if body["metadata"].pop("resourceVersion", live["metadata"]["resourceVersion"]) != live["metadata"]["resourceVersion"]:
        raise modified(resource, name)
    body["metadata"].pop("uid", None)
    new = ownership.after_apply(live, body, shape, request.manager, is_forced=request.flag("force"), resource=resource)
    strictness.check_required(resource, new)
    return _one(store, request, target, store.update(resource, copy.deepcopy(new), subresource=target.subresource))


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
    details = details_of(resource, name, uid=gone["metadata"]["uid"])
    return document({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
