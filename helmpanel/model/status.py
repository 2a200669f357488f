"""Helm's statuses, and the word and colour a person sees for them."""

from __future__ import annotations

from enum import StrEnum


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
    PENDING = "pending"
    UNINSTALLED = "uninstalled"
    UPGRADE = "upgrade"
    DEPLOYED = "deployed"


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


def status_group(status: str, has_upgrade: bool) -> StatusGroup:
    """Failed beats pending beats uninstalled beats upgrade beats deployed.

    A status that is none of Helm's counts as failed: it needs a person.
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
    return StatusGroup.UPGRADE if has_upgrade else StatusGroup.DEPLOYED
