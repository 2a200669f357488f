"""How an operation ended that had begun: stopped, its hooks, its wait; and the rest."""

from __future__ import annotations

from helmpanel.errors import FailureKind as K
from helmpanel.helm.rules.rule import rule

_HOOK = r"(?:pre|post)-(?:install|upgrade|rollback|delete)"
_LATE = r"timed out|deadline exceeded|InProgress"
# Helm 4 names the object, Helm 3 the job or pod, and neither always.
_NAMED_HOOK = (
    rf"(?:failed (?P<hook>{_HOOK})\b|(?P<older>{_HOOK}) hooks? failed).*?"
    r"(?:\bresource (?P<kind>\w+)/(?:[^/\s]+/)?(?P<name>\S+) not ready|\b(?P<sort>job|pod) (?P<called>\S+) failed\b)"
)
_KINDS = "deployment|statefulset|daemonset|replicaset|replicationcontroller|pod|job|service|persistentvolumeclaim|pvc"
_HELM3 = (
    rf"\b(?P<kind>{_KINDS})s? (?:(?:is )?(?:not (?:ready|bound|completed|available)|failed)|does not have [\w ]+): (?P<where>[\w-]+)/(?P<name>[\w.-]*\w)\.?"
)
_PODS = "Look at the pods and events in namespace {namespace}; then upgrade again, or roll back."

STOPPED = (
    rule(
        K.HELM_MISSING,
        r"not found|no such file|permission denied|cannot execute|exec format error",
        says="helm cannot be run on this machine ({said})",
        advice="Install helm, or name it with HELMPANEL_HELM.",
        codes=(126, 127),
    ),
    rule(
        K.HELM_MISSING,
        r"\bhelm\d?: command not found|exec: (?:\S*/)?helm\d?: (?:executable file not found|permission denied)",
        says="there is no helm to run",
        advice="Install helm, or name it with HELMPANEL_HELM.",
    ),
    rule(
        K.INTERRUPTED,
        r"\bcontext canceled\b|\bsignal: (?:interrupt|terminated|killed)\b|operation was canceled",
        says="it was stopped before it ended",
        advice="Look at the release again before you go on.",
    ),
)

READINESS = (
    rule(
        K.HOOK_FAILED,
        rf"{_NAMED_HOOK}.*(?:{_LATE})",
        says="its {hook}{older} hook ({kind}{sort} {name}{called}) did not finish in time",
        advice="Look at the hook's job and pods, or allow more time; then try again.",
    ),
    rule(
        K.HOOK_FAILED,
        rf"failed (?P<hook>{_HOOK})\b.*(?:{_LATE})",
        rf"(?P<older>{_HOOK}) hooks? failed.*(?:{_LATE})",
        says="its {hook}{older} hook did not finish in time",
        advice="Look at the hook's job and pods, or allow more time; then try again.",
    ),
    rule(
        K.HOOK_FAILED,
        _NAMED_HOOK,
        says="its {hook}{older} hook ({kind}{sort} {name}{called}) failed",
        advice="Look at the hook's job and pods; then try again.",
    ),
    rule(
        K.HOOK_FAILED,
        rf"failed (?P<hook>{_HOOK})\b",
        rf"(?P<older>{_HOOK}) hooks? failed",
        rf"hook (?P<named>{_HOOK})\b.* failed",
        says="its {hook}{older}{named} hook failed",
        advice="Look at the hook's job and pods; then try again.",
    ),
    rule(
        K.HOOK_FAILED,
        r"pod \S+ failed|not ready|timed out|deadline exceeded",
        says="its test failed: {said}",
        advice="Look at the test's pods.",
        verbs="test",
    ),
    rule(
        K.NOT_READY,
        r"resource (?P<kind>\w+)/(?P<where>[^/\s]+)/(?P<name>\S+) not ready",
        says="{kind} {name} in namespace {where} did not become ready in time",
        advice=_PODS,
    ),
    rule(
        K.NOT_READY,
        r"resource (?P<kind>\w+)/(?:(?P<where>[^/\s]+)/)?(?P<name>\S+) still exists",
        says="{kind} {name} is still there",
        advice="Look what holds it (its finalizers and pods), then try again.",
    ),
    # Helm 3 tells only its log (HELM_DEBUG) what it waited for.
    rule(
        K.NOT_READY,
        rf"{_HELM3} (?P<why>\d+ out of \d+ [\w ]+)",
        says="{kind} {name} in namespace {where} did not become ready in time ({why})",
        advice=_PODS,
    ),
    rule(K.NOT_READY, _HELM3, says="{kind} {name} in namespace {where} did not become ready in time", advice=_PODS),
    rule(
        K.NOT_READY,
        r"resource (?P<kind>\w+)/(?P<name>\S+) (?:not ready|did not)",
        r"resource not ready, name: (?P<other>[^,\s]+), kind: (?P<sort>\w+)",
        rf"\b(?P<one>{_KINDS})s?(?:\.\w+)*[ /](?P<called>[a-z0-9.-]+) (?:(?:is|was|did) )?"
        r"(?:not (?:ready|available|become ready|healthy)|exceeded its progress deadline|failed: )",
        r"\bjob failed: ",
        says="{kind}{sort}{one} {name}{other}{called} did not become ready: {said}",
        advice=_PODS,
    ),
    rule(
        K.TIMEOUT,
        r"deadline exceeded|\btimed out\b|\btimeout\b",
        says="it did not finish in time",
        advice=f"{_PODS} Allow more time if it is only slow.",
        verbs="upgrade install rollback uninstall",
    ),
    rule(K.TIMEOUT, r"deadline exceeded|\btimed out\b|\btimeout\b", says="it did not finish in time", advice="Try again, with more time."),
)

# No kind of their own, but better words than helm's.
REST = (
    rule(
        K.UNKNOWN,
        r"failed to delete release: \S+",
        says="helm could not delete its objects and does not say why; it is left as uninstalling",
        advice="Most often a right to delete them is missing: check that, then uninstall again.",
    ),
    rule(K.UNKNOWN, r"unknown (?:shorthand )?flag: (?P<flag>.*)", says="this helm does not know the flag {flag}", advice="Check which helm is used."),
    rule(
        K.UNKNOWN,
        r"invalid release name|release name \S+: invalid",
        says="helm does not take the release's name",
        advice="Names are lower-case letters, digits, dots and dashes, at most 53.",
    ),
    rule(K.UNKNOWN, r"\bpanic: |fatal error: ", says="helm itself crashed", advice="Try another version of helm; its log has the details."),
    rule(K.UNKNOWN, r"no space left on device", says="the disk of the machine that runs helm is full", advice="Make room, then try again."),
)
