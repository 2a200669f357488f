"""Who owns which field: `managedFields` after an update, after an apply, and the conflicts between them."""

from helmpanel.sandbox import fields
from helmpanel.sandbox.fields import Fields
from helmpanel.sandbox.objects import Object, now
from helmpanel.sandbox.resources import Resource
from helmpanel.sandbox.schema import Shape
from helmpanel.sandbox.status import ApiError, details_of


def managers_of(obj: Object) -> list[Object]:
    """The `managedFields` of an object."""
    return obj["metadata"].get("managedFields") or []


def _entry(manager: str, operation: str, api_version: str, owned: Fields, subresource: str | None = None) -> Object:
    part = {"subresource": subresource} if subresource else {}
    packed = {"fieldsType": "FieldsV1", "fieldsV1": fields.packed(owned)}
    return {"manager": manager, "operation": operation, "apiVersion": api_version, "time": now(), **packed, **part}


def _is(entry: Object, manager: str, operation: str, subresource: str | None = None) -> bool:
    return (entry["manager"], entry["operation"], entry.get("subresource")) == (manager, operation, subresource)


def _keeping(entry: Object, owned: Fields) -> list[Object]:
    """An entry with only these fields; nothing when there are none."""
    return [{**entry, "fieldsV1": fields.packed(owned)}] if owned else []


def pruned(managers: list[Object], obj: Object, shape: Shape) -> list[Object]:
    """Without what is no longer in the object: nobody owns a field that is gone."""
    there = fields.values(obj, shape)
    return [kept for each in managers for kept in _keeping(each, fields.common(fields.unpacked(each["fieldsV1"]), there))]


def after_update(new: Object, old: Object | None, shape: Shape, manager: str, subresource: str | None = None) -> list[Object]:
    """`managedFields` once `manager` wrote `new` over `old`: what it changed is its own now."""
    taken = fields.changed(new, old or {}, shape)
    if not taken:
        return managers_of(new)
    out, mine = [], set(taken)
    for each in managers_of(new):
        owned = fields.unpacked(each["fieldsV1"])
        if _is(each, manager, "Update", subresource):
            mine |= owned
        else:
            out += _keeping(each, owned - taken)
    return [*out, _entry(manager, "Update", new["apiVersion"], mine, subresource)]


def after_create_by_apply(body: Object, shape: Shape, manager: str) -> list[Object]:
    """`managedFields` of an object that an apply created."""
    return [_entry(manager, "Apply", body["apiVersion"], set(fields.values(body, shape)))]


def after_apply(live: Object, body: Object, shape: Shape, manager: str, *, is_forced: bool, resource: Resource) -> Object:
    """The object once `manager` applied `body` to `live`, with its new `managedFields`; a 409 when others own what would change, unless forced."""
    wanted = set(fields.values(body, shape))
    out = fields.applied(live, body, shape)
    contested = fields.changed(out, live, shape)
    mine: Fields = set()
    others, conflicts = [], []
    for each in managers_of(live):
        owned = fields.unpacked(each["fieldsV1"])
        if _is(each, manager, "Apply"):
            mine = owned
            continue
        if lost := fields.common(contested, owned):
            conflicts.append((each, lost))
        others.append((each, owned - lost))
    if conflicts and not is_forced:
        raise _refusal(conflicts, resource, live["metadata"]["name"])
    if mine == wanted and not conflicts:
        kept = managers_of(live)
    else:
        kept = [entry for each, owned in others for entry in _keeping(each, owned)] + [_entry(manager, "Apply", body["apiVersion"], wanted)]
    # What this manager gave up and nobody else owns goes away.
    out = fields.without(out, mine.difference(wanted, *(owned for _, owned in others)), shape)
    return {**out, "metadata": {**out["metadata"], "managedFields": kept}}


def _refusal(conflicts: list[tuple[Object, Fields]], resource: Resource, name: str) -> ApiError:
    contested: dict[str, list[str]] = {}
    for entry, lost in sorted(conflicts, key=lambda each: (each[0]["manager"], each[0].get("subresource", ""))):
        part = f' with subresource "{entry["subresource"]}"' if entry.get("subresource") else ""
        contested[f' with "{entry["manager"]}"{part} using {entry["apiVersion"]}'] = [fields.text_of(path) for path in sorted(lost)]
    causes = [{"reason": "FieldManagerConflict", "message": f"conflict{whom}", "field": each} for whom, lost in contested.items() for each in lost]
    if len(causes) == 1:
        text = f"1 conflict: {causes[0]['message']}: {causes[0]['field']}"
    else:
        text = f"{len(causes)} conflicts: " + "\n".join(f"conflicts{whom}:" + "".join(f"\n- {each}" for each in lost) for whom, lost in contested.items())
    return ApiError(409, f"Apply failed with {text}", details_of(resource, name, causes=causes))
