"""Who owns which field: `managedFields` after an update, after an apply, and the conflicts between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helmpanel.sandbox import fields
from helmpanel.sandbox.objects import now
from helmpanel.sandbox.status import ApiError

if TYPE_CHECKING:
    from helmpanel.sandbox.fields import Fields
    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource
    from helmpanel.sandbox.schema import Shape


def _entry(manager: str, operation: str, api_version: str, owned: Fields, subresource: str | None = None) -> Object:
    entry: Object = {"manager": manager, "operation": operation, "apiVersion": api_version, "time": now(), "fieldsType": "FieldsV1", "fieldsV1": owned}
    return {**entry, "subresource": subresource} if subresource else entry


def _is(entry: Object, manager: str, operation: str, subresource: str | None) -> bool:
    return (entry["manager"], entry["operation"], entry.get("subresource")) == (manager, operation, subresource)


def managers_of(obj: Object) -> list[Object]:
    """The `managedFields` of an object."""
    return obj["metadata"].get("managedFields") or []


def pruned(managers: list[Object], obj: Object, shape: Shape) -> list[Object]:
    """Without what is no longer in the object: nobody owns a field that is gone."""
    there = fields.owned(obj, shape)
    kept = [{**each, "fieldsV1": fields.common(each["fieldsV1"], there)} for each in managers]
    return [each for each in kept if each["fieldsV1"]]


def after_update(new: Object, old: Object | None, shape: Shape, manager: str, subresource: str | None = None) -> list[Object]:
    """`managedFields` once `manager` wrote `new` over `old`: what it changed is its own now."""
    taken = fields.changed(new, old, shape) if old else fields.owned(new, shape)
    if not taken:
        return managers_of(new)
    out, mine = [], _entry(manager, "Update", new["apiVersion"], taken, subresource)
    for each in managers_of(new):
        if _is(each, manager, "Update", subresource):
            mine["fieldsV1"] = fields.union(each["fieldsV1"], taken)
        elif rest := fields.minus(each["fieldsV1"], taken):
            out.append({**each, "fieldsV1": rest})
    return [*out, mine]


def after_create_by_apply(body: Object, shape: Shape, manager: str) -> list[Object]:
    """`managedFields` of an object that an apply created."""
    return [_entry(manager, "Apply", body["apiVersion"], fields.owned(body, shape))]


def after_apply(live: Object, body: Object, shape: Shape, manager: str, *, is_forced: bool, resource: Resource) -> Object:
    """The object once `manager` applied `body` to `live`, with its new `managedFields`.

    Raises:
        ApiError: 409, another manager owns fields that would change, and the apply is not forced.
    """
    wanted = fields.owned(body, shape)
    managers = managers_of(live)
    mine = next((each for each in managers if _is(each, manager, "Apply", None)), None)
    others = [each for each in managers if each is not mine]
    out = fields.applied(live, body, shape)
    contested = fields.changed(out, live, shape)
    conflicts = [(each, lost) for each in others if (lost := fields.common(contested, each["fieldsV1"]))]
    if conflicts and not is_forced:
        raise _refusal(conflicts, resource, live["metadata"]["name"])
    for each, lost in conflicts:
        others[others.index(each)] = {**each, "fieldsV1": fields.minus(each["fieldsV1"], lost)}
    if mine:
        # What this manager gave up and nobody else owns goes away.
        given_up = fields.minus(mine["fieldsV1"], wanted)
        for each in others:
            given_up = fields.minus(given_up, each["fieldsV1"])
        out = fields.without(out, given_up, shape)
    if mine and mine["fieldsV1"] == wanted and not conflicts:
        kept = managers
    else:
        kept = [each for each in others if each["fieldsV1"]] + [_entry(manager, "Apply", body["apiVersion"], wanted)]
    return {**out, "metadata": {**out["metadata"], "managedFields": kept}}


def _refusal(conflicts: list[tuple[Object, Fields]], resource: Resource, name: str) -> ApiError:
    causes = []
    for entry, lost in sorted(conflicts, key=lambda each: (each[0]["manager"], each[0].get("subresource", ""))):
        part = f' with subresource "{entry["subresource"]}"' if entry.get("subresource") else ""
        message = f'conflict with "{entry["manager"]}"{part} using {entry["apiVersion"]}'
        causes += [{"reason": "FieldManagerConflict", "message": message, "field": path} for path in fields.paths(lost)]
    if len(causes) == 1:
        text = f"Apply failed with 1 conflict: {causes[0]['message']}: {causes[0]['field']}"
    else:
        text = f"Apply failed with {len(causes)} conflicts:"
        last = None
        for cause in causes:
            if cause["message"] != last:
                text += f"{'' if last else ' '}{chr(10) if last else ''}conflicts{cause['message'].removeprefix('conflict')}:"
                last = cause["message"]
            text += f"\n- {cause['field']}"
    return ApiError(409, "Conflict", text, {"name": name, "group": resource.group, "kind": resource.plural, "causes": causes})
