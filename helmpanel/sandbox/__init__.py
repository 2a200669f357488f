"""A simulated Kubernetes API server on loopback that the real helm can work against: for tests and demonstrations.

    with Sandbox(ready_delay_s=0.2) as box:
        subprocess.run(["helm", "list", "-A", "--kubeconfig", box.kubeconfig])

Read next: `box` (the cluster as a whole), `server` (the way of a request), `verbs` and `store` (what it does), `controller` (what happens by itself).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helmpanel.sandbox.box import Sandbox, UnknownRequests, UserRights

__all__ = ["Sandbox", "UnknownRequests", "UserRights"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from helmpanel.sandbox import box

        return getattr(box, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
