import base64

import pytest

from helmpanel.sandbox.protobuf import MAGIC, decoded
from helmpanel.sandbox.status import UnknownRequest


def number(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def part(field, content):
    """A length-delimited field."""
    content = content.encode() if isinstance(content, str) else content
    return number(field << 3 | 2) + number(len(content)) + content


def entry(field, key, value):
    return part(field, part(1, key) + part(2, value))


def body(kind, content, api_version="v1"):
    return MAGIC + part(1, part(1, api_version) + part(2, kind)) + part(2, content)


def test_a_secret_as_helm_sends_it_is_read():
    metadata = part(1, "sh.helm.release.v1.web.v1") + part(3, "") + part(8, b"") + entry(11, "owner", "helm") + entry(11, "version", "1")
    secret = part(1, metadata) + entry(2, "release", "H4sIA" * 100) + part(3, "helm.sh/release.v1")
    assert decoded(body("Secret", secret)) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "sh.helm.release.v1.web.v1", "labels": {"owner": "helm", "version": "1"}},
        "data": {"release": base64.b64encode(b"H4sIA" * 100).decode()},
        "type": "helm.sh/release.v1",
    }


def test_a_config_map_keeps_its_text():
    content = part(1, part(1, "notes")) + entry(2, "text", "grüße")
    assert decoded(body("ConfigMap", content))["data"] == {"text": "grüße"}


def test_texts_and_flags_are_read():
    options = part(5, "All") + number(3 << 3) + b"\x01" + part(4, "Background")
    assert decoded(body("DeleteOptions", options)) == {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "orphanDependents": True,
        "propagationPolicy": "Background",
        "dryRun": "All",
    }


def test_a_kind_that_is_not_read_says_so():
    with pytest.raises(UnknownRequest, match="apps/v1 Deployment"):
        decoded(body("Deployment", b"", "apps/v1"))


@pytest.mark.parametrize("broken", [b"{}", MAGIC + b"\xff", MAGIC + b"\x0d\x00"])
def test_what_is_no_body_is_refused(broken):
    with pytest.raises(ValueError, match=r"protobuf|wire type"):
        decoded(broken)
