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
