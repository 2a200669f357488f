"""Users are known by their token over TLS, and may do what stored roles let them."""

from __future__ import annotations

import ssl

import pytest
import yaml

from helmpanel.sandbox import Sandbox

from .conftest import CONFIG_MAP, Client


@pytest.fixture
def box(helm_home):
    users = {"viewer": {"verbs": ["get", "list"], "resources": ["secrets"], "namespaces": ["team-a"]}, "nobody": {}}
    with Sandbox(users=users) as box:
        yield box
    box.check()


def test_a_viewer_lists_where_it_may_and_nowhere_else(helm, helm_home, box):
    as_viewer = {**helm_home, "KUBECONFIG": str(box.kubeconfig_for("viewer"))}
    assert helm.run("list", "-n", "team-a", "-o", "json", env=as_viewer).stdout.strip() == "[]"
    refused = helm.run("list", "-A", env=as_viewer, check=False)
    assert 'secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" at the cluster scope' in refused.stderr


def test_someone_without_rights_installs_nothing(helm, helm_home, box, chart):
    as_nobody = {**helm_home, "KUBECONFIG": str(box.kubeconfig_for("nobody"))}
    refused = helm.run("install", "web", chart(CONFIG_MAP), "-n", "team-a", env=as_nobody, check=False)
    assert 'configmaps "web-settings" is forbidden: User "nobody" cannot get resource "configmaps"' in refused.stderr


def test_rights_can_be_granted_while_it_runs(helm, helm_home, box):
    as_nobody = {**helm_home, "KUBECONFIG": str(box.kubeconfig_for("nobody"))}
    assert helm.run("list", "-A", env=as_nobody, check=False).returncode == 1
    box.grant("nobody", verbs=["list"], resources=["secrets"])
    helm.run("list", "-A", env=as_nobody)


def test_a_wrong_token_is_unauthorized(helm, helm_home, box, tmp_path):
    config = yaml.safe_load(box.kubeconfig.read_text())
    config["users"][0]["user"]["token"] = "wrong"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(yaml.safe_dump(config))
    refused = helm.run("list", "-A", env={**helm_home, "KUBECONFIG": str(wrong)}, check=False)
    assert "the server has asked for the client to provide credentials" in refused.stderr
    assert (box.requests[-1].user, box.requests[-1].status) == ("-", 401)


def test_a_renewed_token_is_in_the_next_kubeconfig_only(box):
    before = Client(box.kubeconfig_for("viewer"))
    box.renew_token("viewer")
    assert before.ask("GET", "/api/v1/namespaces/team-a/secrets")[0] == 401
    assert Client(box.kubeconfig_for("viewer")).ask("GET", "/api/v1/namespaces/team-a/secrets")[0] == 200


def test_the_certificate_is_that_of_the_kubeconfig_only(box):
    client = Client(box.kubeconfig)
    client._ssl = ssl.create_default_context()
    with pytest.raises(ssl.SSLCertVerificationError), client.open("GET", "/version"):
        pass


def test_a_kubeconfig_is_readable_by_its_owner_only(box):
    assert box.kubeconfig.stat().st_mode & 0o077 == 0


def test_someone_nobody_knows_has_no_kubeconfig(box):
    with pytest.raises(KeyError, match="no user 'stranger'"):
        box.kubeconfig_for("stranger")


def test_the_log_says_who_asked_what_and_was_answered_how(helm, helm_home, box):
    as_viewer = {**helm_home, "KUBECONFIG": str(box.kubeconfig_for("viewer"))}
    helm.run("list", "-n", "team-a", env=as_viewer)
    last = box.requests[-1]
    assert (last.verb, last.request, last.user, last.status) == ("list", "/api/v1/namespaces/team-a/secrets?labelSelector=owner%3Dhelm", "viewer", 200)
    assert last.agent.startswith(f"Helm/{helm.major}.")
