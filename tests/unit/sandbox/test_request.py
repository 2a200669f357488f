import pytest

from helmpanel.sandbox.request import Request, target_of
from helmpanel.sandbox.resources import Resources
from helmpanel.sandbox.status import UnknownRequest

RESOURCES = Resources()


def place(path):
    target = target_of(path, RESOURCES)
    return target.resource.kind, target.namespace, target.name, target.subresource


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/secrets", ("Secret", None, None, None)),
        ("/api/v1/namespaces/a/secrets", ("Secret", "a", None, None)),
        ("/api/v1/namespaces/a/secrets/s", ("Secret", "a", "s", None)),
        ("/api/v1/namespaces", ("Namespace", None, None, None)),
        ("/api/v1/namespaces/a", ("Namespace", None, "a", None)),
        ("/api/v1/namespaces/a/status", ("Namespace", None, "a", "status")),
        ("/apis/apps/v1/namespaces/a/deployments/d/scale", ("Deployment", "a", "d", "scale")),
        ("/apis/rbac.authorization.k8s.io/v1/clusterroles/view", ("ClusterRole", None, "view", None)),
    ],
)
def test_a_path_names_its_target(path, expected):
    assert place(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/namespaces/a/pods/p/log",
        "/api/v1/namespaces/a/pods/p/exec",
        "/api/v2/secrets",
        "/apis/example.com/v1/gadgets",
        "/api/v1/namespaces/a/nodes",
        "/apis/apps/v1/namespaces/a/deployments/d/status/more",
    ],
)
def test_a_path_that_is_not_served_is_unknown(path):
    with pytest.raises(UnknownRequest):
        target_of(path, RESOURCES)


@pytest.mark.parametrize(
    ("method", "path", "query", "verb"),
    [
        ("GET", "/api/v1/secrets", "", "list"),
        ("GET", "/api/v1/secrets", "watch=true", "watch"),
        ("GET", "/api/v1/secrets", "watch=True", "watch"),
        ("GET", "/api/v1/secrets", "watch=0", "list"),
        ("GET", "/api/v1/namespaces/a", "", "get"),
        ("POST", "/api/v1/namespaces", "", "create"),
        ("PUT", "/api/v1/namespaces/a", "", "update"),
        ("PATCH", "/api/v1/namespaces/a", "", "patch"),
        ("DELETE", "/api/v1/namespaces/a", "", "delete"),
        ("DELETE", "/api/v1/secrets", "", "deletecollection"),
    ],
)
def test_a_request_has_the_verb_of_audit_logs(method, path, query, verb):
    assert Request(method, path, query, {}, b"").verb(target_of(path, RESOURCES)) == verb


def accepting(accept):
    return Request("GET", "/", "", {"accept": accept}, b"")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/json", "full"),
        ("*/*", "full"),
        ("application/vnd.kubernetes.protobuf, */*", "full"),
        ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "table"),
        ("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json", "partial"),
    ],
)
def test_the_first_form_that_is_known_is_answered(accept, form):
    assert accepting(accept).form == form


def test_a_form_that_is_not_known_is_unknown():
    with pytest.raises(UnknownRequest, match="cbor"):
        accepting("application/cbor").form  # noqa: B018


def test_the_manager_is_named_or_the_client():
    assert Request("PATCH", "/", "fieldManager=helm", {"user-agent": "kubectl/v1"}, b"").manager == "helm"
    assert Request("PATCH", "/", "", {"user-agent": "kubectl/v1.36 (linux)"}, b"").manager == "kubectl"
