"""What is said when there is no table to show: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from helmpanel.errors import Forbidden, HelmMissing, HelmPanelError, HelmTooOld, KubeconfigInvalid, Unauthorized, Unreachable
from helmpanel.model.filters import Filters
from helmpanel.model.table import ReleaseTable
from helmpanel.text import cut, mask_text

TRY_AGAIN = ("refresh", "Try again")

LONGEST_RAW = 2000
"""Characters of what the other side said: more than this nobody reads in a box."""


STORED_IN = {"secrets": "Secrets", "configmaps": "ConfigMaps"}
"""Where helm may keep its releases: plural of the API, and the word for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One whole-view state, ready for a StateCard."""

    icon: str
    title: str
    text: str
    raw: str = ""
    actions: tuple[tuple[str, str], ...] = (TRY_AGAIN,)
    copies: dict[str, str] = field(default_factory=dict)


def role_text(namespaces: Sequence[str] | None, storage: str = "secrets") -> str:
    """The role to ask for, as kubectl takes it: reading and following releases and the readiness of their workloads, nothing more.

    Args:
        namespaces: Where; None for the whole cluster.
        storage: secrets or configmaps, where helm keeps its releases.
    """
    rules = (
        f'rules:\n- apiGroups: [""]\n  resources: ["{storage}"]\n  verbs: ["get", "list", "watch"]\n'
        '- apiGroups: ["apps"]\n  resources: ["deployments", "statefulsets", "daemonsets"]\n  verbs: ["list", "watch"]\n'
        '- apiGroups: ["batch"]\n  resources: ["jobs"]\n  verbs: ["list", "watch"]\n'
        '- apiGroups: [""]\n  resources: ["pods"]\n  verbs: ["list"]\n'
    )
    if not namespaces:
        return f"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: helm-releases\n{rules}"
    head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: helm-releases\n  namespace: "
    return "---\n".join(f"{head}{name}\n{rules}" for name in namespaces)


def failure_word(error: HelmPanelError | None) -> str:
    """Why nothing is shown, in two words for the top bar."""
    if isinstance(error, Forbidden):
        return "No access"
    if isinstance(error, Unauthorized):
        return "Not signed in"
    return "Not connected" if isinstance(error, Unreachable) else "Not read"


def stale_words(table: ReleaseTable) -> dict[str, str]:
    """Title and text of the callout while the cluster cannot be read."""
    error = cut(mask_text(str(table.error or "")), 600)
    if table.since is None:  # some namespace was never read, the others are followed
        return {"title": "Not everything could be read", "text": f"{error} It is tried again by itself.".strip()}
    return {
        "title": f"The cluster has not been heard since {table.since:%H:%M:%S} UTC",
        "text": f"The rows are as they were then. {error} It is tried again by itself.".replace("  ", " "),
    }


def failed_state(error: HelmPanelError | None, context: str, namespaces: Sequence[str] | None) -> State:
    """Why no reading has succeeded, and a way on."""
    raw = cut(mask_text(str(error)), LONGEST_RAW) if error is not None else ""
    if isinstance(error, Forbidden):
        where = f"in {', '.join(namespaces)}" if namespaces else "across the cluster"
        storage = error.resource if error.resource in STORED_IN else "secrets"
        return State(
            icon="shield",
            title=f"You may not list releases in {context}",
            text=f"helm keeps releases in {STORED_IN[storage]}, and you may not list them {where}. "
            "Start helmpanel with the namespaces you have rights in, or ask for the role.",
            raw=raw,
            actions=(("role", "Copy the role"), TRY_AGAIN),
            copies={"role": role_text(namespaces, storage)},
        )
    icon, title, text = "error", f"The releases of {context} could not be read", "What the cluster answered stands below."
    if isinstance(error, Unauthorized):
        icon, title = "lock", f"{context} does not accept your credentials"
        text = "Your sign-in has ended, or it is for another cluster. Sign in again as you do for kubectl, then try again."
    elif isinstance(error, Unreachable):
        icon, title = "unreachable", f"{context} does not answer"
        text = "Your VPN or your sign-in may have ended, or the cluster is down. It is tried again by itself."
    elif isinstance(error, KubeconfigInvalid):
        icon, title = "file", "The kubeconfig cannot be used"
        text = "It says where the cluster is and who you are. Mend what is named below, or start with another one (--kubeconfig, --context)."
    elif isinstance(error, HelmMissing):
        icon, title = "box", "helm was not found"
        text = "helmpanel drives your own helm. Install it, or name it with HELMPANEL_HELM, then try again."
    elif isinstance(error, HelmTooOld):
        icon, title, text = "box", "This helm is too old", "helmpanel needs helm 3.14 or newer. Update it, or name another one with HELMPANEL_HELM."
    return State(icon=icon, title=title, text=text, raw=raw)


def empty_state(context: str, namespaces: Sequence[str] | None) -> State:
    """The cluster was read and holds no release."""
    where = "here"
    if namespaces:
        where = f"in {namespaces[0]}" if len(namespaces) == 1 else f"in the {len(namespaces)} namespaces looked at"
    return State(
        icon="box",
        title=f"No releases in {context}",
        text=f"helm has not installed anything {where}. Install a chart with helm and it appears here by itself.",
        actions=(("refresh", "Refresh"),),
    )


def no_match_state(filters: Filters) -> State:
    """There are releases, but the filters let none through."""
    names = filters.namespaces
    where = "Nothing"
    if len(names) > 3:
        where = f"Nothing in these {len(names)} namespaces"
    elif names:
        where = f"Nothing in {' or '.join(names)}"
    conditions = []
    if filters.text.strip():
        conditions.append(f"has “{cut(filters.text.strip(), 60)}” in its name or chart")
    if filters.statuses:
        conditions.append(f"is {' or '.join(dict.fromkeys(group.value.capitalize() for group in filters.statuses))}")
    if filters.upgrade_available:
        conditions.append("has an upgrade available")
    text = f"{where} {' and '.join(conditions)}." if conditions else f"{where} is a release."
    return State(icon="filter", title="No release matches", text=text, actions=(("clear", "Clear filters"),))
