"""Lists of metadata, as a server sends them and as it should not."""

import json

import pytest

from helmpanel.errors import ServerFault
from helmpanel.inventory.kinds import listing
from helmpanel.inventory.labels import releases_kind
from tests.unit.inventory.fake_api import secret

SECRETS = releases_kind("secrets")
DEEP = b"[" * 200_000 + b"]" * 200_000


def body(items: bytes, version: bytes = b'"7"') -> bytes:
    return b'{"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":' + version + b'},"items":' + items + b"}"


def test_items_and_the_version_they_are_of_are_kept():
    noisy = secret()
    noisy["metadata"] |= {"managedFields": [{"fieldsV1": {"f:data": {}}}], "uid": "x", "resourceVersion": "5"}
    found, version = listing(body(json.dumps([noisy, secret(name="db", revision=3)]).encode()), SECRETS)
    assert version == "7"
    assert [(one.namespace, one.name, one.revision, one.status, one.version) for one in found] == [
        ("a", "web", 1, "deployed", "5"),
        ("a", "db", 3, "deployed", ""),
    ]


@pytest.mark.parametrize("items", [b"null", b"[]", b"[{}]", b'[{"metadata":null}]', b'[{"metadata":{}}]', b'[{"metadata":{"name":1,"labels":[2]}}]'])
def test_items_that_name_no_release_are_passed_over(items):
    assert listing(body(items), SECRETS) == ([], "7")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<html>",
        b"\xff",
        b"[]",
        b'{"items":[]}',
        body(b"[]", b"null"),
        body(b"{}"),
        body(b"[1]"),
        body(b"[{}")[:-1],
        body(b'[{"metadata":{"name":"\xff"}}]'),
        body(b'[{"metadata":{"name":"\\ud800"}}]'),
        body(b'[{"metadata":{"labels":' + DEEP + b"}}]"),
        body(b'[{"metadata":{"managedFields":' + DEEP + b"}}]"),
    ],
    ids=lambda sent: repr(sent[:80]),
)
def test_what_is_no_list_is_a_fault_of_the_server(sent):
    with pytest.raises(ServerFault, match="answered a listing of secrets with something else"):
        listing(sent, SECRETS)
