"""Whether the workloads of a release do what they are there for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HealthState(StrEnum):
    """What the readiness of a release's workloads comes to."""

    HEALTHY = "healthy"
    PROGRESSING = "progressing"
    """Not ready yet, and nothing says that it will not be."""
    DEGRADED = "degraded"
    NONE = "none"
    """It has no workloads."""
    UNKNOWN = "unknown"
    """No right to look, or not looked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Readiness of one release, counted over its Deployments, StatefulSets and DaemonSets (pods) and Jobs (one each)."""

    state: HealthState
    ready: int = 0
    wanted: int = 0
    reason: str = ""
    """Why it is not healthy, or not known, in a few words such as `ImagePullBackOff`; untrusted text. Empty for HEALTHY and NONE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Readiness of one workload."""

    kind: str
    """Such as Deployment."""
    namespace: str
    name: str
    health: Health


NOT_LOOKED = Health(state=HealthState.UNKNOWN, reason="The workloads have not been read yet.")
