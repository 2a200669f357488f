"""Lists: whole, bounded, compressed, written while they are sent."""

from __future__ import annotations

import gzip
import json
import os

import pytest

MAPS = "/api/v1/namespaces/team-a/configmaps"
OURS = f"{MAPS}?fieldSelector=metadata.name!%3Dkube-root-ca.crt"


def config_map(name, content="x"):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "team-a"}, "data": {"content": content}}


def names(found):
    return [each["metadata"]["name"] for each in found["items"]]


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_list_in_pieces_is_one_document(sandbox, client, count):
    content = os.urandom(100_000).hex()
    sandbox.put(*(config_map(f"m{index}", content) for index in range(count)))
    found = client.ask("GET", OURS)[1]
    assert (found["kind"], found["apiVersion"]) == ("ConfigMapList", "v1")
    assert [each["data"]["content"] for each in found["items"]] == [content] * count


def test_items_of_built_in_kinds_do_not_say_their_kind_again(sandbox, client):
    """As a real server: what reads a list must not look for it."""
    sandbox.put(config_map("a"))
    [item] = client.ask("GET", OURS)[1]["items"]
    assert item.keys() == {"metadata", "data"}
    assert client.ask("GET", f"{MAPS}/a")[1]["kind"] == "ConfigMap"


def test_a_bounded_list_has_the_first_items_and_says_that_there_are_more(sandbox, client):
    sandbox.put(*(config_map(f"a{index}") for index in range(5)))
    found = client.ask("GET", f"{MAPS}?limit=2")[1]
    assert names(found) == ["a0", "a1"]
    assert found["metadata"]["continue"]
    assert found["metadata"]["remainingItemCount"] == len(client.ask("GET", MAPS)[1]["items"]) - 2
    chosen = client.ask("GET", f"{OURS}&limit=3")[1]
    assert (names(chosen), "remainingItemCount" in chosen["metadata"]) == (["a0", "a1", "a2"], False)
    assert "continue" not in client.ask("GET", f"{OURS}&limit=5")[1]["metadata"]


@pytest.mark.parametrize(("content", "most"), [("a word and " * 20_000, 0.02), (os.urandom(100_000).hex(), 0.7)], ids=["repeats", "does not repeat"])
def test_a_large_answer_is_compressed_for_whom_takes_it(sandbox, client, content, most):
    sandbox.put(config_map("large", content), config_map("larger", content))
    plain = client.ask("GET", OURS)[1]
    for path in (OURS, f"{MAPS}/large"):
        with client.open("GET", path, encoding="gzip") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            packed = answer.read()
        assert len(packed) < len(content) * most * (2 if path == OURS else 1)
        found = json.loads(gzip.decompress(packed))
        assert (found if path == OURS else {"data": found["data"]}) == (plain if path == OURS else {"data": {"content": content}})
    with client.open("GET", f"{MAPS}/kube-root-ca.crt", encoding="gzip") as answer:
        assert answer.headers["Content-Encoding"] is None
