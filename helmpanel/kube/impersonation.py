"""Acting as somebody else: a kubeconfig's `as:` fields as request headers."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

# https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
_LEGAL = "!#$&'*+-.^_`|~"


def impersonation_headers(user: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Headers for `as`, `as-uid`, `as-groups` and `as-user-extra` of a kubeconfig's user block; groups and extras may repeat.

    helm (client-go) sends them, no Python client does: without them reads and writes would go as two different people.
    """
    headers: list[tuple[str, str]] = []
    if name := user.get("as"):
        headers.append(("Impersonate-User", str(name)))
    if uid := user.get("as-uid"):
        headers.append(("Impersonate-Uid", str(uid)))
    groups = user.get("as-groups")
    headers += [("Impersonate-Group", str(group)) for group in (groups if isinstance(groups, list) else ())]
    extra = user.get("as-user-extra")
    for key, values in (extra if isinstance(extra, dict) else {}).items():
        # A header name takes few characters: the API server reads the rest percent-encoded.
        name = "Impersonate-Extra-" + quote(str(key), safe=_LEGAL)
        headers += [(name, str(value)) for value in (values if isinstance(values, list) else [values])]
    return tuple(headers)
