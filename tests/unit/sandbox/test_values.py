"""Objects whose values make no sense are refused, in the words of a real server where the recordings have them."""

import copy

import pytest

from helmpanel.sandbox.defaults import filled_in
from helmpanel.sandbox.resources import Resources
from helmpanel.sandbox.values import field_errors

RESOURCES = Resources()


def found(obj, old=None):
    obj, old = copy.deepcopy(obj), copy.deepcopy(old)
    if old:
        filled_in(old, None)
    filled_in(obj, old)
    return [f"{each.field}: {each.text}" for each in field_errors(RESOURCES.named(obj["kind"]), obj, old)]


def service(**spec):
    return {"kind": "Service", "metadata": {"name": "web"}, "spec": spec}


def workload(kind="Deployment", selector="web", label="web", pod=None, **spec):
    template = {"metadata": {"labels": {"app": label}}, "spec": pod or {"containers": [{"name": "main", "image": "i"}]}}
    return {"kind": kind, "metadata": {"name": "web"}, "spec": {"selector": {"matchLabels": {"app": selector}}, "template": template, **spec}}


@pytest.mark.parametrize("obj", [service(ports=[{"port": 80}]), workload(), workload("StatefulSet"), workload("DaemonSet")])
def test_what_is_right_is_let_through(obj):
    assert found(obj) == []
    assert found(obj, obj) == []


def test_a_port_out_of_range_is_named_twice_as_its_target_follows_it():
    assert found(service(ports=[{"port": 99999}])) == [
        "spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive",
        "spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive",
    ]


@pytest.mark.parametrize(
    ("obj", "field"),
    [
        (service(), "spec.ports: Required value"),
        (service(type="Nonsense", ports=[{"port": 1}]), 'spec.type: Unsupported value: "Nonsense"'),
        (service(ports=[{"port": 1}, {"port": 2}]), "spec.ports[0].name: Required value"),
        ({"kind": "Service", "metadata": {"name": "1web"}, "spec": {"ports": [{"port": 1}]}}, 'metadata.name: Invalid value: "1web": a DNS-1035 label'),
        ({"kind": "ConfigMap", "metadata": {"name": "Bad_Name"}}, 'metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain'),
        ({"kind": "ConfigMap", "metadata": {"name": "x", "labels": {"a": "b c"}}}, 'metadata.labels: Invalid value: "b c": a valid label'),
        ({"kind": "ConfigMap", "metadata": {"name": "x", "labels": {"a": "b" * 64}}}, "metadata.labels: Invalid value"),
        ({"kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a b": ""}}, 'data[a b]: Invalid value: "a b": a valid config key'),
        ({"kind": "Secret", "metadata": {"name": "x"}, "data": {"a": "A" * 1_500_000}}, "data: Too long"),
        (workload(selector="other"), 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'),
        (workload(replicas=-1), "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        (workload(pod={"containers": []}), "spec.template.spec.containers: Required value"),
        (workload(pod={"containers": [{"name": "main"}]}), "spec.template.spec.containers[0].image: Required value"),
        (workload(pod={"containers": [{"name": "Main", "image": "i"}]}), 'spec.template.spec.containers[0].name: Invalid value: "Main"'),
        (workload("Job", pod={"containers": [{"name": "m", "image": "i"}]}), 'spec.template.spec.restartPolicy: Unsupported value: "Always"'),
    ],
)
def test_what_is_wrong_is_named(obj, field):
    assert any(each.startswith(field) for each in found(obj)), found(obj)


def test_a_selector_cannot_change():
    assert found(workload(selector="b", label="b"), workload(selector="a", label="a")) == [
        'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable'
    ]


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (workload("StatefulSet", serviceName="b"), workload("StatefulSet", serviceName="a")),
        (
            workload("Job", pod={"containers": [{"name": "m", "image": "b"}], "restartPolicy": "Never"}),
            workload("Job", pod={"containers": [{"name": "m", "image": "a"}], "restartPolicy": "Never"}),
        ),
        (service(ports=[{"port": 1}], clusterIP="10.0.0.2"), service(ports=[{"port": 1}], clusterIP="10.0.0.1")),
        ({"kind": "Secret", "metadata": {"name": "s"}, "type": "b"}, {"kind": "Secret", "metadata": {"name": "s"}, "type": "a"}),
        (
            {"kind": "ConfigMap", "metadata": {"name": "c"}, "immutable": True, "data": {"a": "2"}},
            {"kind": "ConfigMap", "metadata": {"name": "c"}, "immutable": True, "data": {"a": "1"}},
        ),
    ],
)
def test_what_may_not_change_is_refused(new, old):
    assert len(found(new, old)) == 1
