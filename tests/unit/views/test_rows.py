from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.health import Health, HealthState
from helmpanel.model.records import releases_frame
from helmpanel.text import DOTS
from helmpanel.views import rows
from tests.unit.views.fake_cluster import record

CURRENT = Availability(state=AvailabilityState.CURRENT)
NEWER = Availability(state=AvailabilityState.NEWER, version="1.1.0", source="repo", step="minor")


def made(status: str = "deployed", availability: Availability = CURRENT, **more: Any) -> rows.Row:
    return rows.row(
        key="team-a/web",
        namespace="team-a",
        name="web",
        revision=3,
        status=status,
        updated=None,
        availability=availability,
        **{"chart": "web", "version": "1.0.0", "app_version": "2", "description": "Upgrade complete", **more},
    )


@pytest.mark.parametrize(
    ("status", "availability", "group", "word"),
    [
        ("deployed", CURRENT, "deployed", "Deployed"),
        ("deployed", NEWER, "deployed", "Deployed"),
        ("failed", NEWER, "failed", "Failed"),
        ("pending-rollback", NEWER, "pending", "Rolling back"),
        ("uninstalled", NEWER, "uninstalled", "Uninstalled"),
        ("a-word-of-helm-5", CURRENT, "failed", "a-word-of-helm-5"),
        ("", CURRENT, "failed", "Unknown"),
    ],
)
def test_a_row_has_one_shape_and_a_word(status: str, availability: Availability, group: str, word: str):
    row = made(status, availability)
    assert (row.group, row.word) == (group, word)


def test_a_description_reaches_the_browser_masked():
    assert made().description == "Upgrade complete"
    assert made(description="failed with --set db.password=hunter2").description == f"failed with --set db.password={DOTS}"


def test_a_busy_row_says_why_nothing_else_may_be_done():
    row = made(busy="Upgrading")
    assert (row.group, row.word) == ("pending", "Upgrading")
    assert row.no_upgrade == row.no_rollback == row.no_uninstall == "Upgrading now: one operation at a time"


def test_a_row_that_only_the_cluster_calls_pending_can_be_rolled_back_but_not_upgraded():
    row = made("pending-upgrade")
    assert "helm refuses" in row.no_upgrade
    assert (row.no_rollback, row.no_uninstall) == ("", "")


def test_an_uninstalled_row_can_be_rolled_back_but_not_upgraded():
    row = made("uninstalled")
    assert "history" in row.no_upgrade
    assert row.no_rollback == ""


def test_read_only_refuses_every_change_with_its_reason():
    row = made(refused="This dashboard is read-only")
    assert {row.no_upgrade, row.no_rollback, row.no_uninstall} == {"This dashboard is read-only"}


def test_the_chip_of_a_release_without_an_answer_says_why():
    unknown = Availability(state=AvailabilityState.UNKNOWN, reason="Two repositories answer differently.")
    assert (made(availability=unknown).chip, made(availability=unknown).why) == ("unknown", "Two repositories answer differently.")


def test_a_step_that_is_none_of_ours_is_dropped():
    """It becomes a class in the browser."""
    assert made(availability=Availability(state=AvailabilityState.NEWER, version="2", step="x y")).step == ""


@pytest.mark.parametrize(
    ("health", "counted", "reason", "group", "ready", "shown", "why"),
    [
        ("healthy", (3, 3), "", "healthy", "3/3", "", "3 of 3 pods ready"),
        ("degraded", (1, 3), "ImagePullBackOff.", "degraded", "1/3", "ImagePullBackOff.", "ImagePullBackOff. 1 of 3 pods ready"),
        ("progressing", (1, 2), "1 of 2 ready", "pending", "1/2", "", "1 of 2 pods ready"),
        ("none", (None, None), "", "deployed", "–", "", "It has no workloads"),
        ("unknown", (None, None), "You may not list deployments.", "deployed", "?", "", "You may not list deployments"),
    ],
)
def test_a_row_says_how_its_workloads_are(health: str, counted: tuple[int | None, int | None], reason: str, group: str, ready: str, shown: str, why: str):
    row = made(health=health, ready=counted[0], wanted=counted[1], reason=reason)
    assert (row.group, row.ready, row.reason, row.ready_why) == (group, ready, shown, why)


def test_what_a_workload_says_reaches_the_browser_masked_and_cut():
    row = made(health="degraded", ready=0, wanted=1, reason="pull of https://u:hunter2@registry failed " + "x" * 900)
    assert "hunter2" not in row.reason + row.ready_why
    assert len(row.reason) <= 80
    assert len(row.ready_why) <= 430


def test_the_reason_of_a_release_that_helm_calls_failed_is_not_its_workloads():
    assert made("failed", health="degraded", ready=0, wanted=1, reason="CrashLoopBackOff").reason == ""
    assert made(health="degraded", ready=0, wanted=1, reason="CrashLoopBackOff", busy="Upgrading").reason == ""


def test_a_row_whose_payload_cannot_be_read_says_why_and_offers_no_upgrade():
    row = made(chart="", version="", app_version="", unreadable="The payload is no gzip: token=abcdef0123456789.", availability=NEWER)
    assert row.unreadable.startswith("The payload is no gzip")
    assert "abcdef0123456789" not in row.unreadable
    assert (row.no_upgrade, row.chip, row.waits) == (row.unreadable, "", False)
    assert (row.no_rollback, row.no_uninstall) == ("", "")


def test_a_row_whose_payload_has_not_been_read_waits_for_it():
    row = made(chart="", version="", app_version="", availability=NEWER)
    assert (row.waits, row.chip, row.unreadable, row.no_upgrade) == (True, "", "", "")
    assert not made().waits


def test_sorting_by_readiness_brings_what_needs_a_person_to_the_top():
    states = (HealthState.HEALTHY, HealthState.NONE, HealthState.DEGRADED, HealthState.UNKNOWN, HealthState.PROGRESSING)
    frame = releases_frame([replace(record(state.value), health=Health(state=state)) for state in states])
    assert in_order(frame, "ready") == ["degraded", "progressing", "unknown", "healthy", "none"]


def in_order(frame: pd.DataFrame, column: str, *, descending: bool = False, order: rows.Order | None = None) -> list[str]:
    places = (order or rows.Order()).of(frame, np.arange(len(frame)), column, descending=descending)
    return list(frame["name"].iloc[places])


def names(column: str, *, descending: bool = False) -> list[str]:
    frame = releases_frame(
        [
            record("b", version="1.10.0", revision=2, age_s=10),
            record("a", "z", version="1.9.0", revision=10, status="failed", age_s=30),
            record("A", version="1.10.0-rc.1", newer="2.0.0", age_s=20),
            record("c", version="not-semver", status="uninstalled", age_s=5),
        ]
    )
    return in_order(frame, column, descending=descending)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("name", ["A", "a", "b", "c"]),
        ("namespace", ["A", "b", "c", "a"]),
        ("version", ["c", "a", "A", "b"]),
        ("revision", ["A", "c", "b", "a"]),
        ("updated", ["a", "A", "b", "c"]),
        ("status", ["a", "A", "b", "c"]),
    ],
)
def test_columns_sort_by_what_they_mean(column: str, expected: list[str]):
    """Versions by number and with pre-releases first, statuses by what needs a person, names without case."""
    assert names(column) == expected


def test_a_descending_sort_keeps_names_ascending_among_equals():
    frame = releases_frame([record("b"), record("a"), record("c", revision=5)])
    assert in_order(frame, "revision", descending=True) == ["c", "a", "b"]


@pytest.mark.parametrize("descending", [False, True])
def test_a_time_that_is_not_known_comes_last(descending: bool):
    frame = releases_frame([record("a"), replace(record("b"), updated=None), record("c")])
    assert in_order(frame, "updated", descending=descending) == ["a", "c", "b"]


def test_an_order_learns_the_names_that_came_and_went():
    """It keeps what it made of the names while none comes or goes."""
    order = rows.Order()
    assert in_order(releases_frame([record("b"), record("c")]), "name", order=order) == ["b", "c"]
    assert in_order(releases_frame([record("b", revision=2), record("c")]), "name", descending=True, order=order) == ["c", "b"]
    assert in_order(releases_frame([record("c", "a"), record("a", "b"), record("b", "c")]), "name", order=order) == ["a", "b", "c"]


def test_some_rows_are_sorted_among_themselves():
    frame = releases_frame([record(name) for name in "abcd"])
    places = rows.Order().of(frame, np.array([3, 1]), "name", descending=False)
    assert list(places) == [1, 3]


@given(st.lists(st.text(max_size=20), max_size=10))
def test_any_text_is_a_version_that_sorts(versions: list[str]):
    sorted(versions, key=rows.natural)


def test_a_page_holds_its_rows_and_nothing_else():
    frame = releases_frame([record(f"r{n:02}") for n in range(7)])
    page = rows.page_of(frame, page=2, size=3, availability=lambda _: CURRENT, busy=lambda _: "")
    assert [row["name"] for row in page] == ["r03", "r04", "r05"]
    assert [rows.pages(n, 3) for n in (0, 3, 4, 7)] == [1, 1, 2, 3]
