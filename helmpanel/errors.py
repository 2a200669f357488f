"""Every error helmpanel raises on purpose: what happened, to what, what to do next."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helmpanel.model.keys import ReleaseKey


class FailureKind(StrEnum):
    """What went wrong with a helm command, as far as its words tell."""

    HELM_MISSING = "helm-missing"
    KUBECONFIG_INVALID = "kubeconfig-invalid"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NAMESPACE_MISSING = "namespace-missing"
    NOT_FOUND = "not-found"
    NO_SUCH_REVISION = "no-such-revision"
    NAME_IN_USE = "name-in-use"
    BUSY = "busy"
    UNINSTALLING = "uninstalling"
    CHART_NOT_FOUND = "chart-not-found"
    CHART_INVALID = "chart-invalid"
    VALUES_INVALID = "values-invalid"
    SCHEMA_INVALID = "schema-invalid"
    TIMEOUT = "timeout"
    HOOK_FAILED = "hook-failed"
    NOT_READY = "not-ready"
    CONFLICT = "conflict"
    OWNERSHIP = "ownership"
    IMMUTABLE_FIELD = "immutable-field"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"


class HelmPanelError(Exception):
    """Root of the tree. Its text is a sentence for a person; it carries no secret and no raw server text beyond a cut."""


class SettingsInvalid(HelmPanelError):
    """A setting, argument or environment variable that cannot be used."""


class HelmMissing(HelmPanelError):
    """No helm binary was found, or the one named cannot be run."""


class HelmTooOld(HelmPanelError):
    """The helm found is below the oldest supported version (3.14)."""


class KubeconfigInvalid(HelmPanelError):
    """The kubeconfig is missing, broken, empty, or does not hold the context asked for."""


class Unreachable(HelmPanelError):
    """The API server did not answer: refused, timed out, or not trusted."""


class Unauthorized(HelmPanelError):
    """The API server does not accept the credentials (401)."""


class Forbidden(HelmPanelError):
    """The identity may not do this (403).

    Attributes:
        verb: What was asked, such as `list`.
        resource: Plural resource, such as `secrets`.
        namespace: Where; None for the whole cluster.
    """

    def __init__(self, message: str, *, verb: str, resource: str, namespace: str | None) -> None:
        super().__init__(message)
        self.verb = verb
        self.resource = resource
        self.namespace = namespace


class NotFound(HelmPanelError):
    """The API server has no such object or resource (404)."""


class NamespaceMissing(HelmPanelError):
    """A namespace that was named does not exist."""


class ServerFault(HelmPanelError):
    """The API server answered with an error that is none of the above (409, 500, a body that is no JSON)."""


class Expired(ServerFault):
    """The API server no longer knows what changed since the version asked for (410): list again."""


class Overloaded(ServerFault):
    """The API server asks to be left alone for a while (429, or 503 with Retry-After).

    Attributes:
        retry_after_s: Seconds to wait; None when it did not say.
    """

    def __init__(self, message: str, *, retry_after_s: float | None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ReleaseNotFound(HelmPanelError):
    """The release, or the revision of it, is not in the cluster (any more)."""

    @classmethod
    def of(cls, key: ReleaseKey, revision: int | None = None) -> ReleaseNotFound:
        """The one sentence for it, on a screen as in a script."""
        if revision is not None:
            return cls(f"Revision {revision} of {key} is not stored in context {key.context!r}. Look at the release's history for those that are.")
        return cls(f"There is no release {key} in context {key.context!r}. Check namespace and name; if they are right, it was uninstalled.")


class ReleaseBusy(HelmPanelError):
    """A release takes one operation at a time."""

    def __init__(self, key: ReleaseKey, running: str) -> None:
        super().__init__(f"{key} is being changed ({running}). Wait for it, or cancel it first.")
        self.key = key
        self.running = running


class ReleaseMoved(HelmPanelError):
    """The release changed after the person confirmed: the plan was made for another revision."""

    def __init__(self, key: ReleaseKey, planned_for: int, found: int | None) -> None:
        now = f"it is at revision {found} now" if found is not None else "it is gone now"
        super().__init__(f"{key} changed since you confirmed: the plan was made for revision {planned_for}, {now}. Look at it again, then confirm again.")
        self.key = key
        self.planned_for = planned_for
        self.found = found


class NotAllowed(HelmPanelError):
    """helmpanel itself refuses, for example because it is served read-only."""


class ValuesInvalid(HelmPanelError):
    """The values text cannot be used.

    Attributes:
        line: 1-based line of the fault; None when it has no place.
        column: 1-based column; None when it has no place.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class PlanInvalid(HelmPanelError):
    """What was asked cannot be planned: no chart, an unknown mode, a timeout below a second."""


class ChartSourceFault(HelmPanelError):
    """A repository, registry or chart path could not be read."""


class HelmFailure(HelmPanelError):
    """A helm command that failed.

    Attributes:
        kind: The specific cause, see FailureKind.
        command: argv without the binary. Never holds a value: values travel on standard input.
        rc: Exit code; None when helm did not start or its end is not known.
        raw: What helm wrote to stderr, whole and unmasked: mask before showing.
    """

    def __init__(self, message: str, *, kind: FailureKind, command: Sequence[str], rc: int | None, raw: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.command = tuple(command)
        self.rc = rc
        self.raw = raw
