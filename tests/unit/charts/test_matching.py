"""Which repository a chart came from, and what is newer there."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.charts.catalogue import UNREAD, Catalogue, Catalogues
from helmpanel.charts.matching import availability, choices
from helmpanel.charts.versions import is_newer, is_prerelease
from helmpanel.model.availability import AvailabilityState, ChartVersion

NEWER, CURRENT, NO_SOURCE, UNKNOWN = AvailabilityState.NEWER, AvailabilityState.CURRENT, AvailabilityState.NO_SOURCE, AvailabilityState.UNKNOWN


def repository(name, *versions, chart="redis", deprecated=(), **changes):
    offered = tuple(
        ChartVersion(chart=chart, version=v, app_version="", created=None, source=name, is_prerelease=is_prerelease(v), deprecated=v in deprecated)
        for v in versions
    )
    return Catalogue(name=name, charts={chart: offered} if offered else {}, **changes)


def asked(version, *each, chart="redis", **changes):
    return availability(chart, version, Catalogues(each=each, **changes))


def test_highest_version_above_the_installed_is_newer():
    answer = asked("1.0.0", repository("bitnami", "1.0.0", "1.10.0", "1.9.0", "0.9.0"))
    assert (answer.state, answer.version, answer.source, answer.step, answer.reason) == (NEWER, "1.10.0", "bitnami", "minor", "")


def test_nothing_above_the_installed_is_current():
    answer = asked("1.10.0", repository("bitnami", "1.0.0", "1.10.0"))
    assert (answer.state, answer.version, answer.source, answer.reason) == (CURRENT, "", "bitnami", "")


def test_prerelease_is_no_news_for_a_release_that_runs_none():
    assert asked("1.0.0", repository("r", "1.0.0", "2.0.0-rc.1")).state is CURRENT


def test_prerelease_is_news_for_a_release_that_runs_one():
    answer = asked("2.0.0-rc.1", repository("r", "2.0.0-rc.1", "2.0.0-rc.2"))
    assert (answer.state, answer.version, answer.step) == (NEWER, "2.0.0-rc.2", "pre-release")


def test_release_that_follows_a_prerelease_is_news():
    assert asked("2.0.0-rc.1", repository("r", "2.0.0-rc.1", "2.0.0", "2.0.0-rc.2")).version == "2.0.0"


def test_deprecated_version_is_never_recommended():
    assert asked("1.0.0", repository("r", "1.0.0", "1.0.1", deprecated=["1.0.1"])).state is CURRENT
    assert asked("1.0.0", repository("r", "1.0.0", deprecated=["1.0.0"])).state is CURRENT


def test_repository_without_the_installed_version_does_not_count():
    """The same name may be another chart: a newer version of it would be a wrong recommendation."""
    answer = asked("1.0.0", repository("other", "9.0.0"))
    assert answer.state is NO_SOURCE
    assert answer.reason == "other lists redis, but not at the installed version 1.0.0, so it may be another chart."


def test_repository_without_the_installed_version_changes_no_other_answer():
    answer = asked("1.0.0", repository("other", "9.0.0"), repository("bitnami", "1.0.0", "1.1.0"))
    assert (answer.version, answer.source) == ("1.1.0", "bitnami")


def test_two_repositories_that_agree_answer_as_the_first():
    answer = asked("1.0.0", repository("mirror", "1.0.0", "1.1.0"), repository("bitnami", "1.1.0", "1.0.0", "0.1.0"))
    assert (answer.state, answer.version, answer.source) == (NEWER, "1.1.0", "mirror")


@pytest.mark.parametrize("others", [("1.0.0", "1.2.0"), ("1.0.0",)])
def test_two_repositories_that_disagree_are_named_and_nothing_is_recommended(others):
    answer = asked("1.0.0", repository("mirror", "1.0.0", "1.1.0"), repository("bitnami", *others))
    assert (answer.state, answer.version, answer.source) == (UNKNOWN, "", "")
    assert "mirror offers 1.1.0" in answer.reason
    assert "bitnami offers 1.2.0" in answer.reason or "bitnami has nothing newer" in answer.reason


def test_two_builds_of_the_same_version_are_no_disagreement():
    assert asked("1.0.0", repository("a", "1.0.0", "1.1.0+1"), repository("b", "1.0.0", "1.1.0+2")).version == "1.1.0+1"


def test_spelling_of_the_installed_version_does_not_matter():
    assert asked("v1.0", repository("r", "1.0.0", "1.1.0")).version == "1.1.0"


def test_installed_version_that_is_no_semver_is_unknown_not_current():
    answer = asked("2021_stable", repository("r", "2021_stable", "1.0.0"))
    assert answer.state is UNKNOWN
    assert "no SemVer" in answer.reason


def test_listed_version_that_is_no_semver_breaks_nothing():
    assert asked("1.0.0", repository("r", "latest", "1.0.0", "", "1.2.3.4", "1.1.0")).version == "1.1.0"


@pytest.mark.parametrize(
    ("chart", "catalogues", "state", "reason"),
    [
        ("redis", Catalogues(), NO_SOURCE, "No chart repository is configured in helm. Add one with helm repo add, or name the chart yourself."),
        ("redis", Catalogues(each=(repository("r", "1.0.0", chart="nginx"),)), NO_SOURCE, "None of the configured repositories lists redis."),
        (
            "redis",
            Catalogues(each=(repository("a"), repository("b", problem="Broken."), repository("c", problem="Gone."))),
            NO_SOURCE,
            "None of the configured repositories lists redis. The index of b and c could not be read.",
        ),
        ("redis", Catalogues(problem="Helm's list is broken."), NO_SOURCE, "Helm's list is broken."),
        ("redis", UNREAD, UNKNOWN, "The chart repositories have not been read yet."),
        ("", Catalogues(each=(repository("r", "1.0.0", chart=""),)), UNKNOWN, "The chart of this release is not known."),
    ],
)
def test_no_source_says_why(chart, catalogues, state, reason):
    answer = availability(chart, "1.0.0", catalogues)
    assert (answer.state, answer.reason, answer.version) == (state, reason, "")


loose = st.one_of(st.from_regex(r"v?[0-3](\.[0-3]){0,3}(-(rc|a)\.?[0-2])?(\+b)?", fullmatch=True), st.text(max_size=5))


@given(loose, st.lists(st.lists(loose, max_size=5), max_size=3))
def test_whatever_is_listed_the_answer_is_a_step_up_or_none(installed, lists):
    catalogues = Catalogues(each=tuple(repository(f"r{n}", *versions) for n, versions in enumerate(lists)))
    answer = availability("redis", installed, catalogues)
    if answer.state is NEWER:
        assert is_newer(answer.version, installed)
        assert answer.step
        assert is_prerelease(installed) or not is_prerelease(answer.version)
        assert any(answer.version in versions for versions in lists)
    else:
        assert answer.version == answer.step == ""
        assert bool(answer.reason) == (answer.state is not CURRENT)
    offered = choices("redis", installed, catalogues)
    assert offered.why
    assert bool(offered.versions) == bool(offered.reference)


def test_choices_are_newest_first_with_what_is_no_version_last():
    found = choices("redis", "1.0.0", Catalogues(each=(repository("bitnami", "1.0.0", "latest", "2.0.0-rc.1", "1.10.0", "1.9.0"),)))
    assert [one.version for one in found.versions] == ["2.0.0-rc.1", "1.10.0", "1.9.0", "1.0.0", "latest"]
    assert found.reference == "bitnami/redis"
    assert found.why == "bitnami lists the installed version 1.0.0."


def test_choices_of_several_sources_come_from_the_first_and_say_so():
    found = choices("redis", "1.0.0", Catalogues(each=(repository("a", "1.0.0"), repository("b", "1.0.0", "1.1.0"))))
    assert found.reference == "a/redis"
    assert "so does b" in found.why


def test_only_repository_with_a_chart_of_that_name_is_offered_with_a_warning():
    found = choices("redis", "1.0.0", Catalogues(each=(repository("a"), repository("b", "2.0.0"))))
    assert found.reference == "b/redis"
    assert "not the installed version 1.0.0: check" in found.why


def test_several_repositories_with_a_chart_of_that_name_offer_nothing():
    found = choices("redis", "1.0.0", Catalogues(each=(repository("a", "3.0.0"), repository("b", "2.0.0"))))
    assert (found.versions, found.reference) == ((), "")
    assert found.why.startswith("a and b list redis")


def test_state_tells_the_oldest_index_and_all_problems():
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)
    catalogues = Catalogues(each=(repository("a", read_at=new), repository("b", read_at=old), repository("c", problem="Gone.")), problem="Broken.")
    assert catalogues.state.names == ("a", "b", "c")
    assert catalogues.state.oldest_index == old
    assert catalogues.state.problems == ("Broken.", "Gone.")
    assert Catalogues().state.oldest_index is None
