"""Credentials from an exec plugin (aws, gcloud, kubelogin), run under a time limit and without a terminal.

kubernetes_asyncio runs plugins too, but gives them our own standard input and waits for ever: one that asks a question would hang a server.
Protocol: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from helmpanel.errors import KubeconfigInvalid, Unauthorized
from helmpanel.kube.kubeconfig import Access
from helmpanel.kube.words import quoted

API_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginCredential:
    """What a plugin gave: a token, a client certificate with its key, or both."""

    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    """PEM."""
    key: str = field(default="", repr=False)
    """PEM."""
    expires: datetime | None = None
    """UTC; None when the plugin did not say: then it holds until the server refuses it."""


async def run_plugin(access: Access, *, limit_s: float, environ: Mapping[str, str] = os.environ) -> PluginCredential:
    """Run the exec plugin of a context once.

    Raises:
        KubeconfigInvalid: The plugin's entry is malformed, or the program is missing.
        Unauthorized: It failed, gave no answer in time, or something that is no credential.
    """
    entry = access.user.get("exec")
    if not isinstance(entry, Mapping) or not entry.get("command") or entry.get("apiVersion") not in API_VERSIONS:
        wanted = " or ".join(API_VERSIONS)
        raise KubeconfigInvalid(
            f"The exec plugin of context {access.context!r} needs a command and an apiVersion of {wanted}. Correct the kubeconfig {access.origin}."
        )
    whose = f"The login program {entry['command']!r} of context {access.context!r}"
    if entry.get("interactiveMode") == "Always":
        raise Unauthorized(f"{whose} needs a terminal, which helmpanel has not. Log in with kubectl first, or use a login that asks nothing.")
    environ = {**environ, **_own_environment(entry), "KUBERNETES_EXEC_INFO": json.dumps(_request(access, entry))}
    return credential(await _output(whose, entry, environ, limit_s), str(entry["apiVersion"]), whose)


def credential(output: bytes, version: str, whose: str) -> PluginCredential:
    """The credential in what a plugin wrote to standard output.

    Raises:
        Unauthorized: It is no ExecCredential of this version, or an empty one. The text never quotes the output.
    """
    again = "Run it by hand to see what it says, then refresh."
    try:
        answer = json.loads(output)
        said, status = answer["apiVersion"], answer["status"]
        given = {key: str(status.get(key) or "") for key in ("token", "clientCertificateData", "clientKeyData", "expirationTimestamp")}
        expires = datetime.fromisoformat(given["expirationTimestamp"]).astimezone(UTC) if given["expirationTimestamp"] else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unauthorized(f"{whose} gave no credential that can be read. {again}") from None
    if said != version:
        raise Unauthorized(f"{whose} answered in version {quoted(said)}, the kubeconfig asks for {version}. Correct the kubeconfig or update the program.")
    if not given["token"] and not (given["clientCertificateData"] and given["clientKeyData"]):
        raise Unauthorized(f"{whose} gave neither a token nor a certificate with its key. {again}")
    return PluginCredential(token=given["token"], certificate=given["clientCertificateData"], key=given["clientKeyData"], expires=expires)


async def _output(whose: str, entry: Mapping[str, object], environ: Mapping[str, str], limit_s: float) -> bytes:
    command = str(entry["command"])
    args = entry.get("args")
    try:
        process = await asyncio.create_subprocess_exec(
            command,
            *(str(arg) for arg in (args if isinstance(args, list) else ())),
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # so that whatever it started ends with it
        )
    except OSError as cause:
        hint = quoted(entry.get("installHint") or "")
        raise KubeconfigInvalid(f"{whose} cannot be run: {cause.strerror}. Install it, or put it on PATH.{' ' + hint if hint else ''}") from cause
    try:
        async with asyncio.timeout(limit_s):
            out, err = await process.communicate()
    except TimeoutError:
        raise Unauthorized(
            f"{whose} gave no answer within {limit_s:g} s: it may wait for an input that nobody can give here. Log in with kubectl first, then refresh."
        ) from None
    finally:
        if process.returncode is None:
            _kill(process.pid)
            await process.wait()
    if process.returncode:
        said = quoted(err.decode(errors="replace"))
        raise Unauthorized(f"{whose} failed ({process.returncode}){': ' + said if said else ''}. Log in again, then refresh.")
    return out


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _own_environment(entry: Mapping[str, object]) -> dict[str, str]:
    items = entry.get("env")
    return {str(item["name"]): str(item.get("value", "")) for item in (items if isinstance(items, list) else ()) if isinstance(item, dict) and item.get("name")}


def _request(access: Access, entry: Mapping[str, object]) -> dict[str, object]:
    spec: dict[str, object] = {"interactive": False}
    if entry.get("provideClusterInfo"):
        cluster = access.cluster
        info = {
            key: cluster[key]
            for key in ("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url")
            if cluster.get(key)
        }
        if cluster.get("certificate-authority"):
            info["certificate-authority-data"] = base64.b64encode(Path(str(cluster["certificate-authority"])).read_bytes()).decode()
        extensions = cluster.get("extensions")
        for item in extensions if isinstance(extensions, list) else ():
            if isinstance(item, dict) and item.get("name") == "client.authentication.k8s.io/exec":
                info["config"] = item.get("extension")
        spec["cluster"] = info
    return {"apiVersion": entry["apiVersion"], "kind": "ExecCredential", "spec": spec}
