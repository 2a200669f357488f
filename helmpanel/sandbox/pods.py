"""Pods: their life as the kubelet would report it, a pure function of spec and age, and the work of reporting it."""

import re

from helmpanel.sandbox.controller import Controller
from helmpanel.sandbox.objects import Object, now, status_of

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
    """Where a pod of this age is in its life: its status, and the age at which to look again (None when nothing more will happen).

    A container takes `delay_s` to become ready, and again to finish, unless annotations say otherwise.
    """
    notes = pod["metadata"].get("annotations") or {}
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
    # A pod that runs once ends as annotated, or with 1 when its command says that it fails.
    commands = [" ".join(map(str, [*(each.get("command") or []), *(each.get("args") or [])])) for each in pod["spec"]["containers"]]
    code = int(notes.get(EXIT_CODE, any(_FAILING.search(each) for each in commands)))
    ended = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed", "startedAt": now(), "finishedAt": now()}}
    return _status(pod, "Failed" if code else "Succeeded", ended), None


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


def _pod(controller: Controller, pod: Object) -> None:
    if not pod["spec"].get("nodeName"):
        controller.update({**pod, "spec": {**pod["spec"], "nodeName": "sandbox-node"}, "metadata": dict(pod["metadata"])})
        return
    old = status_of(pod)
    if old["phase"] in ("Succeeded", "Failed"):
        return
    age = controller.age_s(pod)
    status, again_at = life(pod, age, controller.delay_s)
    # A status that says the same but for its times is not written again.
    if old["phase"] != status["phase"] or _reasons(old) != _reasons(status):
        controller.write_status(pod, {**status, "hostIP": "10.0.0.1", "podIP": "10.244.0.10", "startTime": old.get("startTime") or now()})
    if again_at is not None:
        controller.look(pod, max(0.0, again_at - age))


def _reasons(status: Object) -> list[str]:
    return [next(iter(each["state"].values())).get("reason", "") for each in status.get("containerStatuses") or []]


WORKS = {"Pod": _pod}
