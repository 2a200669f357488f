"""Which cluster, as whom: a kubeconfig read the way client-go reads it, so that helm and helmpanel agree.

Rules taken from client-go's clientcmd: an explicit file must exist; files listed in KUBECONFIG may be missing; the first file to name something wins; a
path inside a file is relative to that file; without any file the pod's own service account is used. Reads files only, no network, no client library.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import yaml

from helmpanel.errors import KubeconfigInvalid
from helmpanel.kube.impersonation import impersonation_headers

Block: TypeAlias = Mapping[str, object]

IN_CLUSTER = "in-cluster"
"""Name of the context where there is no kubeconfig."""
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where Kubernetes puts a pod's own token, CA and namespace."""
NAMES_SHOWN = 10
"""Contexts named in a sentence; a portal's kubeconfig may hold hundreds."""

_PATH_KEYS = {"cluster": ("certificate-authority",), "user": ("client-certificate", "client-key", "tokenFile")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One context, resolved: where to go and with which credentials. Its repr holds no secret."""

    context: str
    server: str
    """Address without credentials, for people."""
    namespace: str
    """The context's own namespace; `default` where it names none."""
    origin: str
    """Files the context came from, for sentences; empty in a cluster."""
    cluster: Block = field(repr=False)
    """The kubeconfig's cluster block, paths made absolute."""
    user: Block = field(repr=False)
    """The kubeconfig's user block, paths made absolute; empty when the context names no user."""
    impersonation: tuple[tuple[str, str], ...] = ()
    """Headers for `as:`, which no Python client sends by itself; helm does."""

    @property
    def is_in_cluster(self) -> bool:
        """Whether there is no kubeconfig and the pod's service account is used."""
        return not self.origin

    @property
    def is_encrypted(self) -> bool:
        """Whether the server is reached over TLS. Without it client-go sends no credentials, and neither do we."""
        return str(self.cluster["server"]).startswith("https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubeconfig:
    """One or several files, merged."""

    origin: str
    current: str
    contexts: Mapping[str, Block]
    clusters: Mapping[str, Block]
    users: Mapping[str, Block]


def load_access(
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    service_account: Path = SERVICE_ACCOUNT,
) -> Access:
    """The context named, or the current one, of one explicit file, KUBECONFIG, `~/.kube/config`, or the pod's own service account.

    Raises:
        KubeconfigInvalid: Missing, broken or empty, or without the context or what it points to.
    """
    paths = [Path(kubeconfig).expanduser()] if kubeconfig else kubeconfig_paths(environ)
    found = [path for path in paths if path.exists()]
    if not found:
        if kubeconfig:
            raise KubeconfigInvalid(
                f"The kubeconfig {paths[0]} does not exist. Name another with --kubeconfig, or ask for a file from whoever runs the cluster."
            )
        if environ.get("KUBERNETES_SERVICE_HOST") and (service_account / "token").exists() and context in (None, IN_CLUSTER):
            return _in_cluster(environ, service_account)
        looked = ", ".join(str(path) for path in paths)
        raise KubeconfigInvalid(f"No kubeconfig was found (looked for {looked}). Name one with --kubeconfig or the variable KUBECONFIG.")
    return access(read_files(found), context)


def kubeconfig_paths(environ: Mapping[str, str]) -> list[Path]:
    """Files of KUBECONFIG, in order; without it the default one."""
    listed = [part for part in environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    if listed:
        return [Path(part).expanduser() for part in listed]
    home = environ.get("HOME")
    return [(Path(home) if home else Path.home()) / ".kube" / "config"]


def read_files(paths: list[Path]) -> Kubeconfig:
    """The files merged: whoever names something first wins.

    Raises:
        KubeconfigInvalid: One of them cannot be read, is no YAML, or is no kubeconfig.
    """
    current = ""
    merged: dict[str, dict[str, Block]] = {"contexts": {}, "clusters": {}, "users": {}}
    for path in paths:
        document = _document(path)
        current = current or str(document.get("current-context") or "")
        for section, kind in (("contexts", "context"), ("clusters", "cluster"), ("users", "user")):
            for name, block in _named(document.get(section), section, kind, path).items():
                merged[section].setdefault(name, _absolute(block, kind, path.parent))
    return Kubeconfig(origin=", ".join(str(path) for path in paths), current=current, **merged)


def access(config: Kubeconfig, context: str | None) -> Access:
    """The context named, or the current one, with its cluster and user.

    Raises:
        KubeconfigInvalid: There is no such context, or it points to something that is not there.
    """
    if not config.contexts:
        raise KubeconfigInvalid(f"The kubeconfig {config.origin} holds no context: it is empty. Name another with --kubeconfig or the variable KUBECONFIG.")
    names = sorted(config.contexts)
    shown = ", ".join(names[:NAMES_SHOWN]) + (f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else "")
    name = context or config.current
    if not name:
        raise KubeconfigInvalid(f"The kubeconfig {config.origin} has no current context. Name one of: {shown}.")
    if name not in config.contexts:
        named = "" if context else ", which it names as the current one"
        raise KubeconfigInvalid(f"The kubeconfig {config.origin} has no context {name!r}{named}. It has: {shown}.")
    chosen = config.contexts[name]
    cluster_name, user_name = str(chosen.get("cluster") or ""), str(chosen.get("user") or "")
    cluster = config.clusters.get(cluster_name)
    if cluster is None:
        raise KubeconfigInvalid(
            f"Context {name!r} points to the cluster {cluster_name!r}, which the kubeconfig {config.origin} does not hold. Correct the file."
        )
    if user_name and user_name not in config.users:
        raise KubeconfigInvalid(f"Context {name!r} points to the user {user_name!r}, which the kubeconfig {config.origin} does not hold. Correct the file.")
    server = str(cluster.get("server") or "").rstrip("/")
    if not server:
        raise KubeconfigInvalid(f"The cluster {cluster_name!r} of context {name!r} has no server address. Correct the kubeconfig {config.origin}.")
    if "://" not in server:  # client-go takes a bare host and port as well
        has_tls = any(cluster.get(key) for key in ("certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify"))
        server = f"{'https' if has_tls else 'http'}://{server}"
    user = config.users.get(user_name, {})
    return Access(
        context=name,
        server=without_credentials(server),
        namespace=str(chosen.get("namespace") or "default"),
        origin=config.origin,
        cluster={**cluster, "server": server},
        user=user,
        impersonation=impersonation_headers(user),
    )


def without_credentials(address: str) -> str:
    """A URL with user, password, query and fragment taken out."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _in_cluster(environ: Mapping[str, str], folder: Path) -> Access:
    host, port = environ["KUBERNETES_SERVICE_HOST"], environ.get("KUBERNETES_SERVICE_PORT") or "443"
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    named = folder / "namespace"
    return Access(
        context=IN_CLUSTER,
        server=server,
        namespace=(named.read_text(encoding="utf-8").strip() if named.exists() else "") or "default",
        origin="",
        cluster={"server": server, "certificate-authority": str(folder / "ca.crt")},
        user={"tokenFile": str(folder / "token")},
    )


def _document(path: Path) -> Block:
    try:
        # bytes: PyYAML finds the encoding itself, a byte order mark included
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except OSError as cause:
        raise KubeconfigInvalid(
            f"The kubeconfig {path} cannot be read: {cause.strerror or type(cause).__name__}. Check the file and its permissions."
        ) from cause
    except (yaml.YAMLError, ValueError) as cause:
        # The mark's own text would quote the line, and the line may hold a token.
        mark = getattr(cause, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""
        raise KubeconfigInvalid(f"The kubeconfig {path} is broken: it is no valid YAML{where}. Correct it, or name another with --kubeconfig.") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise KubeconfigInvalid(
            f"The kubeconfig {path} is broken: it holds no mapping but {type(document).__name__}. Correct it, or name another with --kubeconfig."
        )
    return document


def _named(items: object, section: str, kind: str, path: Path) -> dict[str, Block]:
    if items is None:
        return {}
    if not isinstance(items, list):
        raise KubeconfigInvalid(f"The kubeconfig {path} is broken: {section} is no list. Correct it, or name another with --kubeconfig.")
    found: dict[str, Block] = {}
    for item in items:
        if not isinstance(item, dict) or not item.get("name"):
            raise KubeconfigInvalid(f"The kubeconfig {path} is broken: an entry of {section} has no name. Correct it, or name another with --kubeconfig.")
        block = item.get(kind) or {}
        if not isinstance(block, dict):
            raise KubeconfigInvalid(f"The kubeconfig {path} is broken: {kind} {item['name']!r} is no mapping. Correct it, or name another with --kubeconfig.")
        found.setdefault(str(item["name"]), block)
    return found


def _absolute(block: Block, kind: str, folder: Path) -> Block:
    paths = {key: str(folder.absolute() / Path(str(block[key])).expanduser()) for key in _PATH_KEYS.get(kind, ()) if block.get(key)}
    plugin = block.get("exec")
    if kind == "user" and isinstance(plugin, dict) and os.sep in str(plugin.get("command", "")):
        # A bare command is looked for on PATH, one with a slash relative to the file.
        return {**block, **paths, "exec": {**plugin, "command": str(folder.absolute() / str(plugin["command"]))}}
    return {**block, **paths}
