"""Masking of log lines, escaping, cutting."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.text import DOTS, cut, escape, is_secret_key, mask_line, mask_text


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("login password=hunter2 user=bob", f"login password={DOTS} user=bob"),
        ("password: correct horse battery", f"password: {DOTS}"),
        ('{"token": "a \\"b", "x": 1}', f'{{"token": "{DOTS}", "x": 1}}'),
        ("Authorization: Bearer abc123def456", f"Authorization: {DOTS}"),
        ("curl -H 'x: Bearer abc123def456'", f"curl -H 'x: Bearer {DOTS}'"),
        ("pulling https://bob:hunter2@charts/x", f"pulling https://bob:{DOTS}@charts/x"),
        ("run --set db.password=hunter2 --api-key hunter2 -v", f"run --set db.password={DOTS} --api-key {DOTS} -v"),
        ("key AKIAABCDEFGHIJKLMNOP used", f"key {DOTS} used"),
        ("helm --password letmein --token or-7 pull", f"helm --password {DOTS} --token {DOTS} pull"),
        ("clone https://hunter2hunter2@git.example/x.git", f"clone https://{DOTS}@git.example/x.git"),
        ("git+https://hunter@git.example", f"git+https://{DOTS}@git.example"),
        ("redis://a8d7f6a5s4d3f2a1s0@cache", f"redis://{DOTS}@cache"),
        ("get https://b.example/c.tgz?sv=1&sig=aGk%3D&se=2", f"get https://b.example/c.tgz?sv=1&sig={DOTS}&se=2"),
        ("https://s3.example/c?X-Amz-Date=1&X-Amz-Signature=abc012", f"https://s3.example/c?X-Amz-Date=1&X-Amz-Signature={DOTS}"),
        ("https://a.example/?access_token=abc", f"https://a.example/?access_token={DOTS}"),
        ("to https://hooks.chat.example/services/T012/B345/hunter2", f"to https://hooks.chat.example/services/{DOTS}"),
        ("https://chat.example/api/webhooks/123/hunter2?wait=1", f"https://chat.example/api/webhooks/{DOTS}?wait=1"),
    ],
)
def test_credentials_in_a_line_become_dots(line, masked):
    assert mask_line(line) == masked
    assert mask_line(masked) == masked


@pytest.mark.parametrize(
    "line",
    [
        'Error: secrets "web" is forbidden: User "mara" cannot list resource "secrets"',
        "Error: failed to read token: invalid",
        "upgrade.go:142: performing update for web",
        'level=INFO msg="beginning wait for 3 resources with timeout of 5m0s"',
        "Error: UPGRADE FAILED: timed out waiting for the condition",
        "resource Secret/web-auth not ready. status: InProgress",
        "basic configuration of bearer authentication",
        "Add --password or a token",
        'Get "https://10.0.0.1:6443/api/v1/namespaces/a/secrets": dial tcp: i/o timeout',
        "helm --kubeconfig /home/me/.kube/config list",
        "git clone ssh://git@host.example/x.git",
        "pull oci://registry.example:5000/charts/web@sha256:0123abcd",
        "see https://docs.example/a/b?page=2&sort=name#token, or https://cdn.example/lib@1.2/x.js",
        "mail mara@example.org, postgres://app@db.example/web",
        "https://hooks.example/docs and https://example/services/T1/B2",
    ],
)
def test_what_helm_says_stays_readable(line):
    assert mask_line(line) == line


@given(st.text())
def test_masking_a_line_never_raises_and_is_done_once(line):
    once = mask_line(line)
    assert mask_line(once) == once
    assert once.count("\n") == line.count("\n")


def test_a_private_key_over_several_lines_is_masked():
    text = "a\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\nb"
    assert mask_text(text) == f"a\n-----BEGIN EC PRIVATE KEY-----\n{DOTS}\n-----END EC PRIVATE KEY-----\nb"


@given(st.text())
def test_escaped_text_holds_no_markup(text):
    assert not set("<>\"'") & set(escape(text))


def test_hidden_and_direction_characters_are_shown():
    assert escape("a\u202eb\x00<i>") == "a�b�&lt;i&gt;"


def test_a_cut_text_says_so():
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    "key", ["password", "dbpassword", "AWS_SECRET_ACCESS_KEY", "apiKey", "smtp_pass", "tls.key", "client-secret", "x-api-key", ".dockerconfigjson"]
)
def test_keys_that_hold_credentials(key):
    assert is_secret_key(key)


@pytest.mark.parametrize("key", ["publicKey", "key", "secretName", "existingSecret", "secretKeyRef", "keyboard", "compass", "", "🙂"])
def test_keys_that_hold_none(key):
    assert not is_secret_key(key)


@pytest.mark.parametrize("unit", ["a", "a=", 'a="', '{"a":1,"b":"c"},', "a://b:", "password=", "--a ", "=/-", " -a"])
def test_a_line_of_100_kb_takes_no_time(unit):
    started = time.thread_time()  # of this thread alone: a busy machine is no fault
    mask_line(unit * (100_000 // len(unit)))
    assert time.thread_time() - started < 2
