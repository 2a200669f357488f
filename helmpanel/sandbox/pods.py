"""The life of a pod, as the kubelet would report it: a pure function of its spec and its age."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helmpanel.sandbox.objects import annotations_of, now

if TYPE_CHECKING:
    from helmpanel.sandbox.objects import Object

# Images that can never be pulled, and images that start and die.
BAD_IMAGE = re.compile(r"does-not-exist|missing|broken")
CRASHING_IMAGE = re.compile(r"crash")
# Annotations of a pod that say how it behaves; the recorded charts use them.
READY_AFTER = "fake-kubelet/ready-after"
RUN_SECONDS = "fake-kubelet/run-seconds"
EXIT_CODE = "fake-kubelet/exit-code"

_CONDITIONS = ("PodScheduled", "Initialized", "ContainersReady", "Ready")
_FAILING = re.compile(r"\bexit [1-9]|\bfalse\b")


def life(pod: Object, age_s: float, delay_s: float) -> tuple[Object, float | None]:
    """Where a pod is in its life.

    Args:
        age_s: Seconds since it was made.
        delay_s: Seconds a container takes to become ready, and again to finish, unless annotations say otherwise.

    Returns:
        The pod's status, and the age at which to look again; None when nothing more will happen.
    """
    notes = annotations_of(pod)
    ready_at = max(delay_s, float(notes.get(READY_AFTER, 0)))
    done_at = ready_at + float(notes.get(RUN_SECONDS, delay_s))
    images = [str(each.get("image")) for each in pod["spec"]["containers"]]
    if bad := next((each for each in images if BAD_IMAGE.search(each)), None):
        if age_s < delay_s:
            return _status(pod, "Pending", {"waiting": {"reason": "ContainerCreating"}}), delay_s
        return _status(pod, "Pending", {"waiting": {"reason": "ImagePullBackOff", "message": f'Back-off pulling image "{bad}"'}}), None
    if age_s < ready_at:
        return _status(pod, "Pending", {"waiting": {"reason": "ContainerCreating"}}), ready_at
    if any(CRASHING_IMAGE.search(each) for each in images):
        return _status(pod, "Running", {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off restarting failed container"}}, restarts=3), None
    if pod["spec"].get("restartPolicy") == "Always":
        return _status(pod, "Running", {"running": {"startedAt": now()}}, is_ready=True), None
    if age_s < done_at:
        return _status(pod, "Running", {"running": {"startedAt": now()}}, is_ready=True), done_at
    code = exit_code(pod)
    ended = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed", "startedAt": now(), "finishedAt": now()}}
    return _status(pod, "Failed" if code else "Succeeded", ended), None


def exit_code(pod: Object) -> int:
    """How a pod that runs once ends: as annotated, or 1 when its command says that it fails."""
    if EXIT_CODE in annotations_of(pod):
        return int(annotations_of(pod)[EXIT_CODE])
    commands = [" ".join(map(str, [*(each.get("command") or []), *(each.get("args") or [])])) for each in pod["spec"]["containers"]]
    return int(any(_FAILING.search(each) for each in commands))


def _status(pod: Object, phase: str, state: Object, *, is_ready: bool = False, restarts: int = 0) -> Object:
    reason = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}.get(phase, "ContainersNotReady")
    conditions = []
    for kind in _CONDITIONS:
        is_true = is_ready or kind in ("PodScheduled", "Initialized")
        conditions.append({"type": kind, "status": "True" if is_true else "False", **({} if is_true else {"reason": reason})})
    containers = [
        {"name": each["name"], "image": each.get("image"), "imageID": "", "ready": is_ready, "started": is_ready, "restartCount": restarts, "state": state}
        for each in pod["spec"]["containers"]
    ]
    return {"phase": phase, "qosClass": "BestEffort", "conditions": conditions, "containerStatuses": containers}
