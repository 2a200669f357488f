"""Trouble on purpose reaches helm, and what the sandbox does not simulate fails loudly."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time

import pytest

from helmpanel.sandbox import Sandbox, UnknownRequests
from tests.waiting import eventually

from .conftest import CONFIG_MAP, DEADLINE_S, Client


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Unauthorized"),
        (403, "the sandbox was told to answer 403"),
        (500, "the sandbox was told to answer 500"),
    ],
)
def test_a_refusal_reaches_helm(helm, helm_home, sandbox, status, said):
    rule = sandbox.faults.add("/secrets", verb="list", status=status)
    refused = helm.run("list", "-A", env=helm_home, check=False)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert rule.hits >= 1


def test_a_conflict_on_one_write_fails_the_upgrade(helm, helm_home, sandbox, chart):
    path = chart(CONFIG_MAP)
    helm.run("install", "web", path, "-n", "team-a", "--create-namespace", env=helm_home)
    sandbox.faults.add("/configmaps/", verb="patch", status=409)
    failed = helm.run("upgrade", "web", path, "-n", "team-a", "--set", "colour=red", env=helm_home, check=False)
    assert "the object has been modified" in failed.stderr


def test_latency_delays_the_answer_and_no_other(sandbox, client):
    sandbox.faults.add("/api/v1/secrets", delay_s=0.5, times=1)
    begun = time.monotonic()
    assert client.ask("GET", "/api/v1/secrets")[0] == 200
    assert time.monotonic() - begun >= 0.5
    assert sandbox.faults.met_by("list", "/api/v1/secrets", "admin") is None


def test_a_hanging_request_is_never_answered_while_others_are(sandbox, client):
    sandbox.faults.add("/api/v1/secrets", hang=True)
    answered = []

    def ask():
        # Its end may be a 500 or a connection that is closed.
        with contextlib.suppress(OSError), client.open("GET", "/api/v1/secrets") as answer:
            answered.append(answer.status)

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(lambda: sandbox.requests, "the request has come")
    assert client.ask("GET", "/version")[0] == 200
    # It came first, and would have been answered first.
    assert (sandbox.requests[0].request, sandbox.requests[0].status, answered) == ("/api/v1/secrets", None, [])
    sandbox.stop()
    asking.join(10)


def test_stopping_ends_hanging_requests():
    with Sandbox() as box:
        box.faults.add("/version", hang=True)
        client, ended = Client(box.kubeconfig), []

        def ask():
            with client.open("GET", "/version") as answer:
                ended.append(answer.status)

        asking = threading.Thread(target=ask)
        asking.start()
        eventually(lambda: box.requests, "the request has come")
        box.stop()
        asking.join(10)
        assert ended == [500]


def test_a_cut_watch_breaks_in_the_middle(sandbox, client):
    sandbox.faults.add("watch=true", cut_after_s=0.2)
    with client.open("GET", "/api/v1/secrets?watch=true&sendInitialEvents=true") as answer:
        assert json.loads(answer.readline())["type"] == "BOOKMARK"
        with pytest.raises(http.client.IncompleteRead):
            answer.read()


def test_a_watch_that_is_to_end_ends_as_if_its_time_were_over(sandbox, client):
    sandbox.faults.add("watch=true", end_after_s=0.2)
    with client.open("GET", "/api/v1/secrets?watch=true&sendInitialEvents=true") as answer:
        assert json.loads(answer.read())["type"] == "BOOKMARK"


def test_a_watch_may_be_refused_inside_an_answer(sandbox, client):
    sandbox.faults.add("watch=true", status=410, inside=True)
    with client.open("GET", "/api/v1/secrets?watch=true&resourceVersion=5") as answer:
        event = json.loads(answer.read())
    assert (answer.status, event["type"], event["object"]["code"]) == (200, "ERROR", 410)


@pytest.mark.parametrize("path", ["/api/v1/secrets", "/api/v1/secrets?watch=true&sendInitialEvents=true", "/api/v1/namespaces/default"])
def test_a_reset_breaks_an_answer_after_so_many_bytes(sandbox, client, path):
    sandbox.faults.add(reset_after_bytes=20)
    with client.open("GET", path) as answer, pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    assert len(broken.value.partial) == 20


def test_a_reset_counts_the_bytes_of_all_pieces(sandbox, client):
    content = {"content": "x" * 200_000}
    sandbox.put(*({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"m{index}", "namespace": "team-a"}, "data": content} for index in range(6)))
    sandbox.faults.add(reset_after_bytes=700_000)
    with client.open("GET", "/api/v1/configmaps") as answer, pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    assert len(broken.value.partial) == 700_000


def test_helm_comes_back_when_it_is_asked_to(helm, helm_home, sandbox):
    rule = sandbox.faults.add("/secrets", verb="list", status=429, retry_after_s=1, times=1)
    begun = time.monotonic()
    assert helm.run("list", "-A", "-o", "json", env=helm_home).stdout.strip() == "[]"
    assert time.monotonic() - begun >= 1
    assert rule.hits == 1


def test_a_slow_body_comes_in_pieces_over_its_time(sandbox, client):
    sandbox.faults.add("/api/v1/namespaces", slow_s=0.5, times=1)
    begun = time.monotonic()
    assert client.ask("GET", "/api/v1/namespaces")[1]["kind"] == "NamespaceList"
    assert time.monotonic() - begun >= 0.5
    # The client gives up before the whole body has come, but not before the first piece.
    sandbox.faults.add("/api/v1/namespaces", slow_s=2 * DEADLINE_S)
    with client.open("GET", "/api/v1/namespaces") as answer:
        assert len(answer.read1(10)) == 10


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/namespaces/default/pods/web/log"),
        ("GET", "/apis/example.com/v1/gadgets"),
        ("GET", "/api/v1/secrets?shardSelector=1"),
        ("GET", "/api/v1/secrets?limit=1&continue=more"),
        ("GET", "/metrics"),
        ("DELETE", "/api/v1/namespaces/default/secrets"),
        ("POST", "/api/v1/namespaces/default/secrets/named"),
        ("OPTIONS", "/api/v1/secrets"),
    ],
)
def test_a_request_that_is_not_simulated_is_answered_recorded_and_fails_the_test(method, path):
    with Sandbox() as box:
        box.check()
        status, answer = Client(box.kubeconfig).ask(method, path)
        assert (status, answer["reason"]) == (501, "NotImplemented")
        assert "does not simulate" in answer["message"]
        assert [each.request for each in box.unknown] == [path]
        with pytest.raises(UnknownRequests, match="does not simulate"):
            box.check()


def test_deleting_a_namespace_deletes_what_is_in_it(helm, helm_home, sandbox, chart, client):
    helm.run("install", "web", chart(CONFIG_MAP), "-n", "team-a", "--create-namespace", env=helm_home)
    assert client.ask("DELETE", "/api/v1/namespaces/team-a")[1]["status"]["phase"] == "Terminating"
    eventually(lambda: sandbox.get("Namespace", None, "team-a") is None, "the namespace is gone")
    assert sandbox.get("ConfigMap", "team-a", "web-settings") is None


def test_deleting_a_definition_deletes_its_objects_and_its_kind(sandbox, client):
    names = {"kind": "Gadget", "plural": "gadgets"}
    spec = {"group": "example.com", "names": names, "scope": "Namespaced", "versions": [{"name": "v1", "served": True, "storage": True}]}
    sandbox.put({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gadgets.example.com"}, "spec": spec})
    eventually(lambda: "Gadget" in {each.kind for each in sandbox.store.resources}, "the kind is served")
    sandbox.put({"apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "g", "namespace": "team-a"}})
    client.ask("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.example.com")
    assert "Gadget" not in {each.kind for each in sandbox.store.resources}
