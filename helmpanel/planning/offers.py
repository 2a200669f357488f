"""Versions to choose from in the upgrade form, each with what it would be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helmpanel.charts.versions import is_newer, is_same, step
from helmpanel.model.availability import Availability, AvailabilityState, ChartVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One version in the list."""

    version: str
    app_version: str
    released: str
    """Such as `2 Oct 2026`; empty when the index does not say."""
    mark: str
    """`running`, `downgrade`, `pre-release`, `patch`, `minor`, `major`; empty when it cannot be compared."""
    is_prerelease: bool
    note: str = ""
    """What else to know, such as that it is deprecated."""


def offers(versions: Sequence[ChartVersion], current: str) -> list[Offer]:
    """All versions of a source, newest first, marked against the one that runs."""
    return [
        Offer(
            version=one.version,
            app_version=one.app_version,
            released=f"{one.created.day} {one.created:%b %Y}" if one.created is not None else "",
            mark=_mark(one, current),
            is_prerelease=one.is_prerelease,
            note="Deprecated by its maintainers" if one.deprecated else "",
        )
        for one in versions
    ]


def shown(all_offers: Sequence[Offer], *, prereleases: bool) -> list[Offer]:
    """Without pre-releases unless they are asked for; the running version is always shown."""
    return [one for one in all_offers if prereleases or not one.is_prerelease or one.mark == "running"]


def first_choice(all_offers: Sequence[Offer], availability: Availability) -> str:
    """The version chosen when the form opens: the one announced as available, else the newest stable one that is not deprecated; empty when there is none."""
    known = {one.version for one in all_offers}
    if availability.state is AvailabilityState.NEWER and availability.version in known:
        return availability.version
    stable = [one for one in all_offers if not one.is_prerelease and not one.note]
    running = [one for one in all_offers if one.mark == "running"]
    newer = [one for one in stable if one.mark != "downgrade"]
    return (newer or running or stable or list(all_offers) or [_NONE])[0].version


_NONE = Offer(version="", app_version="", released="", mark="", is_prerelease=False)


def _mark(one: ChartVersion, current: str) -> str:
    if is_same(one.version, current):
        return "running"
    if is_newer(current, one.version):
        return "downgrade"
    if not is_newer(one.version, current):
        return ""
    return "pre-release" if one.is_prerelease else step(current, one.version)
