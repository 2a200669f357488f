"""Login programs: run under a time limit, without a terminal, and never quoted with a secret."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helmpanel.errors import KubeconfigInvalid, Unauthorized
from helmpanel.kube.exec_plugin import credential, run_plugin
from helmpanel.kube.kubeconfig import Access
from tests.waiting import until

V1 = "client.authentication.k8s.io/v1"
ANSWER = {"apiVersion": V1, "kind": "ExecCredential", "status": {"token": "tok-1"}}


def access(script="", **entry):
    plugin = {"command": "/bin/sh", "args": ["-c", script], "apiVersion": V1, **entry}
    return Access(
        context="prod",
        server="https://k.example",
        namespace="default",
        origin="/k",
        cluster={"server": "https://k.example", "certificate-authority-data": "Y2E="},
        user={"exec": plugin},
    )


def gives(answer):
    return f"printf '%s' '{json.dumps(answer)}'"


async def test_plugin_gives_a_token_with_its_end():
    answer = {**ANSWER, "status": {"token": "tok-1", "expirationTimestamp": "2030-01-01T02:00:00+02:00"}}
    given = await run_plugin(access(gives(answer)), limit_s=10)
    assert given.token == "tok-1"
    assert given.expires == datetime(2030, 1, 1, tzinfo=UTC)
    assert "tok-1" not in repr(given)


async def test_plugin_sees_its_arguments_its_environment_and_no_terminal():
    script = """test "$1" = --login && test "$REGION" = eu-1 && ! read line && """ + gives(ANSWER)
    entry = access(script, args=["-c", script, "sh", "--login"], env=[{"name": "REGION", "value": "eu-1"}])
    assert (await run_plugin(entry, limit_s=10)).token == "tok-1"


async def test_plugin_cannot_wait_for_our_standard_input():
    """In a terminal it would take what the person types, under a server wait for ever."""
    reading, writing = os.pipe()
    own = os.dup(0)
    os.dup2(reading, 0)
    try:
        assert (await run_plugin(access("! read line && " + gives(ANSWER)), limit_s=5)).token == "tok-1"
    finally:
        os.dup2(own, 0)
        for each in (reading, writing, own):
            os.close(each)


async def test_plugin_is_told_about_the_cluster_when_it_asks(tmp_path):
    script = f'printf "%s" "$KUBERNETES_EXEC_INFO" > {tmp_path}/info; ' + gives(ANSWER)
    await run_plugin(access(script, provideClusterInfo=True), limit_s=10)
    info = json.loads((tmp_path / "info").read_text())
    assert info["spec"] == {"interactive": False, "cluster": {"server": "https://k.example", "certificate-authority-data": "Y2E="}}
    await run_plugin(access(script), limit_s=10)
    assert json.loads((tmp_path / "info").read_text())["spec"] == {"interactive": False}


async def test_plugin_that_hangs_is_ended_with_its_children(tmp_path):
    script = f"sleep 600 & echo $! > {tmp_path}/child; echo $$ > {tmp_path}/pid; wait"
    with pytest.raises(Unauthorized, match=r"'/bin/sh' of context 'prod' gave no answer within 5 s"):
        await run_plugin(access(script), limit_s=5)
    for name in ("pid", "child"):
        await until(lambda: not is_running(int((tmp_path / name).read_text())), f"the {name} is gone")  # noqa: B023  # awaited before the next name


def is_running(pid):
    try:
        # In a container without an init nobody collects orphans: they stay as zombies.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_plugin_that_fails_is_quoted_masked():
    with pytest.raises(Unauthorized, match=r"failed \(3\): session expired, password=•+\. Log in again") as caught:
        await run_plugin(access("echo 'session expired, password=hunter2' >&2; exit 3"), limit_s=10)
    assert "hunter2" not in str(caught.value)


async def test_missing_plugin_is_told_with_the_hint_of_the_kubeconfig():
    with pytest.raises(KubeconfigInvalid, match=r"'no-such-login' of context 'prod' cannot be run: No such file or directory\. .*Get it from acme"):
        await run_plugin(access(command="no-such-login", installHint="Get it from acme."), limit_s=10)


async def test_plugin_that_needs_a_terminal_is_not_started(tmp_path):
    with pytest.raises(Unauthorized, match="needs a terminal"):
        await run_plugin(access(f"touch {tmp_path}/ran", interactiveMode="Always"), limit_s=10)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("entry", [{"apiVersion": "client.authentication.k8s.io/v1alpha1"}, {"command": ""}])
async def test_malformed_entry_is_the_kubeconfigs_fault(entry):
    with pytest.raises(KubeconfigInvalid, match="needs a command and an apiVersion"):
        await run_plugin(access(**entry), limit_s=10)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"password: hunter2",
        b"[]",
        b"{}",
        b'{"apiVersion": "' + V1.encode() + b'"}',
        b'{"apiVersion":"x","status":{"token":"t","expirationTimestamp":"hunter2"}}',
    ],
)
def test_output_that_is_no_credential_is_never_quoted(output):
    with pytest.raises(Unauthorized, match="gave no credential that can be read") as caught:
        credential(output, V1, "It")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("status", [{}, {"token": ""}, {"clientCertificateData": "c"}, {"clientKeyData": "k"}])
def test_answer_without_token_or_whole_certificate_is_refused(status):
    with pytest.raises(Unauthorized, match="neither a token nor a certificate"):
        credential(json.dumps({**ANSWER, "status": status}).encode(), V1, "It")


def test_answer_in_another_version_is_refused():
    with pytest.raises(Unauthorized, match=r"answered in version client\.authentication\.k8s\.io/v1beta1"):
        credential(json.dumps({**ANSWER, "apiVersion": "client.authentication.k8s.io/v1beta1"}).encode(), V1, "It")


def test_certificate_with_its_key_is_a_credential():
    given = credential(json.dumps({**ANSWER, "status": {"clientCertificateData": "c", "clientKeyData": "k"}}).encode(), V1, "It")
    assert (given.certificate, given.key, given.token) == ("c", "k", "")
