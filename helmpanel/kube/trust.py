"""TLS as a context asks for it: whom to trust, and our own certificate.

Written out here because kubernetes_asyncio keeps client keys in a temporary file for the life of the process, where a kill leaves them for good.
"""

from __future__ import annotations

import base64
import binascii
import re
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path

from helmpanel.errors import KubeconfigInvalid
from helmpanel.kube.kubeconfig import Access

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def trust(access: Access, user: Mapping[str, object]) -> ssl.SSLContext:
    """A TLS context with the cluster's CA and the user's certificate. Blocking: it reads files.

    Args:
        access: The context; its cluster block says whom to trust.
        user: Its user block, or what an exec plugin gave in its place.

    Raises:
        KubeconfigInvalid: A certificate or key is missing, broken, or locked by a password.
    """
    try:
        authority = _content(access.cluster, "certificate-authority")
        context = ssl.create_default_context(cadata=_certificates(authority) if authority else None)
        # OpenSSL's strict mode (Python 3.13 turns it on) refuses CAs that Go, and so helm, accepts.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        certificate, key = _content(user, "client-certificate"), _content(user, "client-key")
        if certificate:
            _present(context, certificate, key)
    except FileNotFoundError as cause:
        raise KubeconfigInvalid(
            f"The certificate or key file {cause.filename} of context {access.context!r} is missing. Correct the kubeconfig {access.origin}."
        ) from cause
    except (ssl.SSLError, binascii.Error, OSError, ValueError) as cause:
        raise KubeconfigInvalid(
            f"The certificates of context {access.context!r} cannot be used ({type(cause).__name__}). Correct the kubeconfig {access.origin}."
        ) from None
    if access.cluster.get("insecure-skip-tls-verify") is True:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _content(block: Mapping[str, object], name: str) -> bytes:
    """What `NAME-data` holds, else the file that `NAME` names; empty for neither."""
    if data := block.get(f"{name}-data"):
        return base64.b64decode("".join(str(data).split()), validate=True)
    return Path(str(block[name])).read_bytes() if block.get(name) else b""


def _certificates(pem: bytes) -> str:
    """The certificates alone: bundles carry comments in any encoding, which OpenSSL does not take."""
    found = _CERTIFICATE.findall(pem.decode("ascii", errors="replace"))
    if not found:
        raise ValueError("no certificate")
    return "\n".join(found)


def _present(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    # OpenSSL takes a client's key from a file only. 0700 folder, gone before the first request.
    with tempfile.TemporaryDirectory(prefix="helmpanel-") as folder:
        path = Path(folder) / "client.pem"
        path.write_bytes(certificate + b"\n" + key)
        context.load_cert_chain(path, password=_no_password)


def _no_password() -> str:
    # Without it OpenSSL would ask on the terminal and hang there.
    raise ValueError("the key is locked by a password")
