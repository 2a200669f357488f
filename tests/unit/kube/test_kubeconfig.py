"""Which cluster, as whom: kubeconfigs as client-go reads them."""

import pytest
import yaml

from helmpanel.errors import KubeconfigInvalid
from helmpanel.kube.kubeconfig import IN_CLUSTER, load_access

TOKEN = "tok-3141592653589793"


def document(context="one", server="https://one.example:6443", *, current=True, user=None, cluster=None, **of_context):
    return {
        "apiVersion": "v1",
        "kind": "Config",
        **({"current-context": context} if current else {}),
        "contexts": [{"name": context, "context": {"cluster": f"{context}-cluster", "user": f"{context}-user", **of_context}}],
        "clusters": [{"name": f"{context}-cluster", "cluster": {"server": server, **(cluster or {})}}],
        "users": [{"name": f"{context}-user", "user": {"token": TOKEN} if user is None else user}],
    }


@pytest.fixture
def write(tmp_path):
    def write(content, name="config"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return path

    return write


def nothing(tmp_path):
    """An environment with no kubeconfig anywhere."""
    return {"HOME": str(tmp_path / "nobody")}


def test_explicit_file_gives_current_context(write):
    access = load_access(write(document(namespace="team-a")))
    assert (access.context, access.server, access.namespace) == ("one", "https://one.example:6443", "team-a")
    assert not access.is_in_cluster


def test_namespace_is_default_where_the_context_names_none(write):
    assert load_access(write(document())).namespace == "default"


def test_repr_holds_no_credentials(write):
    assert TOKEN not in repr(load_access(write(document())))


def test_explicit_file_that_is_missing_is_an_error_even_where_a_default_exists(write, tmp_path):
    default = write(document(), ".kube/config")
    with pytest.raises(KubeconfigInvalid, match="missing does not exist"):
        load_access(tmp_path / "missing", environ={"HOME": str(default.parent.parent)})


def test_default_file_is_in_the_home_folder(write, tmp_path):
    write(document(), ".kube/config")
    assert load_access(environ={"HOME": str(tmp_path)}).context == "one"


def test_no_kubeconfig_names_the_places_looked_at_and_the_ways_to_name_one(tmp_path):
    with pytest.raises(KubeconfigInvalid, match=r"nobody/\.kube/config.*--kubeconfig.*KUBECONFIG"):
        load_access(environ=nothing(tmp_path))


def test_several_files_merge_and_the_first_to_name_something_wins(write):
    first = write(document("one", current=False), "first")
    second = write(document("two", "https://two.example"), "second")
    again = write(document("one", "https://other.example"), "third")
    environ = {"KUBECONFIG": f"{first}:{second}:{again}"}
    assert load_access(environ=environ).context == "two"
    assert load_access(context="one", environ=environ).server == "https://one.example:6443"


def test_files_listed_in_the_variable_may_be_missing_or_empty(write, tmp_path):
    good, empty = write(document(), "good"), write("", "empty")
    assert load_access(environ={"KUBECONFIG": f"{tmp_path / 'missing'}:{empty}::{good}"}).context == "one"


def test_paths_are_relative_to_the_file_that_holds_them(write, tmp_path):
    one = write(document("one", cluster={"certificate-authority": "ca.crt"}, user={"tokenFile": "token"}), "a/one")
    two = write(document("two", user={"exec": {"command": "./bin/login", "apiVersion": "client.authentication.k8s.io/v1"}}), "b/two")
    environ = {"KUBECONFIG": f"{one}:{two}"}
    first = load_access(context="one", environ=environ)
    assert first.cluster["certificate-authority"] == str(tmp_path / "a" / "ca.crt")
    assert first.user["tokenFile"] == str(tmp_path / "a" / "token")
    assert load_access(context="two", environ=environ).user["exec"]["command"] == str(tmp_path / "b" / "bin" / "login")


def test_bare_plugin_command_is_left_to_the_path(write):
    config = write(document(user={"exec": {"command": "kubelogin", "apiVersion": "client.authentication.k8s.io/v1"}}))
    assert load_access(config).user["exec"]["command"] == "kubelogin"


@pytest.mark.parametrize("content", ["", "# nothing\n", "{}", "apiVersion: v1\nkind: Config\n", "contexts: []\n", "contexts: null\n"])
def test_empty_file_is_named_as_empty(write, content):
    with pytest.raises(KubeconfigInvalid, match=r"config holds no context: it is empty\. Name another"):
        load_access(write(content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("contexts: [\n", r"no valid YAML \(line 2, column 1\)"),
        (f"users:\n- name: u\n  user: {{token: {TOKEN}\n", "no valid YAML"),
        ("- a\n", "no mapping but list"),
        ("just text", "no mapping but str"),
        ("contexts: text\n", "contexts is no list"),
        ("contexts: [{context: {}}]\n", "entry of contexts has no name"),
        ("contexts: [text]\n", "entry of contexts has no name"),
        ("contexts: [{name: a, context: text}]\n", "context 'a' is no mapping"),
        ("\x00\x01", "no valid YAML"),
    ],
)
def test_broken_file_says_where_and_quotes_nothing_of_it(write, content, said):
    with pytest.raises(KubeconfigInvalid, match=f"config is broken: .*{said}") as caught:
        load_access(write(content))
    assert TOKEN not in str(caught.value)


def test_bytes_that_are_no_text_are_a_broken_file(tmp_path):
    (tmp_path / "config").write_bytes(b"\xff\xfe\x00\xd8\xff")
    with pytest.raises(KubeconfigInvalid, match="broken"):
        load_access(tmp_path / "config")


def test_folder_instead_of_a_file_is_told(tmp_path):
    with pytest.raises(KubeconfigInvalid, match="cannot be read: Is a directory"):
        load_access(tmp_path)


def test_unknown_context_names_those_there_are(write):
    with pytest.raises(KubeconfigInvalid, match=r"no context 'prod'\. It has: one\."):
        load_access(write(document()), "prod")
    with pytest.raises(KubeconfigInvalid, match=r"no context 'gone', which it names as the current one\. It has: one\."):
        load_access(write({**document(), "current-context": "gone"}))


def test_many_contexts_are_not_all_listed(write):
    content = {"contexts": [{"name": f"c{n:03}", "context": {}} for n in range(300)]}
    with pytest.raises(KubeconfigInvalid, match=r"c009 and 290 more\.") as caught:
        load_access(write(content), "prod")
    assert "c010" not in str(caught.value)


def test_no_current_context_asks_for_one(write):
    with pytest.raises(KubeconfigInvalid, match=r"no current context\. Name one of: one\."):
        load_access(write(document(current=False)))


@pytest.mark.parametrize(("section", "said"), [("clusters", "cluster 'one-cluster'"), ("users", "user 'one-user'")])
def test_context_that_points_to_nothing_is_told(write, section, said):
    content = document()
    del content[section]
    with pytest.raises(KubeconfigInvalid, match=f"Context 'one' points to the {said}"):
        load_access(write(content))


def test_context_without_a_user_is_anonymous(write):
    content = document(user=None)
    del content["contexts"][0]["context"]["user"]
    assert dict(load_access(write(content)).user) == {}


def test_cluster_without_a_server_is_told(write):
    with pytest.raises(KubeconfigInvalid, match="no server address"):
        load_access(write(document(server="")))


@pytest.mark.parametrize(
    ("server", "cluster", "expected"),
    [
        ("host:8080", {}, "http://host:8080"),
        ("host:6443", {"certificate-authority-data": "eA=="}, "https://host:6443"),
        ("https://host/", {}, "https://host"),
        ("https://me:pw@host:6443/k8s?token=x", {}, "https://host:6443/k8s"),
    ],
)
def test_server_address_is_shown_whole_but_without_credentials(write, server, cluster, expected):
    assert load_access(write(document(server=server, cluster=cluster))).server == expected


def test_impersonation_becomes_headers(write):
    user = {"token": TOKEN, "as": "jane", "as-uid": "7", "as-groups": ["dev", "ops"], "as-user-extra": {"acme.org/team": ["a", "b"]}}
    assert load_access(write(document(user=user))).impersonation == (
        ("Impersonate-User", "jane"),
        ("Impersonate-Uid", "7"),
        ("Impersonate-Group", "dev"),
        ("Impersonate-Group", "ops"),
        ("Impersonate-Extra-acme.org%2Fteam", "a"),
        ("Impersonate-Extra-acme.org%2Fteam", "b"),
    )


def test_no_impersonation_means_no_headers(write):
    assert load_access(write(document())).impersonation == ()


@pytest.fixture
def pod(tmp_path):
    folder = tmp_path / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text("pod-token\n")
    (folder / "namespace").write_text("team-a\n")
    return folder


def test_pod_without_kubeconfig_uses_its_service_account(tmp_path, pod):
    environ = {**nothing(tmp_path), "KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
    access = load_access(environ=environ, service_account=pod)
    assert (access.context, access.server, access.namespace) == (IN_CLUSTER, "https://[fd00::1]:443", "team-a")
    assert access.is_in_cluster
    assert access.user == {"tokenFile": str(pod / "token")}


def test_kubeconfig_beats_the_service_account(write, tmp_path, pod):
    environ = {"KUBECONFIG": str(write(document())), "KUBERNETES_SERVICE_HOST": "10.0.0.1"}
    assert load_access(environ=environ, service_account=pod).context == "one"


def test_context_asked_for_in_a_pod_without_kubeconfig_is_an_error(tmp_path, pod):
    with pytest.raises(KubeconfigInvalid, match="No kubeconfig was found"):
        load_access(context="prod", environ={**nothing(tmp_path), "KUBERNETES_SERVICE_HOST": "10.0.0.1"}, service_account=pod)
