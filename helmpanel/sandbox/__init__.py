"""A simulated Kubernetes API server on loopback that the real helm can work against: for tests and demonstrations.

    with Sandbox(ready_delay_s=0.2) as box:
        subprocess.run(["helm", "list", "-A", "--kubeconfig", box.kubeconfig])

Read next: `box` (the cluster as a whole), `server` (the way of a request), `verbs` and `store` (what it does), `controller` (what happens by itself).
"""

from helmpanel.sandbox.box import Sandbox, UnknownRequests, UserRights

__all__ = ["Sandbox", "UnknownRequests", "UserRights"]
