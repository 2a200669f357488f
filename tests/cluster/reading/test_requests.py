"""Requests against servers that refuse, hang, or are no API server at all."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from helmpanel.errors import Forbidden, HelmPanelError, KubeconfigInvalid, NotFound, ServerFault, Unauthorized, Unreachable

from .servers import EMPTY, Asked, raw, serving, write_kubeconfig

SECRETS = "/api/v1/secrets"
V1 = "client.authentication.k8s.io/v1"


def token_of(asked: Asked) -> str:
    return "".join(asked.header("Authorization")).removeprefix("Bearer ")


async def test_request_carries_the_token_what_is_wanted_and_who_asks(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca))
        assert await api.get(SECRETS, {"labelSelector": "owner=helm,status!=superseded"}, "application/json;as=Table") == EMPTY
        [asked] = server.asked
        assert asked.target == "/api/v1/secrets?labelSelector=owner%3Dhelm,status!%3Dsuperseded"
        assert token_of(asked) == "tok-1"
        assert asked.header("Accept") == ["application/json;as=Table"]
        assert asked.header("User-Agent")[0].startswith("helmpanel")


async def test_impersonation_of_the_kubeconfig_goes_with_every_request(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server:
        user = {"token": "tok-1", "as": "jane", "as-groups": ["dev", "ops"]}
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=user))
        await api.get(SECRETS)
        await api.get(SECRETS)
        assert [asked.header("Impersonate-User") for asked in server.asked] == [["jane"], ["jane"]]
        assert server.asked[0].header("Impersonate-Group") == ["dev", "ops"]


async def test_token_never_goes_over_plain_http(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY), tls=False) as server:
        await connect(write_kubeconfig(tmp_path, server.url)).get(SECRETS)
        assert server.asked[0].header("Authorization") == []


async def test_nobody_listening_is_unreachable(tmp_path, connect):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=f"https://127.0.0.1:{port} cannot be reached: connection refused"):
        await connect(write_kubeconfig(tmp_path, f"https://127.0.0.1:{port}")).get(SECRETS)


async def test_server_that_takes_the_request_and_never_answers_is_given_up(tmp_path, connect):
    async with serving(lambda asked: None) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca), request_timeout_s=0.4)
        began = time.monotonic()
        with pytest.raises(Unreachable, match=r"gave no answer within 0\.4 s\. Check the network or VPN"):
            await api.get(SECRETS)
        assert time.monotonic() - began < 5


async def test_server_that_never_says_hello_is_given_up(tmp_path, connect):
    """helm gives up a stalled TLS handshake after 10 s, asyncio after 60."""
    async with raw() as port:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="gave no answer"):
            await connect(write_kubeconfig(tmp_path, f"https://127.0.0.1:{port}"), request_timeout_s=0.4).get(SECRETS)
        assert time.monotonic() - began < 5


async def test_certificate_of_somebody_else_is_not_accepted(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server, serving(lambda asked: (200, EMPTY)) as other:
        with pytest.raises(Unreachable, match=r"certificate of the API server .* is not accepted"):
            await connect(write_kubeconfig(tmp_path, server.url, ca=other.ca)).get(SECRETS)
        assert server.asked == [], "no token was shown to it"


async def test_certificate_may_be_left_unchecked_as_the_kubeconfig_says(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server:
        assert await connect(write_kubeconfig(tmp_path, server.url, **{"insecure-skip-tls-verify": True})).get(SECRETS) == EMPTY


async def test_client_certificate_of_the_kubeconfig_is_shown(tmp_path, connect):
    clients = trustme.CA()
    leaf = clients.issue_cert("jane")
    user = {
        "client-certificate-data": base64.b64encode(leaf.cert_chain_pems[0].bytes()).decode(),
        "client-key-data": base64.b64encode(leaf.private_key_pem.bytes()).decode(),
    }
    async with serving(lambda asked: (200, EMPTY), clients=clients) as server:
        assert await connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=user)).get(SECRETS) == EMPTY
        with pytest.raises(Unreachable):
            await connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, name="nobody")).get(SECRETS)
        assert len(server.asked) == 1


async def test_server_without_tls_is_told(tmp_path, connect):
    async with raw(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        with pytest.raises(Unreachable, match="does not speak TLS"):
            await connect(write_kubeconfig(tmp_path, f"https://127.0.0.1:{port}")).get(SECRETS)


async def test_credentials_of_somebodys_netrc_are_never_used(tmp_path, connect, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    async with serving(lambda asked: (200, EMPTY)) as server:
        await connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user={})).get(SECRETS)
        assert server.asked[0].header("Authorization") == []


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (302, b"", ServerFault, "redirect"),
        (403, b'{"message": "no"}', Forbidden, "You may not list secrets in the whole cluster"),
        (404, b"<html>", NotFound, "Check the name"),
        (500, b"<html>", ServerFault, "failed to list secrets"),
    ],
)
async def test_refusal_is_one_request_and_one_sentence(tmp_path, connect, status, body, kind, said):
    async with serving(lambda asked: (status, body)) as server:
        with pytest.raises(kind, match=said):
            await connect(write_kubeconfig(tmp_path, server.url, ca=server.ca)).get(SECRETS)
        assert len(server.asked) == 1


async def test_refused_token_is_looked_up_once_more_in_the_kubeconfig(tmp_path, connect):
    """A login in another window rewrites the file; nobody should have to restart for it."""
    valid = {"tok-1"}
    async with serving(lambda asked: (200, EMPTY) if token_of(asked) in valid else (401, b"{}")) as server:
        kubeconfig = write_kubeconfig(tmp_path, server.url, ca=server.ca)
        api = connect(kubeconfig)
        await api.get(SECRETS)
        valid = {"tok-2"}
        with pytest.raises(Unauthorized, match="does not accept the credentials of context 'it'"):
            await api.get(SECRETS)
        write_kubeconfig(tmp_path, server.url, ca=server.ca, user={"token": "tok-2"})
        assert await api.get(SECRETS) == EMPTY


async def test_context_stays_when_somebody_switches_the_current_one(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server, serving(lambda asked: (200, b"other")) as other:
        one, two = write_kubeconfig(tmp_path, server.url, ca=server.ca, name="one"), write_kubeconfig(tmp_path, other.url, ca=other.ca, name="two")
        api = connect(KUBECONFIG=f"{one}:{two}")
        assert await api.get(SECRETS) == EMPTY
        one.write_text(one.read_text().replace("current-context: one", "current-context: two"))
        await api.close()
        assert await api.get(SECRETS) == EMPTY
        assert other.asked == []


def login(folder: Path, lifetime_s: float | None = None) -> dict[str, object]:
    """An exec plugin that counts its runs and gives tok-1, tok-2, ..."""
    end = f', \\"expirationTimestamp\\": \\"{(datetime.now(UTC) + timedelta(seconds=lifetime_s)).isoformat()}\\"' if lifetime_s else ""
    script = (
        f"""echo >> {folder}/runs; n=$(wc -l < {folder}/runs); echo "{{\\"apiVersion\\": \\"{V1}\\", \\"status\\": {{\\"token\\": \\"tok-$n\\"{end}}}}}" """
    )
    return {"exec": {"command": "/bin/sh", "args": ["-c", script], "apiVersion": V1}}


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text().splitlines())


async def test_plugin_runs_once_for_many_requests_also_side_by_side(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path)))
        await asyncio.gather(*(api.get(SECRETS) for _ in range(5)))
        await api.get(SECRETS)
        assert {token_of(asked) for asked in server.asked} == {"tok-1"}
        assert runs(tmp_path) == 1


async def test_plugin_runs_again_when_its_token_ends(tmp_path, connect):
    async with serving(lambda asked: (200, EMPTY)) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path, lifetime_s=0.5)))
        await api.get(SECRETS)
        await asyncio.sleep(0.6)
        await api.get(SECRETS)
        assert [token_of(asked) for asked in server.asked] == ["tok-1", "tok-2"]


async def test_plugin_runs_once_more_when_its_token_is_refused_and_not_for_ever(tmp_path, connect):
    valid = {"tok-1", "tok-2"}
    async with serving(lambda asked: (200, EMPTY) if token_of(asked) in valid else (401, b"{}")) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path)))
        await api.get(SECRETS)
        valid = {"tok-2"}
        await api.get(SECRETS)
        assert runs(tmp_path) == 2
        valid = set()
        with pytest.raises(Unauthorized):
            await api.get(SECRETS)
        assert runs(tmp_path) == 3


async def test_plugin_is_not_run_again_for_a_403(tmp_path, connect):
    async with serving(lambda asked: (403, b"{}")) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path)))
        for _ in range(2):
            with pytest.raises(Forbidden):
                await api.get(SECRETS)
        assert runs(tmp_path) == 1
        assert len(server.asked) == 2


async def test_plugin_that_hangs_is_given_up_and_tried_again_next_time(tmp_path, connect):
    plugin = {"exec": {"command": "/bin/sh", "args": ["-c", "read line; sleep 600"], "apiVersion": V1}}
    async with serving(lambda asked: (200, EMPTY)) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=plugin), read_timeout_s=0.4)
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(Unauthorized, match=r"gave no answer within 0\.4 s"):
                await api.get(SECRETS)
            assert time.monotonic() - began < 5
        assert server.asked == []
        write_kubeconfig(tmp_path, server.url, ca=server.ca)
        assert await api.get(SECRETS) == EMPTY


async def test_request_under_way_survives_the_end_of_its_login(tmp_path, connect):
    """Renewing must not break what other namespaces are reading at the moment."""
    valid, renewed, begun = {"tok-1", "tok-2"}, asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> tuple[int, bytes]:
        begun.release()
        await renewed.wait()
        return 200, b"late"

    def answer(asked: Asked) -> object:
        if token_of(asked) not in valid:
            return 401, b"{}"
        return slow() if "slow" in asked.target else (200, EMPTY)

    async with serving(answer) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path)))
        waiting = [asyncio.create_task(api.get("/slow")) for _ in range(3)]
        for _ in waiting:
            await begun.acquire()
        valid.remove("tok-1")
        await api.get(SECRETS)
        assert runs(tmp_path) == 2
        renewed.set()
        assert await asyncio.gather(*waiting) == [b"late"] * 3


async def test_login_that_is_refused_at_once_is_not_tried_twice(tmp_path, connect):
    async with serving(lambda asked: (401, b"{}")) as server:
        with pytest.raises(Unauthorized):
            await connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path))).get(SECRETS)
        assert (len(server.asked), runs(tmp_path)) == (1, 1)


async def test_faults_of_the_kubeconfig_come_as_errors_and_go_when_it_is_mended(tmp_path, connect):
    path = tmp_path / "it.kubeconfig"
    api = connect(path)
    for content, said in ((None, "does not exist"), ("", "it is empty"), ("contexts: [", "no valid YAML")):
        if content is not None:
            path.write_text(content)
        with pytest.raises(KubeconfigInvalid, match=said):
            await api.get(SECRETS)
    async with serving(lambda asked: (200, EMPTY)) as server:
        write_kubeconfig(tmp_path, server.url, ca=server.ca)
        assert await api.get(SECRETS) == EMPTY


async def test_no_error_shows_a_credential(tmp_path, connect):
    said: list[str] = []
    echo = lambda asked: (500, json.dumps({"message": f"bad header {asked.header('Authorization')}"}).encode())  # noqa: E731
    async with serving(echo) as server:
        with pytest.raises(HelmPanelError) as caught:
            await connect(write_kubeconfig(tmp_path, server.url.replace("//", "//me:hunter2@"), ca=server.ca, user={"token": "tok-31415926"})).get(SECRETS)
        said.append(str(caught.value))
    assert "hunter2" not in said[0]
    assert "tok-31415926" not in said[0]
