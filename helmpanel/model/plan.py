"""What the person confirmed: frozen, so that what runs is what was shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from helmpanel.model.keys import ReleaseKey


class OperationKind(StrEnum):
    """The helm commands that change a release."""

    UPGRADE = "upgrade"
    ROLLBACK = "rollback"
    UNINSTALL = "uninstall"


class ValuesMode(StrEnum):
    """What happens to the values a release already has."""

    REUSE = "reuse"
    RESET_THEN_REUSE = "reset-then-reuse"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One operation, ready to run. Made by planning, never changed afterwards."""

    kind: OperationKind
    release: ReleaseKey
    argv: tuple[str, ...]
    """helm's arguments without the binary."""
    stdin: str | None = field(default=None, repr=False)
    """Values text for `-f -`; None when nothing is sent. Kept out of repr: it may hold secrets."""
    revision: int
    """The release's revision when the person confirmed."""
    timeout_s: float
    """helm's own --timeout."""
    sentence: str
    """What will happen, for the foot of the form: "Upgrades web from 1.2.0 to 1.4.0 and waits up to 5 min."."""
    target: str = ""
    """The version or revision it leads to, for the strip: "1.2.0 → 1.4.0", "to revision 3"."""
    rolls_back_on_failure: bool = False
    """An upgrade that helm was told to take back should it fail or be cancelled."""
