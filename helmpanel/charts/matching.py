"""Which repository a release's chart came from, and what is newer there. Pure.

Helm does not store where a chart came from. Only a repository that lists the chart at the installed version counts; when two that do give different answers,
no answer is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helmpanel.charts.catalogue import Catalogue, Catalogues
from helmpanel.charts.versions import Rank, is_newer, is_prerelease, is_same, parsed, step
from helmpanel.model.availability import Availability, AvailabilityState, ChartVersion
from helmpanel.text import cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Versions a release may be upgraded to."""

    versions: tuple[ChartVersion, ...]
    """Newest first, pre-releases included, of the source chosen; empty when there is none."""
    reference: str
    """CHART argument of the chosen source, such as `bitnami/redis`; empty when there is none."""
    why: str
    """One sentence: why this source, or why none."""


def availability(chart: str, version: str, catalogues: Catalogues) -> Availability:
    """Whether something newer than the installed version of a chart is offered, and by whom.

    Newer is the highest version above the installed one. Pre-releases count only for a release that runs one; deprecated versions never do.

    Args:
        chart: Chart name of the release; empty when it is not known.
        version: Its installed version.
        catalogues: What the repositories offer.
    """
    sources = _sources(chart, version, catalogues)
    if not sources:
        state = AvailabilityState.NO_SOURCE if catalogues.is_read and chart else AvailabilityState.UNKNOWN
        return Availability(state=state, reason=_why_none(chart, version, catalogues))
    if parsed(version) is None:
        return Availability(
            state=AvailabilityState.UNKNOWN,
            source=sources[0].name,
            reason=f"The installed version {_short(version)} is no SemVer, so nothing is known to be newer.",
        )
    answers = [(source, _newest(source.charts[chart], version)) for source in sources]
    first, newest = answers[0]
    if any(not _agree(newest, other) for _, other in answers[1:]):
        said = ", ".join(f"{source.name} {f'offers {_short(found.version)}' if found else 'has nothing newer'}" for source, found in answers)
        return Availability(
            state=AvailabilityState.UNKNOWN,
            reason=f"{len(answers)} repositories list {_short(chart)} {_short(version)} and disagree: {said}. Which one the release came from is not known.",
        )
    if newest is None:
        return Availability(state=AvailabilityState.CURRENT, source=first.name)
    return Availability(state=AvailabilityState.NEWER, version=newest.version, source=first.name, step=step(version, newest.version))


def choices(chart: str, version: str, catalogues: Catalogues) -> Choices:
    """Versions to offer for a release, and where they come from.

    The source is the first repository that lists the installed version; without one, the only repository that lists the chart's name at all.
    """
    sources = _sources(chart, version, catalogues)
    if sources:
        source = sources[0]
        why = f"{source.name} lists the installed version {_short(version)}."
        if len(sources) > 1:
            others = ", ".join(one.name for one in sources[1:])
            why = f"{source.name} lists the installed version {_short(version)}; so does {others}: check where the release came from."
        return _offered(source, chart, why)
    by_name = [one for one in catalogues.each if one.charts.get(chart)]
    if len(by_name) == 1:
        why = f"{by_name[0].name} lists a chart of this name, but not the installed version {_short(version)}: check that it is the same."
        return _offered(by_name[0], chart, why)
    return Choices(versions=(), reference="", why=_why_none(chart, version, catalogues))


def _offered(source: Catalogue, chart: str, why: str) -> Choices:
    versions = sorted(source.charts[chart], key=lambda one: Rank(one.version), reverse=True)
    return Choices(versions=tuple(versions), reference=f"{source.name}/{chart}", why=why)


def _sources(chart: str, version: str, catalogues: Catalogues) -> list[Catalogue]:
    if not chart:
        return []
    return [one for one in catalogues.each if any(is_same(version, offered.version) for offered in one.charts.get(chart, ()))]


def _newest(offered: Sequence[ChartVersion], installed: str) -> ChartVersion | None:
    takes_prereleases = is_prerelease(installed)
    newer = [one for one in offered if is_newer(one.version, installed) and not one.deprecated and (takes_prereleases or not one.is_prerelease)]
    return max(newer, key=lambda one: Rank(one.version), default=None)


def _agree(one: ChartVersion | None, other: ChartVersion | None) -> bool:
    if one is None or other is None:
        return one is other
    # Two builds of the same version are neither above the other: the answer is the same.
    return not is_newer(one.version, other.version) and not is_newer(other.version, one.version)


def _why_none(chart: str, version: str, catalogues: Catalogues) -> str:
    if not chart:
        return "The chart of this release is not known."
    if not catalogues.is_read:
        return "The chart repositories have not been read yet."
    if catalogues.problem:
        return catalogues.problem
    if not catalogues.each:
        return "No chart repository is configured in helm. Add one with helm repo add, or name the chart yourself."
    unread = [one.name for one in catalogues.each if one.problem]
    also = f" The index of {_listed(unread)} could not be read." if unread else ""
    by_name = [one.name for one in catalogues.each if one.charts.get(chart)]
    if by_name:
        lists = "lists" if len(by_name) == 1 else "list"
        return f"{_listed(by_name)} {lists} {_short(chart)}, but not at the installed version {_short(version)}, so it may be another chart.{also}"
    return f"None of the configured repositories lists {_short(chart)}.{also}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _short(text: str) -> str:
    return cut(text, 80)
