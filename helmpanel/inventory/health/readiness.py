"""One workload as the API gives it, and what it says of its readiness: the rules of `kubectl rollout status`. Pure; never raises, whatever it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from helmpanel.inventory.health.fields import Fields, condition, count, fields, items, text
from helmpanel.inventory.health.reasons import kept
from helmpanel.model.health import Health, HealthState, Workload
from helmpanel.text import cut

SELECTOR = "app.kubernetes.io/managed-by=Helm"
RELEASE_NAME = "meta.helm.sh/release-name"
RELEASE_NAMESPACE = "meta.helm.sh/release-namespace"
ROLLING_OUT = "rolling out"
TERMINATING = "terminating"
PAUSED = "paused"
SUSPENDED = "suspended"
LONGEST_NAME = 253
LONGEST_SELECTOR = 2000
"""Characters of a labelSelector that are sent: it travels in an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is kept of one workload: equal as long as nothing changed that matters here."""

    workload: Workload
    release: tuple[str, str] | None
    """Namespace and name of the release that it belongs to, by Helm's own label and annotations; None when they are not (any more) there."""
    uid: str
    generation: int
    """Of what is wanted: another one, another rollout."""
    pods: str
    """labelSelector of its pods; empty when it selects none, or says nothing that can be asked for."""
    where: tuple[str, str, str] = field(init=False)
    """Kind, namespace and name: its place among all."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", (self.workload.kind, self.workload.namespace, self.workload.name))


def found(kind: str, obj: object) -> Found | None:
    """One object of a list or watch; None for what has no name.

    Args:
        kind: Deployment, StatefulSet, DaemonSet or Job: items of lists do not say.
        obj: As the API gives it.
    """
    document = fields(obj)
    metadata = fields(document.get("metadata"))
    namespace, name = (cut(text(metadata.get(key)), LONGEST_NAME) for key in ("namespace", "name"))
    if not name:
        return None
    return Found(
        workload=Workload(kind=kind, namespace=namespace, name=name, health=_health(kind, document, metadata)),
        release=_release(metadata),
        uid=cut(text(metadata.get("uid")), LONGEST_NAME),
        generation=count(metadata.get("generation")),
        pods=_label_selector(fields(fields(document.get("spec")).get("selector"))),
    )


def _health(kind: str, document: Fields, metadata: Fields) -> Health:
    spec, status = fields(document.get("spec")), fields(document.get("status"))
    health = _RULES[kind](spec, status)
    if metadata.get("deletionTimestamp"):
        return _progressing(health.ready, health.wanted, TERMINATING)
    # A Job tells of no generation. The others may still speak of what was wanted before.
    if kind != "Job" and count(status.get("observedGeneration")) < count(metadata.get("generation")):
        return _progressing(health.ready, health.wanted)
    return health


def _deployment(spec: Fields, status: Fields) -> Health:
    wanted = count(spec.get("replicas"), 1)
    total, updated, available = (count(status.get(key)) for key in ("replicas", "updatedReplicas", "availableReplicas"))
    ready = min(count(status.get("readyReplicas")), wanted)
    if updated >= wanted and total <= updated and available >= updated:
        return _healthy(ready, wanted)
    progressing, failure = condition(status, "Progressing"), condition(status, "ReplicaFailure")
    if failure.get("status") == "True":
        return _degraded(ready, wanted, kept(failure.get("reason"), "ReplicaFailure"))
    if progressing.get("status") == "False" and progressing.get("reason") == "ProgressDeadlineExceeded":
        return _degraded(ready, wanted, "ProgressDeadlineExceeded")
    return _progressing(ready, wanted, PAUSED if spec.get("paused") is True else "")


def _stateful_set(spec: Fields, status: Fields) -> Health:
    wanted = count(spec.get("replicas"), 1)
    strategy = fields(spec.get("updateStrategy"))
    partition = count(fields(strategy.get("rollingUpdate")).get("partition"))
    ready = min(count(status.get("readyReplicas")), wanted)
    # Servers before 1.22 do not tell how many are available.
    available = count(status.get("availableReplicas"), ready)
    is_updated = True
    if strategy.get("type") == "OnDelete":
        pass  # somebody deletes the old pods when it suits them
    elif partition:
        is_updated = count(status.get("updatedReplicas")) >= wanted - partition
    elif wanted:
        is_updated = status.get("updateRevision") == status.get("currentRevision")
    if is_updated and ready >= wanted and available >= wanted and count(status.get("replicas")) <= wanted:
        return _healthy(ready, wanted)
    return _progressing(ready, wanted)


def _daemon_set(spec: Fields, status: Fields) -> Health:
    wanted = count(status.get("desiredNumberScheduled"))
    ready = min(count(status.get("numberReady")), wanted)
    is_on_delete = fields(spec.get("updateStrategy")).get("type") == "OnDelete"
    is_updated = is_on_delete or count(status.get("updatedNumberScheduled")) >= wanted
    if is_updated and count(status.get("numberAvailable")) >= wanted:
        return _healthy(ready, wanted)
    return _progressing(ready, wanted)


def _job(spec: Fields, status: Fields) -> Health:
    if condition(status, "Complete").get("status") == "True":
        return _healthy(1, 1)
    # FailureTarget comes before Failed, while the last pods are being ended.
    for kind in ("Failed", "FailureTarget"):
        failed = condition(status, kind)
        if failed.get("status") == "True":
            return _degraded(0, 1, kept(failed.get("reason"), "Failed"))
    return _progressing(0, 1, SUSPENDED if spec.get("suspend") is True else "running" if count(status.get("active")) else "not started")


_RULES: Mapping[str, Callable[[Fields, Fields], Health]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
}


def _healthy(ready: int, wanted: int) -> Health:
    return Health(state=HealthState.HEALTHY, ready=ready, wanted=wanted)


def _progressing(ready: int, wanted: int, reason: str = "") -> Health:
    return Health(state=HealthState.PROGRESSING, ready=ready, wanted=wanted, reason=reason or counted(ready, wanted))


def _degraded(ready: int, wanted: int, reason: str) -> Health:
    return Health(state=HealthState.DEGRADED, ready=ready, wanted=wanted, reason=reason)


def counted(ready: int, wanted: int) -> str:
    """Why something that is on its way is not there yet."""
    return f"{ready} of {wanted} ready" if ready < wanted else ROLLING_OUT


def _release(metadata: Fields) -> tuple[str, str] | None:
    annotations = fields(metadata.get("annotations"))
    namespace, name = (cut(text(annotations.get(key)), LONGEST_NAME) for key in (RELEASE_NAMESPACE, RELEASE_NAME))
    is_helms = fields(metadata.get("labels")).get("app.kubernetes.io/managed-by") == "Helm"
    return (namespace, name) if namespace and name and is_helms else None


def _label_selector(selector: Fields) -> str:
    """A selector as it is written in an address; empty when it cannot be: half of one would tell of other workloads' pods."""
    terms = []
    for key, value in fields(selector.get("matchLabels")).items():
        if not isinstance(value, str):
            return ""
        terms.append(f"{key}={value}")
    for one in items(selector.get("matchExpressions")):
        key, values = text(one.get("key")), one.get("values")
        listed = ",".join(sorted(map(str, values))) if isinstance(values, list) else ""
        term = {"In": f"{key} in ({listed})", "NotIn": f"{key} notin ({listed})", "Exists": key, "DoesNotExist": f"!{key}"}.get(text(one.get("operator")))
        if not key or term is None:
            return ""
        terms.append(term)
    joined = ",".join(terms)
    return joined if len(joined) <= LONGEST_SELECTOR else ""
