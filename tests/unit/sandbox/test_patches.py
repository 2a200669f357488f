import copy

import pytest

from helmpanel.sandbox.patches import json_patched, merged, strategically_merged
from helmpanel.sandbox.schema import shape_of
from helmpanel.sandbox.status import UnknownRequest

DEPLOYMENT = shape_of(("apps", "v1", "Deployment"))


def deployment(*containers, **spec):
    return {"spec": {"template": {"spec": {"containers": list(containers)}}, **spec}}


def containers_of(obj):
    return obj["spec"]["template"]["spec"]["containers"]


def test_merge_patch_merges_maps_replaces_lists_and_removes_nulls():
    target = {"a": 1, "map": {"x": 1, "y": 2}, "list": [1, 2]}
    assert merged(target, {"a": None, "map": {"y": 3, "z": {"n": None}}, "list": [9]}) == {"map": {"x": 1, "y": 3, "z": {}}, "list": [9]}


def test_strategic_patch_merges_containers_by_name():
    old = deployment({"name": "main", "image": "web:1"}, {"name": "side", "image": "log:1"})
    new = strategically_merged(old, deployment({"name": "main", "image": "web:2"}), DEPLOYMENT)
    assert containers_of(new) == [{"name": "main", "image": "web:2"}, {"name": "side", "image": "log:1"}]


def test_strategic_patch_appends_a_new_item_and_deletes_by_directive():
    old = deployment({"name": "main", "image": "web:1"}, {"name": "side", "image": "log:1"})
    new = strategically_merged(old, deployment({"name": "side", "$patch": "delete"}, {"name": "new", "image": "x"}), DEPLOYMENT)
    assert [each["name"] for each in containers_of(new)] == ["main", "new"]


def test_strategic_patch_keeps_the_order_it_is_told():
    old = deployment({"name": "a"}, {"name": "b"})
    patch = {"spec": {"template": {"spec": {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}}}}
    assert [each["name"] for each in containers_of(strategically_merged(old, patch, DEPLOYMENT))] == ["b", "a"]


def test_strategic_patch_replaces_lists_without_a_key():
    old = deployment({"name": "main", "args": ["-a", "-b"]})
    assert containers_of(strategically_merged(old, deployment({"name": "main", "args": ["-c"]}), DEPLOYMENT)) == [{"name": "main", "args": ["-c"]}]


def test_strategic_patch_joins_sets():
    old = {"metadata": {"finalizers": ["a"]}}
    assert strategically_merged(old, {"metadata": {"finalizers": ["b"]}}, DEPLOYMENT)["metadata"]["finalizers"] == ["a", "b"]
    removed = strategically_merged(old, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}}, DEPLOYMENT)
    assert removed["metadata"]["finalizers"] == []


def test_strategic_patch_replaces_a_map_or_keeps_only_named_keys_when_told():
    old = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    assert strategically_merged(old, {"spec": {"strategy": {"$patch": "replace", "type": "Recreate"}}}, DEPLOYMENT) == {
        "spec": {"strategy": {"type": "Recreate"}}
    }
    kept = strategically_merged(old, {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}, DEPLOYMENT)
    assert kept == {"spec": {"strategy": {"type": "Recreate"}}}


def test_json_patch_does_what_its_operations_say():
    document = {"a": {"b/c": 1}, "list": ["x", "z"]}
    operations = [
        {"op": "test", "path": "/a/b~1c", "value": 1},
        {"op": "replace", "path": "/a/b~1c", "value": 2},
        {"op": "add", "path": "/list/1", "value": "y"},
        {"op": "add", "path": "/list/-", "value": "end"},
        {"op": "remove", "path": "/a"},
        {"op": "add", "path": "/d", "value": {}},
    ]
    assert json_patched(document, operations) == {"list": ["x", "y", "z", "end"], "d": {}}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/a", "value": 2},
        {"op": "replace", "path": "/missing", "value": 2},
        {"op": "remove", "path": "/missing"},
    ],
)
def test_json_patch_refuses_what_does_not_fit(operation):
    with pytest.raises((ValueError, LookupError)):
        json_patched({"a": 1}, [operation])


def test_an_operation_that_is_not_simulated_fails_loudly():
    with pytest.raises(UnknownRequest, match="move"):
        json_patched({"a": 1}, [{"op": "move", "from": "/a", "path": "/b"}])


def test_no_patch_changes_its_inputs():
    old, patch = deployment({"name": "main", "image": "web:1"}, replicas=1), deployment({"name": "main", "image": "web:2"}, replicas=None)
    before = copy.deepcopy((old, patch))
    merged(old, patch)
    strategically_merged(old, patch, DEPLOYMENT)
    json_patched(old, [{"op": "add", "path": "/spec/template/spec/containers/0/image", "value": "web:3"}])
    assert (old, patch) == before
