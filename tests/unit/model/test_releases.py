"""Keys, statuses, the frame and the filters."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from helmpanel.errors import PlanInvalid
from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.filters import Filters, groups
from helmpanel.model.health import Health, HealthState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import RELEASE_COLUMNS, ReleaseRecord, releases_frame
from helmpanel.model.status import WORDS, ReleaseStatus, StatusGroup, status_group, status_words

NEWER = Availability(state=AvailabilityState.NEWER, version="2.0.0", source="repo", step="major")


def record(
    namespace: str, name: str, status: str = "deployed", chart: str = "web", newer: bool = False, revision: int = 1, health: HealthState = HealthState.NONE
) -> ReleaseRecord:
    return ReleaseRecord(
        key=ReleaseKey("kind", namespace, name),
        revision=revision,
        status=status,
        chart=chart,
        version="1.0.0",
        updated=dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC),
        availability=NEWER if newer else Availability(state=AvailabilityState.CURRENT),
        health=Health(state=health, ready=2, wanted=2) if health is HealthState.HEALTHY else Health(state=health),
    )


FRAME = releases_frame(
    [
        record("team-b", "web", chart="nginx"),
        record("team-a", "web", newer=True, health=HealthState.HEALTHY),
        record("team-a", "Kafka-main", "failed", newer=True, chart="kafka"),
        record("team-a", "zoo", "pending-upgrade"),
        record("ml", "old", "uninstalled"),
    ]
)


@pytest.mark.parametrize("text", ["web", "/web", "team-a/", "a/b/c", ""])
def test_a_release_is_named_by_namespace_and_name(text):
    with pytest.raises(PlanInvalid, match="namespace/name"):
        ReleaseKey.parse("kind", text)


def test_a_parsed_key_prints_as_it_was_written():
    assert str(ReleaseKey.parse("kind", "team-a/web")) == "team-a/web"


def test_the_same_name_in_two_contexts_is_two_releases():
    assert ReleaseKey("one", "a", "web") != ReleaseKey("two", "a", "web")


def test_every_status_of_helm_has_a_word():
    assert set(WORDS) == set(ReleaseStatus)


@pytest.mark.parametrize("health", HealthState)
def test_status_of_helm_goes_before_health(health):
    shown = [status_group(status, health) for status in ("failed", "unknown", "pending-install", "uninstalling", "uninstalled", "superseded")]
    assert shown == [StatusGroup.FAILED] * 2 + [StatusGroup.PENDING] * 2 + [StatusGroup.UNINSTALLED] * 2
    assert status_words("failed", health) == "Failed"


@pytest.mark.parametrize(
    ("health", "group", "word"),
    [
        ("healthy", StatusGroup.HEALTHY, "Healthy"),
        ("degraded", StatusGroup.DEGRADED, "Degraded"),
        ("progressing", StatusGroup.PENDING, "Progressing"),
        ("none", StatusGroup.DEPLOYED, "Deployed"),
        ("unknown", StatusGroup.DEPLOYED, "Deployed"),
        ("a new word", StatusGroup.DEPLOYED, "Deployed"),
    ],
)
def test_deployed_alone_does_not_earn_healthy(health, group, word):
    assert (status_group("deployed", health), status_words("deployed", health)) == (group, word)


def test_a_status_helm_does_not_know_needs_a_person():
    assert status_group("exploded", "healthy") is StatusGroup.FAILED
    assert (status_words("exploded", "healthy"), status_words("", "healthy")) == ("exploded", "Unknown")


def test_the_frame_has_the_documented_columns_and_dtypes_even_when_empty():
    for frame in (FRAME, releases_frame([])):
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == RELEASE_COLUMNS
        assert frame.index.name == "release"


def test_the_frame_is_sorted_and_addressed_by_namespace_and_name():
    assert list(FRAME.index) == ["ml/old", "team-a/Kafka-main", "team-a/web", "team-a/zoo", "team-b/web"]
    assert FRAME.loc["team-b/web", "chart"] == "nginx"


def test_ready_counts_where_there_is_something_to_count():
    counted = FRAME[["health", "ready", "wanted"]]
    assert counted.loc["team-a/web"].tolist() == ["healthy", 2, 2]
    assert counted.loc["team-b/web"].isna().tolist() == [False, True, True]


def test_available_is_missing_where_nothing_newer_is_known():
    assert FRAME["available"].isna().tolist() == [True, False, False, True, True]


def test_ten_thousand_releases_stay_cheap():
    frame = releases_frame(record(f"ns-{i % 50}", f"release-{i}", chart=f"chart-{i % 80}") for i in range(10_000))
    assert frame.memory_usage(deep=True).sum() < 20 * 2**20


def test_text_matches_name_and_chart_whatever_the_case():
    assert list(Filters(text=" KAFKA").apply(FRAME).index) == ["team-a/Kafka-main"]
    assert list(Filters(text="Nginx").apply(FRAME).index) == ["team-b/web"]


def test_text_is_no_pattern():
    assert Filters(text=".*").apply(FRAME).empty
    assert Filters(text="(").apply(FRAME).empty


def test_filters_add_up():
    filters = Filters(namespaces=["team-a"], statuses=[StatusGroup.FAILED, StatusGroup.PENDING])
    assert list(filters.apply(FRAME)["name"]) == ["Kafka-main", "zoo"]


def test_upgrade_available_cuts_across_the_statuses():
    assert list(Filters(upgrade_available=True).apply(FRAME)["name"]) == ["Kafka-main", "web"]


def test_counts_add_up_and_follow_text_and_namespaces_but_not_the_status():
    counts = Filters(namespaces=["team-a"], statuses=[StatusGroup.FAILED]).counts(FRAME)
    assert counts == {"failed": 1, "degraded": 0, "pending": 1, "healthy": 1, "deployed": 0, "uninstalled": 0, "all": 3, "newer": 2}
    assert sum(counts[g.value] for g in StatusGroup) == counts["all"]


def test_clear_shows_everything():
    filters = Filters(text="x", namespaces=["a"], statuses=[StatusGroup.FAILED], upgrade_available=True)
    assert not filters.is_empty
    filters.clear()
    assert filters.is_empty
    assert len(filters.apply(FRAME)) == len(FRAME)


def test_filters_leave_the_order_alone():
    for size in range(3):
        for names in itertools.combinations(["ml", "team-a", "team-b"], size):
            shown = Filters(namespaces=list(names)).apply(FRAME)
            assert list(shown.index) == [key for key in FRAME.index if key in shown.index]


def test_each_row_is_in_exactly_one_group():
    assert list(groups(FRAME)) == ["uninstalled", "failed", "healthy", "pending", "deployed"]
