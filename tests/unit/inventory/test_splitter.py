"""A listing cut into its items, wherever the chunks end."""

import base64
import json
import os
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.errors import ServerFault
from helmpanel.inventory.splitter import LARGEST, Splitter

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.sampled_from(['"', "\\", '\\"', "}", "]", "{", "[", '","items":[{'])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=10,
)
objects = st.dictionaries(st.one_of(st.text(max_size=5), st.sampled_from(["items", "metadata", "kind"])), values, max_size=4)


def split(body, sizes):
    """Items and version of a listing that comes in chunks of these sizes, again and again."""
    splitter, items, at, turn = Splitter(), [], 0, 0
    while at < len(body):
        size = sizes[turn % len(sizes)]
        items += splitter.feed(body[at : at + size])
        at, turn = at + size, turn + 1
    splitter.end()
    return [json.loads(item) for item in items], splitter.version


@given(st.lists(objects, max_size=5), st.lists(st.integers(1, 50), min_size=1, max_size=5), st.sampled_from([None, 1]), st.booleans(), st.booleans())
def test_items_are_those_of_the_whole_document_however_it_is_cut(items, sizes, indent, metadata_last, escaped):
    parts = {"kind": "SecretList", "apiVersion": "v1", "metadata": {"resourceVersion": "12", "continue": '}"'}, "items": items}
    if metadata_last:
        parts = {"items": items, "kind": "SecretList", "metadata": parts["metadata"]}
    body = json.dumps(parts, indent=indent, ensure_ascii=escaped).encode(errors="replace")
    assert split(body, sizes) == (json.loads(body)["items"], "12")


@pytest.mark.parametrize("items", [b"null", b"[]", b"[ ]"])
def test_empty_list_has_no_items(items):
    assert split(b'{"metadata":{"resourceVersion":"5"},"items":' + items + b"}\n", [7]) == ([], "5")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'"text"', b"{", b'{"items":[{"a":1}', b'{"items":[{"a":"', b"null", b'{"metadata":{"resourceVersion":"1"},"items":[{}']
)
def test_what_is_no_whole_list_is_the_servers_fault(body):
    splitter = Splitter()
    splitter.feed(body)
    with pytest.raises(ServerFault, match="no whole list"):
        splitter.end()


@pytest.mark.parametrize("body", [b'{"items":"x"}', b'{"items":{}}', b'{"items":5}', b'{"items":[],"metadata":[1]}', b'{"metadata":[1],"items":[]}'])
@pytest.mark.parametrize("size", [3, 100])
def test_what_is_another_thing_than_a_list_is_no_empty_list(body, size):
    with pytest.raises(ServerFault, match="no list"):
        split(body, [size])


@pytest.mark.parametrize("body", [b"{}", b'{"message":"come back later"}', b'{"metadata":{"resourceVersion":"5"}}'])
def test_an_answer_without_items_is_no_empty_list(body):
    with pytest.raises(ServerFault, match="no whole list"):
        split(body, [100])


def test_items_before_the_cut_are_given():
    splitter = Splitter()
    assert splitter.feed(b'{"items":[{"a":1},{"b":') == [b'{"a":1}']


def test_failure_inside_a_success_is_told():
    with pytest.raises(ServerFault, match="failure inside a success"):
        Splitter().feed(b'{"kind":"Status","apiVersion":"v1","status":"Failure"}')


@pytest.mark.parametrize("beginning", [b'{"items":[{"a":"', b'{"items":[{"a":[{', b"<p>"])
def test_what_never_becomes_whole_is_given_up_before_it_fills_the_memory(beginning):
    splitter = Splitter()
    splitter.feed(beginning)

    def feed_for_ever():
        for _ in range(LARGEST // 65536 + 2):
            splitter.feed(beginning[-1:] * 65536 if beginning[-1:] != b'"' else b"x" * 65536)

    with pytest.raises(ServerFault, match="more than 8 MiB"):
        feed_for_ever()


def test_listing_of_any_size_is_never_held():
    """One item and one chunk at a time: a thousand payloads are 50 MB."""
    item = json.dumps({"data": {"release": base64.b64encode(os.urandom(40_000)).decode()}}).encode()
    body = b'{"metadata":{"resourceVersion":"1"},"items":[' + b",".join([item] * 200) + b"]}"
    splitter, count = Splitter(), 0
    tracemalloc.start()
    try:
        for at in range(0, len(body), 65536):
            count += len(splitter.feed(body[at : at + 65536]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 200
    assert peak < 1_000_000
