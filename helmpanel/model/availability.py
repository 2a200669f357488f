"""What is known of newer versions of a release's chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AvailabilityState(StrEnum):
    """The four answers to "is there something newer?"."""

    NEWER = "newer"
    CURRENT = "current"
    NO_SOURCE = "no-source"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether a newer version exists, and who says so."""

    state: AvailabilityState
    version: str = ""
    """The newer version; empty unless state is NEWER."""
    source: str = ""
    """Name of the repository the answer comes from; empty when there is none."""
    step: str = ""
    """`major`, `minor`, `patch` or `pre-release`; empty unless state is NEWER."""
    reason: str = ""
    """Why there is no plain answer, as a sentence; empty for NEWER and CURRENT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartVersion:
    """One version of a chart that a source offers."""

    chart: str
    version: str
    app_version: str
    created: datetime | None
    """UTC; None when the index does not say."""
    source: str
    """Repository name."""
    is_prerelease: bool
    deprecated: bool = False
    description: str = ""
    kube_version: str = ""
    """The chart's constraint on Kubernetes; empty when it has none."""

    @property
    def reference(self) -> str:
        """What helm takes as CHART: `repository/chart`."""
        return f"{self.source}/{self.chart}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How old what we know of the repositories is."""

    names: tuple[str, ...] = ()
    """Configured repositories, in helm's order."""
    oldest_index: datetime | None = None
    """UTC time of the oldest index; None when there is none."""
    problems: tuple[str, ...] = ()
    """Sentences: a repository without an index, an index that is no YAML, a refresh that failed."""
