"""helm's command lines, for Helm 3 and Helm 4. Pure: what helmpanel shows is what runs.

Every command that goes to a cluster names its context and its namespace; the current context is never relied on. `--kubeconfig` is passed only for one
explicit file: KUBECONFIG, which may list several, is left to helm. In a cluster there may be no context at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import ValuesMode

Argv = tuple[str, ...]
"""helm's arguments without the binary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The cluster a command goes to."""

    context: str | None
    """Name in the kubeconfig; None in a cluster, where there may be no kubeconfig."""
    kubeconfig: str | None = None
    """One explicit file; None leaves the environment's KUBECONFIG as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one major of helm says what both can do."""

    wait: str
    """Wait until resources are ready."""
    rollback_on_failure: str
    """Roll back when an upgrade fails; implies waiting on both."""


# facts/helm.md 3.1. What is not here reads the same on both, or is never passed: `list --all`, `status --show-desc` and `--recreate-pods` are gone from
# Helm 4; `--atomic` and a bare `--wait` still work there, the first with a warning.
DIALECTS = {
    3: Dialect(wait="--wait", rollback_on_failure="--atomic"),
    4: Dialect(wait="--wait=watcher", rollback_on_failure="--rollback-on-failure"),
}
NEWEST_KNOWN = max(DIALECTS)

VALUES_FLAGS = {
    ValuesMode.REUSE: "--reuse-values",
    ValuesMode.RESET_THEN_REUSE: "--reset-then-reuse-values",
    ValuesMode.RESET: "--reset-values",
}


def dialect(major: int) -> Dialect:
    """The table's row for a major; a newer helm than we know is spoken to like the newest we know."""
    return DIALECTS[min(major, NEWEST_KNOWN)]


def upgrade(
    release: ReleaseKey,
    target: Target,
    major: int,
    *,
    chart: str,
    version: str = "",
    mode: ValuesMode,
    has_values: bool,
    wait: bool,
    timeout_s: float,
    rollback_on_failure: bool = False,
) -> Argv:
    """`helm upgrade`. Values travel on standard input, never here.

    Args:
        release: What is upgraded.
        target: The cluster.
        major: helm's major.
        chart: `repository/chart`, `oci://...`, a path or a URL.
        version: Exact chart version, pre-releases included; empty for the newest (or for a path).
        mode: What happens to the values the release has.
        has_values: Whether a values text is sent on standard input.
        wait: Wait until resources are ready.
        timeout_s: helm's own limit for each step it waits for.
        rollback_on_failure: Go back to the last good revision when it fails.
    """
    says = dialect(major)
    flags = [VALUES_FLAGS[mode]]
    if version:
        flags[:0] = _flag("--version", version)
    if has_values:
        flags += ["-f", "-"]
    flags += _waiting(says, wait, timeout_s)
    if rollback_on_failure:
        flags.append(says.rollback_on_failure)
    return _command(("upgrade",), (release.name, chart), flags + _where(release.namespace, target))


def rollback(release: ReleaseKey, target: Target, major: int, *, revision: int, wait: bool, timeout_s: float) -> Argv:
    """`helm rollback` to one revision; always names it, as helm's "the one before" may be a failed one."""
    flags = _waiting(dialect(major), wait, timeout_s) + _where(release.namespace, target)
    return _command(("rollback",), (release.name, str(revision)), flags)


def uninstall(release: ReleaseKey, target: Target, major: int, *, keep_history: bool, wait: bool, timeout_s: float) -> Argv:
    """`helm uninstall`."""
    flags = ["--keep-history"] if keep_history else []
    return _command(("uninstall",), (release.name,), flags + _waiting(dialect(major), wait, timeout_s) + _where(release.namespace, target))


def list_releases(namespace: str | None, target: Target) -> Argv:
    """`helm list` as JSON: every release whatever its status, of a namespace or (None) of all, none cut off.

    Each status is named, since the majors differ in what they list by default and `--all` is gone from Helm 4; `--max 0` lifts the limit of 256.
    """
    flags = ["--deployed", "--failed", "--pending", "--superseded", "--uninstalled", "--uninstalling", "--max", "0", "--output", "json"]
    flags += ["--time-format", "2006-01-02T15:04:05.999999999Z07:00"]
    where = ["--all-namespaces"] if namespace is None else _flag("--namespace", namespace)
    return _command(("list",), (), [*flags, *where, *_cluster(target)])


def history(release: ReleaseKey, target: Target, *, limit: int = 256) -> Argv:
    """`helm history` as JSON, at most `limit` newest revisions."""
    return _command(("history",), (release.name,), ["--output", "json", "--max", str(limit), *_where(release.namespace, target)])


def get_values(release: ReleaseKey, target: Target, *, computed: bool = False, revision: int | None = None) -> Argv:
    """`helm get values` as YAML: what the user supplied, or everything the chart was rendered with."""
    flags = ["--all"] if computed else []
    return _get("values", release, target, [*flags, "--output", "yaml"], revision)


def get_manifest(release: ReleaseKey, target: Target, *, revision: int | None = None) -> Argv:
    """`helm get manifest`, hooks not included."""
    return _get("manifest", release, target, [], revision)


def get_notes(release: ReleaseKey, target: Target, *, revision: int | None = None) -> Argv:
    """`helm get notes`."""
    return _get("notes", release, target, [], revision)


def get_hooks(release: ReleaseKey, target: Target, *, revision: int | None = None) -> Argv:
    """`helm get hooks`: the manifests of all hooks, one after another."""
    return _get("hooks", release, target, [], revision)


def get_metadata(release: ReleaseKey, target: Target, *, revision: int | None = None) -> Argv:
    """`helm get metadata` as JSON: the cheap source for a chart's name and version, apart."""
    return _get("metadata", release, target, ["--output", "json"], revision)


def status(release: ReleaseKey, target: Target, *, revision: int | None = None) -> Argv:
    """`helm status` as JSON."""
    flags = ["--revision", str(revision)] if revision is not None else []
    return _command(("status",), (release.name,), [*flags, "--output", "json", *_where(release.namespace, target)])


def repo_list() -> Argv:
    """`helm repo list` as JSON. Exits 1 where there are none."""
    return ("repo", "list", "--output", "json")


def repo_update(names: Sequence[str] = ()) -> Argv:
    """`helm repo update`, of some repositories or all."""
    return _command(("repo", "update"), tuple(names), [])


def show_values(chart: str, *, version: str = "") -> Argv:
    """`helm show values`: a chart's defaults, comments kept."""
    return _command(("show", "values"), (chart,), _flag("--version", version) if version else [])


def seconds(timeout_s: float) -> str:
    """A Go duration: `300s`, `1.5s`; never an exponent."""
    return f"{timeout_s:.3f}".rstrip("0").rstrip(".") + "s"


def _get(what: str, release: ReleaseKey, target: Target, flags: Sequence[str], revision: int | None) -> Argv:
    numbered = ["--revision", str(revision)] if revision is not None else []
    return _command(("get", what), (release.name,), [*numbered, *flags, *_where(release.namespace, target)])


def _waiting(says: Dialect, wait: bool, timeout_s: float) -> list[str]:
    return [*([says.wait] if wait else []), "--timeout", seconds(timeout_s)]


def _where(namespace: str, target: Target) -> list[str]:
    return [*_flag("--namespace", namespace), *_cluster(target)]


def _cluster(target: Target) -> list[str]:
    flags: list[str] = []
    if target.context is not None:
        flags += _flag("--kube-context", target.context)
    if target.kubeconfig is not None:
        flags += _flag("--kubeconfig", target.kubeconfig)
    return flags


def _flag(name: str, value: str) -> list[str]:
    # helm parses its arguments twice, the first time skipping flags it does not know: there a value such as `-n` would count as a flag of its own.
    return [f"{name}={value}"] if value.startswith("-") else [name, value]


def _command(verb: Argv, names: Argv, flags: Sequence[str]) -> Argv:
    """Names before flags, as people write it; a name that begins with `-` goes behind `--`, where nothing is a flag (seen to work with both majors)."""
    if any(name.startswith("-") for name in names):
        return (*verb, *flags, "--", *names)
    return (*verb, *names, *flags)
