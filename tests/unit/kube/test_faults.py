"""Failed requests as sentences: what happened, to what, what to do next."""

import json
import ssl
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from helmpanel.errors import Expired, Forbidden, NotFound, Overloaded, ServerFault, Unauthorized, Unreachable
from helmpanel.kube.faults import Target, answer_fault, connection_fault, retry_after_s, target
from helmpanel.kube.kubeconfig import Access
from helmpanel.kube.words import quoted

ACCESS = Access(context="prod", server="https://k.example:6443", namespace="default", origin="/k", cluster={"server": "https://k.example:6443"}, user={})
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"


def status(message, code=403):
    return json.dumps({"kind": "Status", "message": message, "code": code}).encode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/secrets", ("list", "secrets", None, "")),
        ("/api/v1/namespaces/team-a/secrets", ("list", "secrets", "team-a", "")),
        ("/api/v1/namespaces/team-a/secrets/s?x=1", ("get", "secrets", "team-a", "s")),
        ("/api/v1/namespaces/team-a", ("get", "namespaces", None, "team-a")),
        ("/api/v1/namespaces", ("list", "namespaces", None, "")),
        ("/apis/apps/v1/namespaces/a/deployments/web", ("get", "deployments", "a", "web")),
        ("/version", ("get", "/version", None, "")),
    ],
)
def test_path_says_what_is_asked(path, expected):
    verb, resource, namespace, name = expected
    assert target(path) == Target(verb=verb, resource=resource, namespace=namespace, name=name)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (302, ServerFault),
        (409, ServerFault),
        (410, Expired),
        (429, Overloaded),
        (500, ServerFault),
        (503, ServerFault),
    ],
)
def test_each_status_has_its_error_and_a_next_step(code, kind):
    error = answer_fault(code, status("because"), "/api/v1/secrets", ACCESS)
    assert type(error) is kind
    assert str(error).endswith(".")
    assert str(error).count(". ") >= 1, "what happened, then what to do"


def test_forbidden_for_the_whole_cluster_tells_to_name_namespaces():
    error = answer_fault(403, status('secrets is forbidden: User "jane" cannot list resource "secrets"'), "/api/v1/secrets", ACCESS)
    assert isinstance(error, Forbidden)
    assert (error.verb, error.resource, error.namespace) == ("list", "secrets", None)
    assert 'User "jane"' in str(error)
    assert "namespaces=[...]" in str(error)


def test_forbidden_in_a_namespace_names_it():
    error = answer_fault(403, b"{}", "/api/v1/namespaces/team-a/secrets", ACCESS)
    assert isinstance(error, Forbidden)
    assert error.namespace == "team-a"
    assert "list secrets in namespace team-a of context 'prod'" in str(error)


def test_watch_that_is_forbidden_in_the_whole_cluster_tells_to_ask_for_it_too():
    error = answer_fault(403, b"{}", "/api/v1/secrets?watch=true", ACCESS)
    assert isinstance(error, Forbidden)
    assert str(error) == "You may not watch secrets in the whole cluster of context 'prod' (403). Ask for the right to it, or name namespaces you may read."


@pytest.mark.parametrize("body", [b"<html><script>alert(1)</script>", b"", b"[]", b'{"message": 3}', b"\xff\xfe"])
def test_body_that_is_no_status_is_not_quoted(body):
    text = str(answer_fault(502, body, "/api/v1/secrets", ACCESS))
    assert "(502)" in text
    assert "script" not in text


def test_what_the_server_said_is_cut_and_redacted():
    error = answer_fault(500, status(f"cannot use Bearer {JWT} for https://u:hunter2@host " + "x" * 10_000), "/api/v1/secrets", ACCESS)
    assert len(str(error)) < 600
    assert "hunter2" not in str(error)
    assert JWT not in str(error)


def test_quoted_text_is_one_line_without_control_characters():
    assert quoted("a\nb\x1b[31m\u202ec.") == "a b�[31m�c"


def key():
    return ConnectionKey("k.example", 6443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (TimeoutError(), "no answer within 15 s"),
        (aiohttp.ServerTimeoutError(), "no answer within 15 s"),
        (aiohttp.ClientConnectorError(key(), ConnectionRefusedError(111, "Connect call failed")), "cannot be reached: connection refused"),
        (aiohttp.ClientConnectorError(key(), OSError("Multiple exceptions")), "cannot be reached: no connection"),
        (aiohttp.ClientConnectorDNSError(key(), OSError(-2, "Name or service not known")), "cannot be resolved"),
        (aiohttp.ClientConnectorCertificateError(key(), ssl.SSLCertVerificationError("x")), "certificate of the API server .* is not accepted"),
        (aiohttp.ClientConnectorSSLError(key(), ssl.SSLError("x")), "does not speak TLS"),
        (aiohttp.ServerDisconnectedError(), "broke off"),
        (aiohttp.ClientPayloadError("cut"), "broke off"),
        (aiohttp.ClientProxyConnectionError(key(), ConnectionRefusedError(111, "x")), "proxy"),
        (aiohttp.InvalidURL("https://[::"), "no valid address"),
        (ConnectionResetError(104, "reset"), "broke off"),
    ],
)
def test_no_answer_is_unreachable_and_says_why(cause, said):
    error = connection_fault(cause, ACCESS, 15)
    assert isinstance(error, Unreachable)
    with pytest.raises(Unreachable, match=said):
        raise error
    assert "https://k.example:6443" in str(error)


NOW = datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("Fri, 27 Nov 2026 12:01:30 GMT", 90),
        ("Fri, 27 Nov 2026 12:01:30 -0000", 90),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 5000, None),
        ("٣", None),
        ("Fri, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_time_to_wait_is_a_number_or_a_date(value, expected):
    assert retry_after_s(value, NOW) == expected


def test_503_is_overload_only_when_it_says_when_to_come_back():
    path = "/api/v1/secrets"
    error = answer_fault(503, b"", path, ACCESS, {"Retry-After": "3"})
    assert isinstance(error, Overloaded)
    assert error.retry_after_s == 3
    assert "Wait 3 s, as it asks" in str(error)
    assert type(answer_fault(503, b"", path, ACCESS, {})) is ServerFault
    assert "Wait a little" in str(answer_fault(429, b"", path, ACCESS, {}))
