"""Helm's storage, decoded: rows from payloads, whatever state they are in."""

import base64
import contextlib
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.errors import ServerFault
from helmpanel.inventory import storage
from helmpanel.inventory.storage import UNREADABLE, Head, decode, go_time, head, heads, newest_heads, stored_release

STORED = Path(__file__).parents[2] / "data" / "transcripts" / "stored"


def document(**changes):
    return {
        "name": "web",
        "info": {
            "first_deployed": "2026-01-01T00:00:00Z",
            "last_deployed": "2026-05-05T12:00:00.123456789+02:00",
            "description": "Upgrade complete",
            "status": "deployed",
        },
        "chart": {"metadata": {"name": "nginx", "version": "1.2.3-rc-1", "appVersion": "9"}, "templates": [], "values": {"a": 1}},
        "config": {"b": 2},
        "manifest": "kind: Secret\n",
        "version": 7,
        "namespace": "team-a",
        **changes,
    }


def packed(content, *, zipped=True):
    data = content if isinstance(content, bytes) else json.dumps(content, separators=(",", ":")).encode()
    return base64.b64encode(base64.b64encode(gzip.compress(data) if zipped else data)).decode()


def secret(name="web", revision=7, namespace="team-a", status="deployed", payload=None, **labels):
    return {
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{revision}",
            "namespace": namespace,
            "labels": {"owner": "helm", "name": name, "version": str(revision), "status": status, **labels},
        },
        "data": {"release": packed(document()) if payload is None else payload},
    }


def listing(*items):
    return json.dumps({"kind": "SecretList", "items": list(items)}).encode()


EXPECTED = Head(
    namespace="team-a",
    name="web",
    revision=7,
    status="deployed",
    chart="nginx",
    version="1.2.3-rc-1",
    app_version="9",
    updated=datetime(2026, 5, 5, 10, 0, 0, 123456, tzinfo=UTC),
    description="Upgrade complete",
)


@pytest.mark.parametrize("major", [3, 4])
def test_what_the_real_helm_stored_is_read(major):
    [found] = heads((STORED / f"helm{major}-secrets.json").read_bytes())
    assert (found.namespace, found.name, found.revision, found.status) == (f"h{major}", "web", 7, "deployed")
    assert (found.chart, found.version, found.app_version, found.description) == ("demo", "0.1.0", "1.16.0", "Rollback to 5")
    assert found.updated is not None
    assert found.updated.tzinfo is UTC


@pytest.mark.parametrize("major", [3, 4])
def test_the_quick_way_and_the_whole_payload_say_the_same(major, monkeypatch):
    items = json.loads((STORED / f"helm{major}-secrets.json").read_bytes())["items"]
    quick = [head(item, ("n", "web"), 1) for item in items]
    monkeypatch.setattr(storage, "_front", lambda payload: None)
    assert quick == [head(item, ("n", "web"), 1) for item in items]
    assert len({one.description for one in quick}) > 1


def test_row_comes_from_the_beginning_of_the_payload_alone():
    """3 ms a release would make 1,000 releases wait three seconds."""
    payload = packed({**document(), "manifest": base64.b85encode(bytes(range(256)) * 600).decode()})
    assert heads(listing(secret(payload=payload[:9000]))) == [EXPECTED]


def test_plain_payload_of_an_early_helm_is_read():
    plain = secret(payload=packed(document(), zipped=False))
    assert heads(listing(plain)) == [EXPECTED]
    assert stored_release(plain)["config"] == {"b": 2}


@pytest.mark.parametrize("order", [("info", "chart", "name"), ("chart", "info", "name"), ("name", "chart", "info")])
def test_payload_in_another_order_is_read_whole(order):
    whole = document()
    assert heads(listing(secret(payload=packed({**{key: whole[key] for key in order}, **whole})))) == [EXPECTED]


def test_long_notes_do_not_hide_the_chart():
    notes = "".join(chr(33 + (n * n * 31 + n) % 90) for n in range(60_000))
    info = {**document()["info"], "notes": notes}
    assert heads(listing(secret(payload=packed(document(info=info))))) == [EXPECTED]


def test_highest_revision_counts_as_a_number():
    items = [secret(revision=n, status=s) for n, s in ((9, "deployed"), (10, "failed"), (8, "deployed"))]
    [found] = heads(listing(*items))
    assert found.revision == 10


def test_same_name_in_two_namespaces_is_two_releases():
    assert {(one.namespace, one.name) for one in heads(listing(secret(), secret(namespace="team-b")))} == {("team-a", "web"), ("team-b", "web")}


def test_secrets_that_are_no_releases_are_passed_over():
    other = {"metadata": {"name": "db", "namespace": "a", "labels": {"owner": "helm"}}, "data": {}}
    assert heads(listing(other, {}, None, "text", secret(version="latest"))) == []


def test_release_without_labels_is_known_by_the_name_of_its_secret():
    item = secret()
    del item["metadata"]["labels"]
    assert heads(listing(item)) == [EXPECTED]


BROKEN = {
    "empty": "",
    "no base64": "%%%%",
    "base64 of nothing helm wrote": base64.b64encode(b"\xff\xfe").decode(),
    "cut off": packed(b'{"name":"web","info":{"status":"dep' + b"x" * 90_000)[:200],
    "no JSON": packed(b"not json"),
    "a list": packed([]),
    "no info": packed({"name": "web"}),
    "info is text": packed(document(info="x")),
    "chart is null": packed(document(chart=None)),
    "deeply nested": packed(b'{"name":"web","info":' + b"[" * 200_000),
}


@pytest.mark.parametrize("payload", BROKEN.values(), ids=BROKEN)
def test_release_with_a_broken_payload_still_has_its_row(payload):
    expected = Head(namespace="team-a", name="web", revision=7, status="failed", description=UNREADABLE)
    assert heads(listing(secret(payload=payload, status="failed"))) == [expected]


def test_one_broken_release_does_not_hide_the_others():
    assert len(heads(listing(secret("a", payload="%"), secret("b"), secret("c", payload=""), {"metadata": None}))) == 3


def test_fields_of_the_wrong_kind_become_empty():
    content = document(info={"status": 3, "last_deployed": 5, "description": None}, chart={"metadata": {"name": ["x"], "version": 1.1}})
    assert heads(listing(secret(payload=packed(content)))) == [Head(namespace="team-a", name="web", revision=7, status="deployed")]


@given(st.binary(max_size=400))
def test_no_payload_whatever_raises(data):
    heads(listing(secret(payload=base64.b64encode(data).decode())))
    heads(listing(secret(payload=packed(b'{"name":"web","info":' + data))))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"items": 3}', b'"text"', b"null"])
def test_answer_that_is_no_listing_is_the_servers_fault(body):
    with pytest.raises(ServerFault, match="listing of Secrets"):
        heads(body)


def test_empty_listing_of_go_is_no_release():
    assert heads(b'{"items": null}') == []


def test_everything_stored_is_there_on_request():
    whole = stored_release(secret())
    assert (whole["config"], whole["manifest"], whole["chart"]["values"]) == ({"b": 2}, "kind: Secret\n", {"a": 1})


@pytest.mark.parametrize("payload", BROKEN.values(), ids=BROKEN)
def test_whole_of_a_broken_payload_is_a_value_error_or_what_is_there(payload):
    with contextlib.suppress(ValueError):
        assert isinstance(stored_release(secret(payload=payload)), dict)


def test_payload_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(storage, "WHOLE_LIMIT", 1000)
    with pytest.raises(ValueError, match="too much"):
        decode(packed(document(manifest="x" * 5000)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-05T12:00:00Z", datetime(2026, 5, 5, 12, tzinfo=UTC)),
        ("2026-05-05T12:00:00.123456789+09:00", datetime(2026, 5, 5, 3, 0, 0, 123456, tzinfo=UTC)),
        ("2026-05-05T12:00:00", datetime(2026, 5, 5, 12, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        ("yesterday", None),
        (None, None),
        (7, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_as_go_writes_them(text, expected):
    assert go_time(text) == expected


def test_newest_of_several_listings_is_kept():
    low, high = Head(namespace="a", name="w", revision=1, status="x"), Head(namespace="a", name="w", revision=2, status="y")
    assert newest_heads([low, high]) == newest_heads([high, low]) == [high]
