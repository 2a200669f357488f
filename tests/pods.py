"""Pods that become ready when a test says so."""

from __future__ import annotations

from helmpanel.sandbox import Sandbox
from helmpanel.sandbox.pods import READY_AFTER


def make_ready(box: Sandbox) -> None:
    """Pods that would take long are ready now; those that come later take as long as ever."""

    def work() -> None:
        pods = box.store.resources.named("Pod")
        for pod in box.store.select(pods):
            notes = pod["metadata"].get("annotations") or {}
            if float(notes.get(READY_AFTER, 0)) > 0:
                box.store.update(pods, {**pod, "metadata": {**pod["metadata"], "annotations": {**notes, READY_AFTER: "0"}}})

    box.on_server(work)
