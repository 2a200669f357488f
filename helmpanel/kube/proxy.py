"""Which proxy leads to the server, decided as client-go decides it.

aiohttp would read the environment itself, but then also ~/.netrc, and send somebody's credentials for that host in place of the kubeconfig's.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from helmpanel.errors import KubeconfigInvalid
from helmpanel.kube.kubeconfig import Access


def proxy_of(access: Access, environ: Mapping[str, str]) -> str | None:
    """URL of the proxy: the kubeconfig's `proxy-url`, else HTTPS_PROXY or HTTP_PROXY where NO_PROXY does not except the server.

    Raises:
        KubeconfigInvalid: It is of a kind that cannot be used, such as SOCKS.
    """
    found = str(access.cluster.get("proxy-url") or "")
    if not found:
        parts = urlsplit(access.server)
        host = parts.hostname or ""
        found = "" if is_excepted(host, _variable(environ, "no_proxy")) else _variable(environ, f"{parts.scheme}_proxy")
    if found and not found.startswith(("http://", "https://")):
        raise KubeconfigInvalid(
            f"Context {access.context!r} is to be reached through a proxy that is not http(s), which helmpanel cannot use. Correct proxy-url or HTTPS_PROXY."
        )
    return found or None


def is_excepted(host: str, no_proxy: str) -> bool:
    """Whether a proxy of the environment is not for this host: loopback, or named in NO_PROXY by name, domain, address or network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    for entry in (part.strip().lower() for part in no_proxy.split(",")):
        if entry == "*" or (entry and (host == entry.lstrip(".") or host.endswith("." + entry.lstrip(".")))):
            return True
        if address is not None and "/" in entry:
            try:
                if address in ipaddress.ip_network(entry, strict=False):
                    return True
            except ValueError:
                continue
    return False


def _variable(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name.upper()) or environ.get(name) or ""
