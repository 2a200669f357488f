"""Watches begin with what is there, tell what changes, and mark where they are."""

from __future__ import annotations

import json

import pytest

from helmpanel.sandbox import Sandbox

from .conftest import Client

INITIAL = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
MAPS = "/api/v1/namespaces/team-a/configmaps"


def config_map(name, colour="green", **labels):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "team-a", "labels": labels}, "data": {"colour": colour}}


def events(answer, count):
    """The next events of a watch, as (type, name, object)."""
    read = [json.loads(answer.readline()) for _ in range(count)]
    return [(each["type"], each["object"]["metadata"].get("name"), each["object"]) for each in read]


def kinds(found):
    return [each[:2] for each in found]


def test_initial_events_end_with_a_bookmark_that_says_so(sandbox, client):
    sandbox.put(config_map("a"), config_map("b"))
    with client.open("GET", f"{MAPS}?{INITIAL}&labelSelector=!no&fieldSelector=metadata.name!%3Dkube-root-ca.crt") as answer:
        found = events(answer, 3)
        assert kinds(found) == [("ADDED", "a"), ("ADDED", "b"), ("BOOKMARK", None)]
        assert found[2][2]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
        assert found[2][2]["metadata"]["resourceVersion"] == str(sandbox.store.version)


def test_changes_are_told_after_the_version_that_was_listed(sandbox, client):
    sandbox.put(config_map("a"))
    version = client.ask("GET", MAPS)[1]["metadata"]["resourceVersion"]
    with client.open("GET", f"{MAPS}?watch=true&resourceVersion={version}") as answer:
        sandbox.put(config_map("b"))
        sandbox.put(config_map("b", "red"))
        client.ask("DELETE", f"{MAPS}/b")
        assert kinds(events(answer, 3)) == [("ADDED", "b"), ("MODIFIED", "b"), ("DELETED", "b")]


def test_what_happened_between_list_and_watch_is_told(sandbox, client):
    sandbox.put(config_map("a"))
    version = client.ask("GET", MAPS)[1]["metadata"]["resourceVersion"]
    sandbox.put(config_map("a", "red"))
    with client.open("GET", f"{MAPS}?watch=true&resourceVersion={version}") as answer:
        assert events(answer, 1)[0][2]["data"] == {"colour": "red"}


def test_what_leaves_a_selector_is_deleted_for_its_watch(sandbox, client):
    sandbox.put(config_map("a", team="x"))
    with client.open("GET", f"{MAPS}?{INITIAL}&labelSelector=team%3Dx") as answer:
        events(answer, 2)
        sandbox.put(config_map("a", team="y"))
        sandbox.put(config_map("a", "red", team="y"))
        sandbox.put(config_map("a", team="x"))
        assert kinds(events(answer, 2)) == [("DELETED", "a"), ("ADDED", "a")]


def test_a_watch_ends_when_its_time_is_over(client):
    with client.open("GET", "/api/v1/secrets?watch=true&timeoutSeconds=1") as answer:
        assert answer.read() == b""


def test_a_watch_of_metadata_carries_no_content(sandbox, client):
    sandbox.put(config_map("a"))
    accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    with client.open("GET", f"{MAPS}?{INITIAL}&fieldSelector=metadata.name%3Da", accept=accept) as answer:
        first = events(answer, 1)[0][2]
        assert (first["kind"], "data" in first) == ("PartialObjectMetadata", False)


def test_a_version_that_is_forgotten_is_gone(sandbox, client):
    sandbox.compact()
    status, answer = client.ask("GET", f"{MAPS}?watch=true&resourceVersion=5")
    assert (status, answer["reason"]) == (410, "Expired")


def test_a_watch_that_hears_nothing_is_told_where_it_is():
    with Sandbox(bookmark_every_s=0.1) as box:
        version = box.store.version
        with Client(box.kubeconfig).open("GET", f"{MAPS}?watch=true&resourceVersion={version}&allowWatchBookmarks=true") as answer:
            for _ in range(2):
                [(kind, _, obj)] = events(answer, 1)
                assert kind == "BOOKMARK"
                assert int(obj["metadata"]["resourceVersion"]) >= version


def test_stopping_ends_every_watch(client, sandbox):
    with client.open("GET", f"{MAPS}?{INITIAL}&fieldSelector=metadata.name%3Da") as answer:
        events(answer, 1)
        sandbox.stop()
        assert answer.read() == b""


@pytest.mark.parametrize("accept", ["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"])
def test_a_list_of_metadata_carries_no_content(sandbox, client, accept):
    sandbox.put(config_map("a", team="x"))
    found = client.ask("GET", f"{MAPS}?labelSelector=team", accept=accept)[1]
    assert found["kind"] == "PartialObjectMetadataList"
    assert [each.keys() for each in found["items"]] == [{"kind", "apiVersion", "metadata"}]
