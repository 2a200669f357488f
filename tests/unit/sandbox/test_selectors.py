import pytest

from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError


def thing(name="web", namespace="team-a", labels=None, **content):
    return {"metadata": {"name": name, "namespace": namespace, "labels": labels or {}}, **content}


@pytest.mark.parametrize(
    ("selector", "labels", "is_chosen"),
    [
        ("owner=helm", {"owner": "helm"}, True),
        ("owner==helm", {"owner": "helm"}, True),
        ("owner=helm", {"owner": "flux"}, False),
        ("owner=helm", {}, False),
        ("owner=helm,status!=superseded", {"owner": "helm", "status": "deployed"}, True),
        ("owner=helm,status!=superseded", {"owner": "helm", "status": "superseded"}, False),
        ("status!=superseded", {}, True),
        ("status in (deployed, failed)", {"status": "failed"}, True),
        ("status in (deployed,failed),owner=helm", {"status": "failed"}, False),
        ("status notin (deployed)", {}, True),
        ("status notin (deployed)", {"status": "deployed"}, False),
        ("app.kubernetes.io/name", {"app.kubernetes.io/name": ""}, True),
        ("app.kubernetes.io/name", {}, False),
        ("!owner", {}, True),
        ("!owner", {"owner": "helm"}, False),
        ("", {"any": "thing"}, True),
    ],
)
def test_label_selectors_choose_as_kubernetes_does(selector, labels, is_chosen):
    assert Selector(None, selector).matches(thing(labels=labels)) is is_chosen


@pytest.mark.parametrize(
    ("selector", "is_chosen"),
    [
        ("metadata.name=web", True),
        ("metadata.name=db", False),
        ("metadata.name!=db,status.phase=Running", True),
        ("status.phase!=Running", False),
        ("spec.nodeName=", True),
    ],
)
def test_field_selectors_choose_by_dotted_path(selector, is_chosen):
    assert Selector(None, "", selector).matches(thing(status={"phase": "Running"})) is is_chosen


def test_a_namespace_chooses_what_is_in_it():
    selector = Selector("team-a")
    assert selector.matches(thing())
    assert not selector.matches(thing(namespace="team-b"))


@pytest.mark.parametrize("labels", ["a=b=c d", "in (a)", "a b"])
def test_a_selector_that_makes_no_sense_is_refused(labels):
    with pytest.raises(ApiError) as refused:
        Selector(None, labels)
    assert refused.value.code == 400
