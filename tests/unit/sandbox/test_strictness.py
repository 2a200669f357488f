import copy

import pytest

from helmpanel.sandbox.resources import Resources
from helmpanel.sandbox.status import ApiError
from helmpanel.sandbox.strictness import check_applied, check_body

RESOURCES = Resources()


def deployment(**spec):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"selector": {}, "template": {}, **spec}}


def refused(work):
    with pytest.raises(ApiError) as caught:
        work()
    return caught.value.code, caught.value.message


def test_a_wrong_type_is_refused_in_the_words_of_the_go_decoder():
    assert refused(lambda: check_body(RESOURCES.named("Deployment"), deployment(replicas="many"), "Ignore")) == (
        400,
        'Deployment in version "v1" cannot be handled as a Deployment: '
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    )


def test_a_number_in_a_config_map_is_refused():
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": 1}}
    assert refused(lambda: check_body(RESOURCES.named("ConfigMap"), body, "Ignore"))[0] == 400


def test_an_unknown_field_is_refused_when_strict_and_named_and_dropped_when_not():
    resource = RESOURCES.named("ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "labelz": {}}, "datum": {"x": "z"}}
    assert refused(lambda: check_body(resource, body, "Strict")) == (
        400,
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.labelz", unknown field "datum"',
    )
    assert check_body(resource, copy.deepcopy(body), "Ignore") == []
    assert check_body(resource, body, "Warn") == ['unknown field "metadata.labelz"', 'unknown field "datum"']
    assert body == {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}


def test_an_unknown_field_inside_a_list_is_dropped_from_its_item():
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": [{"port": 1}, {"port": 2, "prot": 3}]}}
    check_body(RESOURCES.named("Service"), body)
    assert body["spec"]["ports"] == [{"port": 1}, {"port": 2}]


def test_a_missing_field_is_named():
    body = deployment()
    del body["spec"]["selector"]
    assert refused(lambda: check_body(RESOURCES.named("Deployment"), body, "Strict")) == (
        422,
        'Deployment.apps "web" is invalid: spec.selector: Required value',
    )


def test_an_applied_unknown_field_is_not_declared():
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "datum": {}}
    assert refused(lambda: check_applied(RESOURCES.named("ConfigMap"), body, "team-a", "x")) == (
        500,
        "failed to create typed patch object (team-a/x; /v1, Kind=ConfigMap): .datum: field not declared in schema",
    )


def test_an_applied_wrong_type_is_told_in_the_words_of_apply():
    message = refused(lambda: check_applied(RESOURCES.named("Deployment"), deployment(replicas="many"), "a", "web"))[1]
    assert message.endswith("Kind=Deployment): .spec.replicas: expected numeric (int or float), got string")


def test_quantities_and_ports_with_a_choice_of_types_are_let_through():
    ports = [{"port": 80, "targetPort": "http"}, {"port": 81, "targetPort": 8081}]
    check_body(RESOURCES.named("Service"), {"metadata": {"name": "s"}, "spec": {"ports": ports}}, "Strict")


def test_a_custom_resource_is_not_checked():
    gadget = RESOURCES.named("ConfigMap").__class__(
        group="example.com", version="v1", plural="gadgets", kind="Gadget", is_namespaced=True, definition="gadgets.example.com"
    )
    assert check_body(gadget, {"metadata": {"name": "g"}, "anything": 1}, "Strict") == []
