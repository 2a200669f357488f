"""Kubeconfig files for the sandbox's users."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from pathlib import Path

    from helmpanel.sandbox.users import User


def write_kubeconfig(path: Path, *, url: str, authority: bytes, user: User, context: str, namespace: str | None) -> Path:
    """Write one cluster, one user and one context.

    Args:
        path: File to write; readable by its owner only, for it holds a token.
        authority: PEM of the certificate authority that signed the server's certificate.
        namespace: Namespace of the context; None leaves it out.
    """
    named = {"cluster": context, "user": user.name, **({"namespace": namespace} if namespace else {})}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": context, "cluster": {"server": url, "certificate-authority-data": base64.b64encode(authority).decode()}}],
        "users": [{"name": user.name, "user": {"token": user.token}}],
        "contexts": [{"name": context, "context": named}],
        "current-context": context,
    }
    path.touch(mode=0o600)
    # JSON is YAML too.
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return path
