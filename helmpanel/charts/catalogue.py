"""What chart repositories offer, as far as upgrades need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helmpanel.model.availability import ChartVersion, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One repository: its charts and their versions."""

    name: str
    """Name in helm's list of repositories."""
    charts: Mapping[str, tuple[ChartVersion, ...]] = field(default_factory=dict)
    """Chart name to its versions, in the index's order."""
    read_at: datetime | None = None
    """UTC time of the index; None when there is none."""
    problem: str = ""
    """Sentence: why the charts are not known; empty when they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogues:
    """All repositories configured in helm, in helm's order."""

    each: tuple[Catalogue, ...] = ()
    problem: str = ""
    """Sentence: why the list of repositories itself cannot be read."""
    is_read: bool = True
    """False until the indexes have been read for the first time."""

    @property
    def state(self) -> SourceState:
        """Names, age and problems."""
        ages = [one.read_at for one in self.each if one.read_at is not None]
        problems = [self.problem, *(one.problem for one in self.each)]
        return SourceState(names=tuple(one.name for one in self.each), oldest_index=min(ages, default=None), problems=tuple(text for text in problems if text))


UNREAD = Catalogues(is_read=False)
"""Before the first look at the indexes."""
