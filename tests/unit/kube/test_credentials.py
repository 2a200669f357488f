"""Logging in: which headers a session sends, and when it is time to log in again."""

import base64
import json
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from helmpanel.errors import KubeconfigInvalid, Unauthorized
from helmpanel.kube.credentials import log_in
from helmpanel.kube.kubeconfig import Access

V1 = "client.authentication.k8s.io/v1"


def access(user, server="https://k.example", **cluster):
    cluster = {"server": server, **cluster}
    return Access(context="prod", server=server, namespace="default", origin="/k", cluster=cluster, user=user, impersonation=(("Impersonate-User", "jane"),))


async def headers(user, server="https://k.example"):
    return dict((await log_in(access(user, server), limit_s=10)).headers)


async def test_token_is_sent_as_bearer_together_with_impersonation():
    assert await headers({"token": "t"}) == {"Impersonate-User": "jane", "Authorization": "Bearer t"}


async def test_user_and_password_are_sent_as_basic():
    assert (await headers({"username": "u", "password": "p"}))["Authorization"] == "Basic dTpw"


async def test_nothing_secret_goes_over_plain_http():
    """As client-go does: helm would come as nobody there too."""
    user = {"token": "t", "username": "u", "password": "p", "exec": {"command": "/bin/false", "apiVersion": V1}}
    assert await headers(user, "http://127.0.0.1:8001") == {"Impersonate-User": "jane"}


async def test_token_file_beats_the_token_and_is_read_again_after_a_while(tmp_path):
    (tmp_path / "token").write_text("of-file\n")
    login = await log_in(access({"token": "t", "tokenFile": str(tmp_path / "token")}), limit_s=10)
    assert dict(login.headers)["Authorization"] == "Bearer of-file"
    assert not login.is_over(datetime.now(UTC) + timedelta(seconds=30))
    assert login.is_over(datetime.now(UTC) + timedelta(seconds=61))


@pytest.mark.parametrize("content", [None, "", b"\xff"])
async def test_token_file_that_cannot_be_used_is_told(tmp_path, content):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(KubeconfigInvalid, match=r"token file .* of context 'prod'"):
        await log_in(access({"tokenFile": str(path)}), limit_s=10)


def plugin(expires=None, script=""):
    answer = {"apiVersion": V1, "kind": "ExecCredential", "status": {"token": "t", **({"expirationTimestamp": expires.isoformat()} if expires else {})}}
    return {"exec": {"command": "/bin/sh", "args": ["-c", f"{script} printf '%s' '{json.dumps(answer)}'"], "apiVersion": V1}}


async def test_plugins_token_is_used_until_shortly_before_its_end():
    expires = datetime.now(UTC) + timedelta(minutes=15)
    login = await log_in(access(plugin(expires)), limit_s=10)
    assert dict(login.headers)["Authorization"] == "Bearer t"
    assert not login.is_over(expires - timedelta(seconds=11))
    assert login.is_over(expires - timedelta(seconds=9))


async def test_short_lived_token_is_used_for_half_its_life_at_least():
    """A fixed margin would run the plugin for every request."""
    expires = datetime.now(UTC) + timedelta(seconds=8)
    login = await log_in(access(plugin(expires)), limit_s=10)
    assert not login.is_over(expires - timedelta(seconds=5))
    assert login.is_over(expires)


async def test_token_without_an_end_holds_until_it_is_refused():
    assert (await log_in(access(plugin()), limit_s=10)).renew_at is None


async def test_token_in_the_kubeconfig_beats_the_plugin(tmp_path):
    assert (await headers({"token": "own", **plugin(script=f"touch {tmp_path}/ran;")}))["Authorization"] == "Bearer own"
    assert not (tmp_path / "ran").exists()


def jwt(end):
    claims = {"sub": "jane", **({"exp": end.timestamp()} if end else {})}
    return "e30." + base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".c2ln"


def oidc(token):
    return {"auth-provider": {"name": "oidc", "config": {"id-token": token, "refresh-token": "r"}}}


async def test_stored_oidc_token_is_used_while_it_holds():
    token = jwt(datetime.now(UTC) + timedelta(hours=1))
    assert (await headers(oidc(token)))["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("token", ["", "no-jwt", "a.b.c", jwt(datetime.now(UTC) - timedelta(minutes=1))], ids=["empty", "no-jwt", "no-json", "expired"])
async def test_expired_oidc_token_is_left_to_kubectl_to_renew(token):
    with pytest.raises(Unauthorized, match="OIDC login of context 'prod' has expired"):
        await log_in(access(oidc(token)), limit_s=10)


async def test_provider_that_helm_dropped_is_refused():
    with pytest.raises(KubeconfigInvalid, match="auth-provider 'gcp'"):
        await log_in(access({"auth-provider": {"name": "gcp"}}), limit_s=10)


async def test_client_certificate_and_ca_are_taken(tmp_path):
    ca = trustme.CA()
    leaf = ca.issue_cert("jane")
    encode = lambda blob: base64.b64encode(blob.bytes()).decode()  # noqa: E731
    user = {"client-certificate-data": encode(leaf.cert_chain_pems[0]), "client-key-data": encode(leaf.private_key_pem)}
    login = await log_in(access(user, **{"certificate-authority-data": encode(ca.cert_pem), "tls-server-name": "inner"}), limit_s=10)
    assert login.tls_name == "inner"
    assert login.tls.verify_mode is ssl.CERT_REQUIRED
    assert [each["subject"] for each in login.tls.get_ca_certs()] == [each["issuer"] for each in login.tls.get_ca_certs()]
    assert len(login.tls.get_ca_certs()) == 1


@pytest.mark.parametrize(
    "cluster",
    [{"certificate-authority-data": "%%%"}, {"certificate-authority-data": "eA=="}, {"certificate-authority": "/no/such/ca.crt"}],
)
async def test_certificate_that_cannot_be_used_is_told(cluster):
    with pytest.raises(KubeconfigInvalid, match=r"certificate.* of context 'prod'"):
        await log_in(access({"token": "t"}, **cluster), limit_s=10)


async def test_proxy_that_cannot_be_used_is_told():
    with pytest.raises(KubeconfigInvalid, match="proxy"):
        await log_in(access({"token": "t"}, **{"proxy-url": "socks5://127.0.0.1:1080"}), limit_s=10)


async def proxy(server, environ, **cluster):
    return (await log_in(access({"token": "t"}, server, **cluster), limit_s=10, environ=environ)).proxy


async def test_proxy_of_the_kubeconfig_beats_that_of_the_environment():
    environ = {"HTTPS_PROXY": "http://env:3128", "https_proxy": "http://env:3128"}
    assert await proxy("https://k.example", environ) == "http://env:3128"
    assert await proxy("https://k.example", environ, **{"proxy-url": "http://own:3128"}) == "http://own:3128"
    assert await proxy("http://k.example", environ) is None


@pytest.mark.parametrize(
    ("server", "no_proxy"),
    [
        ("https://127.0.0.1:6443", ""),
        ("https://[::1]:6443", ""),
        ("https://localhost", ""),
        ("https://k.example:6443", "other, .EXAMPLE"),
        ("https://k.example", "k.example"),
        ("https://k.example", "*"),
        ("https://10.1.2.3", "nonsense/x,10.0.0.0/8"),
    ],
)
async def test_proxy_of_the_environment_is_not_for_what_is_near_or_excepted(server, no_proxy):
    assert await proxy(server, {"HTTPS_PROXY": "http://env:3128", "NO_PROXY": no_proxy}) is None


@pytest.mark.parametrize("no_proxy", ["", ",", "ample", "k.example.org", "10.0.0.0/8"])
async def test_other_exceptions_do_not_concern_this_server(no_proxy):
    assert await proxy("https://k.example", {"https_proxy": "http://env:3128", "no_proxy": no_proxy}) == "http://env:3128"


async def test_credentials_in_the_address_are_the_last_resort():
    assert (await headers({}, "https://me:p%40w@k.example"))["Authorization"] == "Basic " + base64.b64encode(b"me:p@w").decode()
    assert (await headers({"token": "t"}, "https://me:pw@k.example"))["Authorization"] == "Bearer t"


def certificates(tmp_path):
    """A user block with a client certificate, as files and as data."""
    leaf = trustme.CA().issue_cert("jane")
    chain, key = leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes()
    (tmp_path / "c.pem").write_bytes(chain)
    (tmp_path / "k.pem").write_bytes(key)
    data = {"client-certificate-data": base64.b64encode(chain).decode(), "client-key-data": base64.b64encode(key).decode()}
    return {"client-certificate": str(tmp_path / "c.pem"), "client-key": str(tmp_path / "k.pem")}, data


async def test_client_key_is_in_no_file_when_the_login_is_done(tmp_path, monkeypatch):
    _, data = certificates(tmp_path)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    assert (await log_in(access(data), limit_s=10)).tls is not None
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_client_certificate_may_be_in_files_and_data_beats_them(tmp_path):
    files, data = certificates(tmp_path)
    await log_in(access(files), limit_s=10)
    broken = dict.fromkeys(files, "/no/such/file")
    await log_in(access({**broken, **data}), limit_s=10)
    with pytest.raises(KubeconfigInvalid, match="/no/such/file of context 'prod' is missing"):
        await log_in(access(broken), limit_s=10)


async def test_key_that_belongs_to_another_certificate_is_told(tmp_path):
    (_, one), (_, other) = certificates(tmp_path), certificates(tmp_path)
    with pytest.raises(KubeconfigInvalid, match="certificates of context 'prod' cannot be used"):
        await log_in(access({**one, "client-key-data": other["client-key-data"]}), limit_s=10)


async def test_key_that_is_locked_by_a_password_is_told_instead_of_asked_for(tmp_path):
    files, _ = certificates(tmp_path)
    key = serialization.load_pem_private_key(Path(files["client-key"]).read_bytes(), None)
    locked = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"pw"))
    Path(files["client-key"]).write_bytes(locked)
    with pytest.raises(KubeconfigInvalid, match="cannot be used"):
        await log_in(access(files), limit_s=10)


async def test_bundle_of_authorities_may_hold_comments(tmp_path):
    bundle = "# Größe\n".encode() + trustme.CA().cert_pem.bytes() + b"more\xff\n" + trustme.CA().cert_pem.bytes()
    (tmp_path / "ca.crt").write_bytes(bundle)
    login = await log_in(access({}, **{"certificate-authority": str(tmp_path / "ca.crt")}), limit_s=10)
    assert len(login.tls.get_ca_certs()) == 2
