"""The health of a release from that of its workloads. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from helmpanel.inventory.health.readiness import PAUSED, SUSPENDED, TERMINATING, counted
from helmpanel.inventory.health.reasons import worst
from helmpanel.model.health import Health, HealthState, Workload


def combined(workloads: Sequence[Workload], unknown: str = "") -> Health:
    """Health of a release: degraded before unknown before progressing before healthy; none when it has no workloads and every kind may be read.

    Args:
        workloads: All of it that are known.
        unknown: A sentence that says which kinds are not known, and why; empty when all are.
    """
    healths = [one.health for one in workloads]
    states = {one.state for one in healths}
    ready, wanted = sum(one.ready for one in healths), sum(one.wanted for one in healths)
    if HealthState.DEGRADED in states:
        reason = worst(one.reason for one in healths if one.state is HealthState.DEGRADED)
        return Health(state=HealthState.DEGRADED, ready=ready, wanted=wanted, reason=reason)
    if unknown:
        return Health(state=HealthState.UNKNOWN, ready=ready, wanted=wanted, reason=unknown)
    if HealthState.PROGRESSING in states:
        reasons = [one.reason for one in healths if one.state is HealthState.PROGRESSING]
        telling = next((reason for reason in (TERMINATING, PAUSED, SUSPENDED) if reason in reasons), "")
        reason = reasons[0] if len(healths) == 1 else telling or counted(ready, wanted)
        return Health(state=HealthState.PROGRESSING, ready=ready, wanted=wanted, reason=reason)
    if not healths:
        return Health(state=HealthState.NONE)
    return Health(state=HealthState.HEALTHY, ready=ready, wanted=wanted)
