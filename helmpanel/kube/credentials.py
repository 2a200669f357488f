"""Logging in: from a resolved context to the headers, certificates and proxy that a session needs."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from helmpanel.errors import KubeconfigInvalid, Unauthorized
from helmpanel.kube.exec_plugin import run_plugin
from helmpanel.kube.kubeconfig import Access
from helmpanel.kube.proxy import proxy_of
from helmpanel.kube.trust import trust

FILE_TOKEN_AGE = timedelta(minutes=1)
"""A token file is read again after this: the kubelet renews a pod's token in place."""
SKEW = timedelta(seconds=10)
"""A credential counts as expired this long before its end, for clocks that differ; client-go allows nothing. Never more than half its life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What a session needs, good until `renew_at`."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    tls: ssl.SSLContext | None
    """None over plain http."""
    tls_name: str | None
    """Name that the server's certificate is for, where it is not the host's."""
    proxy: str | None = field(repr=False)
    renew_at: datetime | None
    """UTC; None when nothing says that it ends."""

    def is_over(self, now: datetime) -> bool:
        """Whether it is time to log in again."""
        return self.renew_at is not None and now >= self.renew_at


async def log_in(access: Access, *, limit_s: float, environ: Mapping[str, str] = os.environ) -> Login:
    """Collect the credentials of a context, running its exec plugin when it has one.

    Args:
        access: The context.
        limit_s: For the exec plugin.
        environ: Environment of the exec plugin.

    Raises:
        KubeconfigInvalid: A certificate, key or file is missing or broken, or a kind of login is not supported.
        Unauthorized: The exec plugin or a stored login gave no usable credential.
    """
    user = dict(access.user) if access.is_encrypted else {}
    renew_at: datetime | None = None
    started = datetime.now(UTC)
    # client-go's order: a token file beats a token, and both beat whatever would have to be asked.
    token = str(user.get("token") or "")
    address = urlsplit(str(access.cluster["server"]))
    if user.get("tokenFile"):
        token = await asyncio.to_thread(_token_of_file, access, Path(str(user["tokenFile"])))
        renew_at = started + FILE_TOKEN_AGE
    elif token or user.get("username"):
        pass
    elif address.username:  # as Go's own http client takes them
        user |= {"username": unquote(address.username), "password": unquote(address.password or "")}
    elif user.get("auth-provider"):
        token = _provider_token(access, user["auth-provider"], started)
    elif user.get("exec"):
        given = await run_plugin(access, limit_s=limit_s, environ=environ)
        token = given.token
        if given.certificate:
            user |= {"client-certificate-data": _b64(given.certificate), "client-key-data": _b64(given.key)}
        if given.expires:
            renew_at = given.expires - min(SKEW, max(given.expires - started, timedelta()) / 2)
    headers = [*access.impersonation]
    if token:
        headers.append(("Authorization", f"Bearer {token}"))
    elif user.get("username"):
        basic = f"{user['username']}:{user.get('password', '')}"
        headers.append(("Authorization", f"Basic {_b64(basic)}"))
    return Login(
        headers=tuple(headers),
        tls=await asyncio.to_thread(trust, access, user) if access.is_encrypted else None,
        tls_name=str(access.cluster.get("tls-server-name") or "") or None,
        proxy=proxy_of(access, environ),
        renew_at=renew_at,
    )


def _token_of_file(access: Access, path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as cause:
        raise KubeconfigInvalid(
            f"The token file {path} of context {access.context!r} cannot be read ({type(cause).__name__}). Check the file and its permissions."
        ) from cause
    if not token:
        raise KubeconfigInvalid(f"The token file {path} of context {access.context!r} is empty. Log in again, then refresh.")
    return token


def _provider_token(access: Access, entry: object, now: datetime) -> str:
    """The stored token of an old `auth-provider: oidc` entry, while it holds.

    Renewing it is left to helm and kubectl, which also store the new refresh token: a second party that renews it could lock the user out.
    """
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or name != "oidc":
        raise KubeconfigInvalid(
            f"Context {access.context!r} logs in by the auth-provider {name!r}, which helm no longer supports either. Use an exec plugin instead."
        )
    config = entry.get("config")
    token = str(config.get("id-token") or "") if isinstance(config, dict) else ""
    if not token or _jwt_end(token) <= now:
        raise Unauthorized(
            f"The OIDC login of context {access.context!r} has expired. Run any kubectl or helm command with this context to renew it, then refresh."
        )
    return token


def _jwt_end(token: str) -> datetime:
    """`exp` of a JWT; the far future when it says none, the far past when it is no JWT."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        return datetime.fromtimestamp(claims["exp"], UTC) if "exp" in claims else datetime.max.replace(tzinfo=UTC)
    except (ValueError, IndexError, TypeError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
