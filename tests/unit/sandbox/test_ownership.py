import pytest

from helmpanel.sandbox import fields
from helmpanel.sandbox.ownership import after_apply, after_create_by_apply, after_update, managers_of, pruned
from helmpanel.sandbox.resources import Resources
from helmpanel.sandbox.schema import shape_of
from helmpanel.sandbox.status import ApiError

RESOURCE = Resources().named("Deployment")
SHAPE = shape_of(RESOURCE.gvk)


def deployment(replicas=1, image="web:1", **container):
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"spec": {"containers": [{"name": "main", "image": image, **container}]}},
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": spec}


def without_replicas(**container):
    body = deployment(**container)
    del body["spec"]["replicas"]
    return body


def applied_by_helm(body):
    return {**body, "metadata": {**body["metadata"], "managedFields": after_create_by_apply(body, SHAPE, "helm")}}


def updated(obj, manager, subresource=None, **changes):
    new = {**obj, "spec": {**obj["spec"], **changes}}
    return {**new, "metadata": {**new["metadata"], "managedFields": after_update(new, obj, SHAPE, manager, subresource)}}


def apply(live, body, *, force=False):
    return after_apply(live, body, SHAPE, "helm", is_forced=force, resource=RESOURCE)


def test_owned_fields_have_the_form_of_managed_fields():
    assert fields.packed(fields.values(deployment(), SHAPE)) == {
        "f:metadata": {"f:labels": {"f:app": {}}},
        "f:spec": {
            "f:replicas": {},
            "f:selector": {},
            "f:template": {"f:spec": {"f:containers": {'k:{"name":"main"}': {".": {}, "f:image": {}, "f:name": {}}}}},
        },
    }


def test_an_apply_by_the_only_owner_changes_what_it_says():
    new = apply(applied_by_helm(deployment()), deployment(replicas=3, image="web:2"))
    assert new["spec"]["replicas"] == 3
    assert new["spec"]["template"]["spec"]["containers"][0]["image"] == "web:2"


def test_a_field_that_another_changed_is_a_conflict_in_the_words_of_the_server():
    live = updated(applied_by_helm(deployment()), "kubectl", "scale", replicas=4)
    with pytest.raises(ApiError) as refused:
        apply(live, deployment(replicas=1))
    assert refused.value.code == 409
    assert refused.value.message == 'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas'


def test_several_conflicts_are_listed_by_manager():
    live = updated(applied_by_helm(deployment()), "kubectl", "scale", replicas=4)
    template = {"spec": {"containers": [{"name": "main", "image": "web:9"}]}}
    live = updated(live, "other", template=template)
    with pytest.raises(ApiError) as refused:
        apply(live, deployment(replicas=1, image="web:2"))
    assert refused.value.message == (
        'Apply failed with 2 conflicts: conflicts with "kubectl" with subresource "scale" using apps/v1:\n- .spec.replicas\n'
        'conflicts with "other" using apps/v1:\n- .spec.template.spec.containers[name="main"].image'
    )
    assert [each["field"] for each in refused.value.details["causes"]] == [".spec.replicas", '.spec.template.spec.containers[name="main"].image']


def test_the_same_value_is_no_conflict():
    live = updated(applied_by_helm(deployment()), "kubectl", replicas=4)
    assert apply(live, deployment(replicas=4))["spec"]["replicas"] == 4


def test_force_takes_the_field_from_the_other_owner():
    live = updated(applied_by_helm(deployment()), "kubectl", "scale", replicas=4)
    new = apply(live, deployment(replicas=1), force=True)
    assert new["spec"]["replicas"] == 1
    assert [each["manager"] for each in managers_of(new)] == ["helm"]


def test_a_field_given_up_goes_away_when_nobody_else_owns_it():
    live = applied_by_helm(deployment(tty=True))
    assert "tty" not in apply(live, deployment())["spec"]["template"]["spec"]["containers"][0]


def test_a_field_given_up_stays_when_another_owns_it_too():
    live = after_apply(applied_by_helm(deployment(replicas=4)), deployment(replicas=4), SHAPE, "other", is_forced=False, resource=RESOURCE)
    assert apply(live, without_replicas())["spec"]["replicas"] == 4


def test_a_port_without_a_protocol_is_the_tcp_port():
    live = deployment(ports=[{"containerPort": 80, "protocol": "TCP", "name": "http"}])
    new = apply(live, deployment(ports=[{"containerPort": 80, "name": "web"}]))
    assert [each["name"] for each in new["spec"]["template"]["spec"]["containers"][0]["ports"]] == ["web"]


def test_list_items_of_others_stay():
    live = applied_by_helm(deployment())
    injected = {"spec": {"containers": [*live["spec"]["template"]["spec"]["containers"], {"name": "proxy", "image": "p"}]}}
    new = apply(updated(live, "injector", template=injected), deployment(image="web:2"))
    assert [each["image"] for each in new["spec"]["template"]["spec"]["containers"]] == ["web:2", "p"]


def test_a_list_item_given_up_goes_away():
    body = deployment()
    body["spec"]["template"]["spec"]["containers"].append({"name": "side", "image": "s"})
    new = apply(applied_by_helm(body), deployment())
    assert [each["name"] for each in new["spec"]["template"]["spec"]["containers"]] == ["main"]


def test_a_selector_is_one_value():
    live = applied_by_helm(deployment())
    body = deployment()
    body["spec"]["selector"] = {"matchLabels": {"tier": "web"}}
    assert apply(live, body)["spec"]["selector"] == {"matchLabels": {"tier": "web"}}


def test_an_update_takes_only_what_it_changes():
    live = updated(applied_by_helm(deployment()), "kubectl", replicas=4)
    owners = {each["manager"]: each["fieldsV1"] for each in managers_of(live)}
    assert owners["kubectl"] == {"f:spec": {"f:replicas": {}}}
    assert "f:replicas" not in owners["helm"]["f:spec"]


def test_nobody_owns_a_field_that_is_gone():
    live = applied_by_helm(deployment())
    kept = pruned(managers_of(live), without_replicas(), SHAPE)
    assert "f:replicas" not in kept[0]["fieldsV1"]["f:spec"]
