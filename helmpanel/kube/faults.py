"""What went wrong with a request, as our own errors: what happened, to what, what to do next."""

from __future__ import annotations

import json
import math
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from helmpanel.errors import Expired, Forbidden, HelmPanelError, NotFound, Overloaded, ServerFault, Unauthorized, Unreachable
from helmpanel.kube.kubeconfig import Access
from helmpanel.kube.words import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a path asks for."""

    verb: str
    resource: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        where = f"in namespace {self.namespace}" if self.namespace else "in the whole cluster"
        return f"{self.resource} {self.name} {where}" if self.name else f"{self.resource} {where}"


def target(path: str) -> Target:
    """What a GET of an API path asks for: `/api/v1/namespaces/a/secrets` is list secrets in a, and with `?watch=true` watch."""
    path, _, query = path.partition("?")
    parts = [part for part in path.split("/") if part]
    skip = {"api": 2, "apis": 3}.get(parts[0] if parts else "", 0)
    rest = parts[skip:]
    namespace = None
    if len(rest) > 2 and rest[0] == "namespaces":
        namespace, rest = rest[1], rest[2:]
    if not rest or not skip:
        return Target(verb="get", resource=path, namespace=None, name="")
    return Target(
        verb="get" if len(rest) > 1 else "watch" if query == "watch=true" else "list",
        resource=rest[0],
        namespace=namespace,
        name=rest[1] if len(rest) > 1 else "",
    )


def answer_fault(status: int, body: bytes, path: str, access: Access, headers: Mapping[str, str] | None = None) -> HelmPanelError:
    """The error for an answer that is no success.

    Args:
        status: HTTP status.
        body: Usually a Kubernetes Status; from proxies anything.
        path: What was asked.
        access: Who asked whom.
        headers: Of the answer; a plain mapping must spell Retry-After so.
    """
    what = target(path)
    said = _message(body)
    reason = f" ({status}{': ' + said if said else ''})"
    if status == 401:
        return Unauthorized(
            f"The API server {access.server} does not accept the credentials of context {access.context!r}{reason}. Log in again, then refresh."
        )
    if status == 403:
        next_step = (
            "Ask for the right to it, or name namespaces you may read."
            if what.namespace or what.verb == "watch"  # which is refused where listing is not
            else "Name the namespaces you may read: namespaces=[...], or --namespace."
        )
        text = f"You may not {what.verb} {what} of context {access.context!r}{reason}. {next_step}"
        return Forbidden(text, verb=what.verb, resource=what.resource, namespace=what.namespace)
    if status == 404:
        return NotFound(f"The API server {access.server} has no {what}{reason}. Check the name, and that the address is a Kubernetes API server.")
    if 300 <= status < 400:
        return ServerFault(
            f"The API server {access.server} answered with a redirect ({status}): a login page or proxy stands in between. Check the address in the kubeconfig."
        )
    if status == 410:
        return Expired(f"The API server {access.server} no longer knows what changed since {what} was read{reason}. Refresh to list anew.")
    wait_s = retry_after_s((headers or {}).get("Retry-After", ""), datetime.now(UTC))
    if status == 429 or (status == 503 and wait_s is not None):
        how_long = "a little" if wait_s is None else f"{math.ceil(wait_s)} s, as it asks"
        return Overloaded(f"The API server {access.server} is overloaded{reason}. Wait {how_long}, then refresh.", retry_after_s=wait_s)
    return ServerFault(f"The API server {access.server} failed to {what.verb} {what}{reason}. Refresh; if it stays, tell whoever runs the cluster.")


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait, which it says as a number or as a date (RFC 9110, 10.2.3); None when it says neither."""
    if re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    # A date whose zone is unknown (-0000) comes without one: it is in UTC all the same.
    return max((until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds(), 0.0)


def no_json(path: str, access: Access) -> HelmPanelError:
    """The error for a success whose body is no JSON, or not the JSON asked for."""
    return ServerFault(
        f"The API server {access.server} answered {path} with something that is no Kubernetes object. Check the address, and proxies in between."
    )


def connection_fault(cause: Exception, access: Access, timeout_s: float) -> HelmPanelError:
    """The error for a request that got no answer."""
    import aiohttp

    server = access.server
    if isinstance(cause, TimeoutError):
        return Unreachable(f"The API server {server} gave no answer within {timeout_s:g} s. Check the network or VPN, then refresh.")
    if isinstance(cause, aiohttp.ClientConnectorCertificateError | ssl.SSLCertVerificationError):
        found = getattr(cause, "certificate_error", cause)
        said = quoted(getattr(found, "verify_message", "") or "not trusted")
        return Unreachable(f"The certificate of the API server {server} is not accepted: {said}. Check certificate-authority and server in the kubeconfig.")
    if isinstance(cause, aiohttp.ClientSSLError | ssl.SSLError):
        return Unreachable(
            f"No secure connection to the API server {server}: it does not speak TLS, or wants a client certificate. Check the address in the kubeconfig."
        )
    if isinstance(cause, aiohttp.ClientConnectorDNSError):
        return Unreachable(f"The name of the API server {server} cannot be resolved. Check the network or VPN, and the address in the kubeconfig.")
    if isinstance(cause, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError):
        return Unreachable(f"The proxy on the way to the API server {server} does not answer. Check proxy-url in the kubeconfig and HTTPS_PROXY.")
    if isinstance(cause, aiohttp.ClientConnectorError):
        # os_error's own text names the call that failed, such as "Connect call failed ('127.0.0.1', 9)".
        why = os.strerror(cause.os_error.errno).lower() if cause.os_error.errno else "no connection"
        return Unreachable(f"The API server {server} cannot be reached: {why}. Check that it runs, and the network or VPN.")
    if isinstance(cause, aiohttp.InvalidURL):
        return Unreachable(f"The API server's address {server} is no valid address. Correct it in the kubeconfig.")
    return Unreachable(f"The connection to the API server {server} broke off ({type(cause).__name__}). Check the network or VPN, then refresh.")


def _message(body: bytes) -> str:
    try:
        document = json.loads(body)
    except ValueError:
        return ""  # HTML of a proxy says nothing that helps
    message = document.get("message") if isinstance(document, dict) else None
    return quoted(message) if isinstance(message, str) else ""
