"""Helm's storage, decoded: rows from payloads, whatever state they are in."""

import base64
import gzip
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.inventory import storage
from helmpanel.inventory.storage import FRONTS, LONGEST_DESCRIPTION, LONGEST_TEXT, WHOLE_LIMIT, Head, decode, go_time, head, stored_release

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


def configmap(content=None):
    """One layer of base64 less."""
    item = secret()
    return {**item, "data": {"release": base64.b64decode(packed(content or document())).decode()}}


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
    items = json.loads((STORED / f"helm{major}-secrets.json").read_bytes())["items"]
    found = max((head(item) for item in items), key=lambda one: one.revision)
    assert (found.namespace, found.name, found.revision, found.status) == (f"h{major}", "web", 7, "deployed")
    assert (found.chart, found.version, found.app_version, found.description) == ("demo", "0.1.0", "1.16.0", "Rollback to 5")
    assert found.updated is not None
    assert found.updated.tzinfo is UTC
    assert not any(head(item).unreadable for item in items)


@pytest.mark.parametrize("major", [3, 4])
def test_the_quick_way_and_the_whole_payload_say_the_same(major, monkeypatch):
    items = json.loads((STORED / f"helm{major}-secrets.json").read_bytes())["items"]
    quick = [head(item) for item in items]
    monkeypatch.setattr(storage, "_front", lambda payload: None)
    assert quick == [head(item) for item in items]
    assert len({one.description for one in quick}) > 1


def test_row_comes_from_the_beginning_of_the_payload_alone():
    """3 ms a release would make 1,000 releases wait three seconds."""
    payload = packed({**document(), "manifest": base64.b85encode(bytes(range(256)) * 600).decode()})
    assert head(secret(payload=payload[:9000])) == EXPECTED


def test_plain_payload_of_an_early_helm_is_read():
    plain = secret(payload=packed(document(), zipped=False))
    assert head(plain) == EXPECTED
    assert stored_release(plain)["config"] == {"b": 2}


def test_configmap_has_one_layer_less():
    assert head(configmap()) == EXPECTED
    assert stored_release(configmap())["config"] == {"b": 2}
    plain = {**secret(), "data": {"release": base64.b64encode(json.dumps(document(), separators=(",", ":")).encode()).decode()}}
    assert head(plain) == EXPECTED


@pytest.mark.parametrize("order", [("info", "chart", "name"), ("chart", "info", "name"), ("name", "chart", "info")])
def test_payload_in_another_order_is_read_whole(order):
    whole = document()
    assert head(secret(payload=packed({**{key: whole[key] for key in order}, **whole}))) == EXPECTED


def test_long_notes_do_not_hide_the_chart():
    notes = "".join(chr(33 + (n * n * 31 + n) % 90) for n in range(60_000))
    info = {**document()["info"], "notes": notes}
    assert head(secret(payload=packed(document(info=info)))) == EXPECTED


@pytest.mark.parametrize("other", [{"metadata": {"name": "db", "namespace": "a", "labels": {"owner": "helm"}}, "data": {}}, {}, None, "text", []])
def test_object_that_is_no_release_is_passed_over(other):
    assert head(other) is None


def test_number_that_is_none_is_passed_over_unless_the_name_tells_it():
    assert head(secret(version="latest")) is None
    item = secret()
    del item["metadata"]["labels"]
    assert head(item) == EXPECTED


def test_custom_labels_change_nothing():
    assert head(secret(team="data", **{"app.kubernetes.io/x": "y"})) == EXPECTED


def test_app_version_may_be_missing():
    found = head(secret(payload=packed(document(chart={"metadata": {"name": "nginx", "version": "1.0.0"}}))))
    assert (found.unreadable, found.app_version, found.chart) == ("", "", "nginx")


BROKEN = {
    "empty": ("", "there is no payload in it"),
    "no base64": ("%%%%", "it is not base64"),
    "no base64 inside": (base64.b64encode(b"%%%%").decode(), "it is not base64"),
    "base64 of nothing helm wrote": (base64.b64encode(b"\xff\xfe").decode(), "it is not base64"),
    "broken gzip": (base64.b64encode(base64.b64encode(b"\x1f\x8b\x08" + b"x" * 300)).decode(), "it is broken gzip"),
    "cut off": (base64.b64encode(base64.b64encode(gzip.compress(json.dumps(document()).encode())[:60])).decode(), "it is cut off"),
    "no JSON": (packed(b"not json"), "it is no JSON"),
    "half a JSON": (packed(b'{"name":"web","info":{"status":'), "it is no JSON"),
    "not UTF-8": (packed(b'{"name":"web","info":{"status":"failed","description":"\xff"},"chart":{}}'), "it is not UTF-8"),
    "a list": (packed([]), "it is JSON, but no object"),
    "nothing in it": (packed({}), "it has no info"),
    "no info": (packed({"name": "web"}), "it has no info"),
    "info is text": (packed(document(info="x")), "it has no info"),
    "chart is null": (packed(document(chart=None)), "it names no chart"),
    "no metadata": (packed(document(chart={})), "it names no chart"),
    "chart without a name": (packed(document(chart={"metadata": {"version": "1"}})), "it names no chart"),
    "version is a number": (packed(document(chart={"metadata": {"name": "x", "version": 1.1}})), "it names no chart"),
    "deeply nested": (packed(b'{"name":"web","info":' + b"[" * 200_000), "it is no JSON"),
    "another name": (packed(document(name="db", info={"status": "failed"})), "its labels say name web, its content db"),
    "another status": (packed(document()), "its labels say status failed, its content deployed"),
    "no name": (packed(document(name=None, info={"status": "failed"})), "its labels say name web, its content None"),
}


@pytest.mark.parametrize(("payload", "reason"), BROKEN.values(), ids=BROKEN)
def test_release_with_a_broken_payload_has_its_row_and_says_why(payload, reason):
    expected = Head(namespace="team-a", name="web", revision=7, status="failed", unreadable=f"What is stored of revision 7 cannot be read: {reason}.")
    assert head(secret(payload=payload, status="failed")) == expected


@pytest.mark.parametrize("data", [None, [], {"release": 7}, {"release": None}, {"other": "x"}])
def test_data_of_any_shape_is_no_payload(data):
    assert "no payload in it" in head({**secret(), "data": data}).unreadable


@given(st.binary(max_size=400))
def test_no_payload_whatever_raises(data):
    for payload in (
        base64.b64encode(data).decode(),
        packed(b'{"name":"web","info":' + data),
        base64.b64encode(base64.b64encode(b"\x1f\x8b\x08" + data)).decode(),
    ):
        assert head(secret(payload=payload)).name == "web"


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["name", "info", "chart", "config", "manifest", "version", "namespace"]), values, max_size=7))
def test_no_content_whatever_raises_and_all_texts_can_be_sent(content):
    found = head(secret(payload=packed(content)))
    "".join([found.chart, found.version, found.app_version, found.description, found.unreadable]).encode()


@given(st.recursive(values, lambda inner: st.dictionaries(st.sampled_from(["metadata", "labels", "name", "namespace", "data", "release"]), inner, max_size=4)))
def test_no_object_whatever_raises(obj):
    head(obj)


def test_texts_are_bounded_and_hold_nothing_that_cannot_be_shown():
    info = {"status": "deployed", "description": "d" * 100_000}
    metadata = {"name": "a\x00b\ud800c", "version": "1" * 10_000, "appVersion": "x\x1b[31m"}
    found = head(secret(payload=packed(document(info=info, chart={"metadata": metadata}))))
    assert found.chart == "a\ufffdb?c"
    assert len(found.version) <= LONGEST_TEXT
    assert len(found.description) <= LONGEST_DESCRIPTION
    assert found.app_version == "x\ufffd[31m"


def test_number_larger_than_any_is_no_fault():
    content = b'{"name":"web","info":{"status":"deployed","x":' + b"9" * 5000 + b'},"chart":{"metadata":{"name":"n","version":"1"}}}'
    assert head(secret(payload=packed(content))).name == "web"


def test_everything_stored_is_there_on_request():
    whole = stored_release(secret())
    assert (whole["config"], whole["manifest"], whole["chart"]["values"]) == ({"b": 2}, "kind: Secret\n", {"a": 1})


@pytest.mark.parametrize("changes", [{"version": 8}, {"namespace": "team-b"}, {"name": "db"}])
def test_whole_that_tells_of_another_revision_than_its_labels_is_refused(changes):
    with pytest.raises(ValueError, match="its labels say"):
        stored_release(secret(payload=packed(document(**changes))))


def bomb(size):
    """Zeros behind the front that a row needs, or in place of it."""
    return base64.b64encode(base64.b64encode(gzip.compress(b" " * size))).decode()


def test_payload_that_unpacks_to_too_much_is_refused():
    with pytest.raises(ValueError, match="it unpacks to more than 64 MiB"):
        decode(bomb(WHOLE_LIMIT + 1))
    assert "unpacks to more than 64 MiB" in head(secret(payload=bomb(WHOLE_LIMIT + 1))).unreadable


def test_many_bombs_at_once_cost_no_more_than_one():
    item = secret(payload=bomb(200 * 2**20))
    tracemalloc.start()
    try:
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(head, [item] * 6))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert all("unpacks to more than" in one.unreadable for one in found)
    assert peak < 2.5 * WHOLE_LIMIT + 6 * 3 * FRONTS[-1][1]


def nested(levels):
    """Lists in lists; json.dumps would not come back from as many."""
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize("levels", [900, 5_000, 1_000_000])
@pytest.mark.parametrize("where", ["name", "info", "chart"])
def test_content_that_nests_without_end_makes_its_own_row_unreadable(where, levels):
    text = json.dumps(document(**{where: "@"}), separators=(",", ":")).encode().replace(b'"@"', nested(levels))
    assert head(secret(payload=packed(text))).unreadable
    assert head(secret(payload=packed(text.replace(b'{"name"', b'{"x":1,"name"')))).unreadable, "in another order the whole is read"


@pytest.mark.parametrize("beginning", [b'{"name":[', b'{"x":['])
def test_many_values_in_little_text_are_not_made(beginning):
    payload = packed(beginning + b"[]," * (8 * 2**20) + b"[]]}")
    tracemalloc.start()
    try:
        found = head(secret(payload=payload))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "it holds more than 2,000,000 values" in found.unreadable
    assert most < 3 * 24 * 2**20, "the text, and what it was unpacked in; as objects it is twenty times that"


def test_line_ends_in_base64_are_passed_over_as_go_does():
    payload = packed(document())
    lines = "\r\n".join(payload[at : at + 76] for at in range(0, len(payload), 76))
    assert head(secret(payload=lines)) == EXPECTED
    inner = base64.b64decode(payload)
    folded = b"\n".join(inner[at : at + 64] for at in range(0, len(inner), 64))
    assert head(secret(payload=base64.b64encode(folded).decode())) == EXPECTED
    assert "not base64" in head(secret(payload=lines.replace("\r", " "))).unreadable


def test_bomb_behind_the_front_does_not_concern_the_row():
    content = json.dumps(document(), separators=(",", ":")).encode()[:-1] + b',"x":"' + b" " * (100 * 2**20) + b'"}'
    tracemalloc.start()
    try:
        assert head(secret(payload=packed(content))) == EXPECTED
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * 2**20 + 3 * 2**20 or peak < 150 * 2**20


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
