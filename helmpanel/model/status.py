"""Helm's statuses, and the word and colour a person sees for them."""

from __future__ import annotations

from enum import StrEnum

from helmpanel.model.health import HealthState


class ReleaseStatus(StrEnum):
    """Helm's own words (pkg/release/common/status.go)."""

    UNKNOWN = "unknown"
    DEPLOYED = "deployed"
    UNINSTALLED = "uninstalled"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNINSTALLING = "uninstalling"
    PENDING_INSTALL = "pending-install"
    PENDING_UPGRADE = "pending-upgrade"
    PENDING_ROLLBACK = "pending-rollback"

    @property
    def is_pending(self) -> bool:
        """Whether an operation is (or was, when it died) in progress."""
        return self in PENDING


PENDING = frozenset({ReleaseStatus.PENDING_INSTALL, ReleaseStatus.PENDING_UPGRADE, ReleaseStatus.PENDING_ROLLBACK, ReleaseStatus.UNINSTALLING})


class StatusGroup(StrEnum):
    """What a row is counted and coloured as: exactly one of these."""

    FAILED = "failed"
    DEGRADED = "degraded"
    PENDING = "pending"
    """An operation, or a rollout, is in progress."""
    HEALTHY = "healthy"
    DEPLOYED = "deployed"
    """Deployed, with no workloads to be healthy, or none that may be seen."""
    UNINSTALLED = "uninstalled"


WORDS = {
    ReleaseStatus.UNKNOWN: "Unknown",
    ReleaseStatus.DEPLOYED: "Deployed",
    ReleaseStatus.UNINSTALLED: "Uninstalled",
    ReleaseStatus.SUPERSEDED: "Superseded",
    ReleaseStatus.FAILED: "Failed",
    ReleaseStatus.UNINSTALLING: "Uninstalling",
    ReleaseStatus.PENDING_INSTALL: "Installing",
    ReleaseStatus.PENDING_UPGRADE: "Upgrading",
    ReleaseStatus.PENDING_ROLLBACK: "Rolling back",
}
"""Helm status to the word shown."""


def status_group(status: str, health: str) -> StatusGroup:
    """What a release is counted as: helm's status first, and for one that is deployed the health of its workloads.

    Args:
        status: Helm's own word. One that is none of Helm's counts as failed: it needs a person.
        health: HealthState value; anything else counts as unknown.
    """
    try:
        known = ReleaseStatus(status)
    except ValueError:
        return StatusGroup.FAILED
    if known in (ReleaseStatus.FAILED, ReleaseStatus.UNKNOWN):
        return StatusGroup.FAILED
    if known in PENDING:
        return StatusGroup.PENDING
    if known in (ReleaseStatus.UNINSTALLED, ReleaseStatus.SUPERSEDED):
        return StatusGroup.UNINSTALLED
    return _BY_HEALTH.get(health, StatusGroup.DEPLOYED)


_BY_HEALTH: dict[str, StatusGroup] = {
    HealthState.HEALTHY: StatusGroup.HEALTHY,
    HealthState.DEGRADED: StatusGroup.DEGRADED,
    HealthState.PROGRESSING: StatusGroup.PENDING,
}


def status_words(status: str, health: str) -> str:
    """The word a person sees for a release: that of its health where helm has deployed it and its health is known, else that of its status."""
    if status == ReleaseStatus.DEPLOYED and health in _BY_HEALTH:
        return HealthState(health).value.capitalize()
    try:
        return WORDS[ReleaseStatus(status)]
    except ValueError:
        return status or "Unknown"
