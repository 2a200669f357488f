"""The release itself: there or not, taken, busy."""

from __future__ import annotations

from helmpanel.errors import FailureKind as K
from helmpanel.helm.rules.rule import rule

_LOOK = "Look at the release again before you go on."
_PRUNED = "Choose one of its history; old ones are pruned."

RELEASES = (
    rule(
        K.BUSY,
        r"another operation \(install/upgrade/rollback\) is in progress",
        says="another operation on it is in progress, or died in the middle",
        advice="Wait for it to end. If nobody is changing it, roll back to the last good revision to free it.",
    ),
    # Two helms that start at once collide on the name of the new revision's Secret.
    rule(
        K.BUSY,
        r"(?:secrets?|configmaps?) sh\.helm\.release\.v1\.\S+ already exists",
        r"operation cannot be fulfilled on \S+ sh\.helm\.release",
        says="somebody else changed it at the same moment",
        advice=_LOOK,
    ),
    rule(K.BUSY, r"release: already exists", says="somebody else changed it at the same moment", advice=_LOOK, verbs="upgrade rollback uninstall"),
    rule(
        K.NAME_IN_USE,
        r"cannot re-?use a name that is still in use|release: already exists",
        says="the name is taken",
        advice="Choose another name, or upgrade it.",
    ),
    rule(
        K.UNINSTALLING,
        r"failed to purge the release: .*not found|release \S* ?is (?:being uninstalled|uninstalling)",
        says="somebody else is uninstalling it, or just has",
        advice="Refresh to see whether it is gone.",
    ),
    rule(
        K.NAMESPACE_MISSING,
        r"\bnamespaces? (?P<name>\S+) (?:not found|does not exist)",
        says="there is no namespace {name}",
        advice="Check its name and the context, or have it created.",
    ),
    rule(K.NO_SUCH_REVISION, r"release has no (?P<number>-?\d+) version", says="it has no revision {number}", advice=_PRUNED),
    rule(K.NO_SUCH_REVISION, r"could not convert revision to a number", says="{said}", advice="Give a revision as a number, such as 3."),
    rule(K.NO_SUCH_REVISION, r"no revision for release|\brevision \S+ (?:was )?not found", says="it has no revision {revision}", advice=_PRUNED),
    # helm says the same of a revision as of a release. A rollback is no such case: it has words of its own for a revision.
    rule(
        K.NO_SUCH_REVISION,
        r"release: not found",
        says="it has no revision {revision}, or is gone itself",
        advice="Refresh, then choose one of its history.",
        verbs="get status",
        with_revision=True,
    ),
    rule(
        K.NOT_FOUND,
        r"\bhas no deployed releases",
        says="there is no such release, or no revision of it was ever deployed",
        advice="Refresh. If it is listed as failed, uninstall it and install it again.",
    ),
    rule(K.NOT_FOUND, r"release named \S+ is already deleted", says="it is uninstalled already; only its history is kept", advice="Refresh."),
    rule(
        K.NOT_FOUND,
        r"release: not found|release not loaded: .*not found|release \S+ not found|release name \S+ not found",
        says="there is no such release (any more)",
        advice="Refresh, and check namespace and context.",
    ),
)
