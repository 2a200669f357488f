"""Objects whose values make no sense are refused, in the words of a real server where the recordings have them."""

import copy

import pytest

from helmpanel.sandbox.admission import field_errors, filled_in


def found(obj, old=None):
    obj, old = copy.deepcopy(obj), copy.deepcopy(old)
    if old:
        filled_in(old, None)
    filled_in(obj, old)
    return [f"{each.field}: {each.text}" for each in field_errors(obj, old)]


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
        ({"kind": "Secret", "metadata": {"name": "x"}, "data": {"a": "A" * 1_500_000}}, "data: Too long"),
        (workload(selector="other"), 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'),
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
    ],
)
def test_what_may_not_change_is_refused(new, old):
    assert len(found(new, old)) == 1
