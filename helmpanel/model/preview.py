"""What an uninstall takes away and what it leaves, for the one who has to confirm it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectGroup:
    """Objects of one kind, for the uninstall dialog."""

    kind: str
    names: tuple[str, ...]
    """Name, or `namespace/name` where it is not the release's own."""
    reason: str = ""
    """Why they stay; empty for those that go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UninstallPreview:
    """What an uninstall takes away and what it leaves."""

    goes: tuple[ObjectGroup, ...]
    stays: tuple[ObjectGroup, ...]
    revisions: int
    """Stored revisions that go too unless the history is kept."""
