"""What helm prints about a release, both majors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helmpanel.errors import HelmFailure
from helmpanel.helm.read import chart_and_version, from_json, moment, revisions

DATA = Path(__file__).parents[2] / "data" / "transcripts"
RECORDED = {major: {row["name"]: row["stdout"] for row in map(json.loads, (DATA / f"{major}.jsonl").read_text().splitlines())} for major in ("helm3", "helm4")}
MAJORS = pytest.mark.parametrize("major", RECORDED)


@MAJORS
def test_a_recorded_history_is_read_newest_first(major):
    found = revisions(RECORDED[major]["history-max2"], {})
    assert [(r.revision, r.status, r.chart, r.version, r.app_version, r.description) for r in found] == [
        (7, "deployed", "demo", "0.1.0", "1.16.0", "Rollback to 5"),
        (6, "superseded", "demo", "0.1.0", "1.16.0", "Rollback to 1"),
    ]
    assert all(r.updated is not None and r.updated.tzinfo is UTC for r in found)


@MAJORS
def test_times_are_utc_whatever_zone_the_installer_was_in(major):
    (only,) = revisions(RECORDED[major]["history-tz-json"], {})
    raw = json.loads(RECORDED[major]["history-tz-json"])[0]["updated"]
    assert raw.endswith("+09:00")
    assert only.updated == datetime.fromisoformat(raw[:26] + "+09:00")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22T21:41:12.653500534Z", datetime(2026, 11, 22, 21, 41, 12, 653500, UTC)),
        ("2026-11-23T07:11:15+09:00", datetime(2026, 11, 22, 22, 11, 15, tzinfo=UTC)),
        ("2026-11-23 07:11:15.1 +0900 +0900", datetime(2026, 11, 22, 22, 11, 15, 100000, UTC)),
        ("2026-11-22 21:41:12.653500534 +0000 UTC", datetime(2026, 11, 22, 21, 41, 12, 653500, UTC)),
        ("", None),
        ("0001-01-01T00:00:00Z", None),
        ("2026-13-45T99:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_helms_times_are_read_and_no_time_is_none(text, utc):
    assert moment(text) == utc


def test_history_takes_what_both_majors_leave_out_or_add():
    """Revision as text, no `updated` (Helm 4 omits zero), "" (Helm 3), fields nobody knows yet."""
    text = json.dumps(
        [{"revision": "3", "status": "deployed", "chart": "web-1.0.0", "rollback_revision": 1}, {"revision": 4, "updated": "", "chart": "MISSING"}]
    )
    assert [(r.revision, r.updated, r.chart, r.version) for r in revisions(text, {})] == [(4, None, "", ""), (3, None, "web", "1.0.0")]


def test_what_the_storage_says_of_charts_beats_any_guess():
    text = json.dumps([{"revision": 1, "chart": "a-1-2.0.0"}, {"revision": 2, "chart": "a-1-2.0.0"}])
    found = revisions(text, {2: ("a", "1-2.0.0")})
    assert [(r.revision, r.chart, r.version) for r in found] == [(2, "a", "1-2.0.0"), (1, "a", "1-2.0.0")]


@pytest.mark.parametrize(
    ("label", "known", "name", "version"),
    [
        ("redis-1.2.3", set(), "redis", "1.2.3"),
        ("redis-ha-1.0.0-rc.1", set(), "redis-ha", "1.0.0-rc.1"),
        ("app-2-1.0.0", set(), "app-2", "1.0.0"),
        ("app-2-1.0.0", {"app"}, "app", "2-1.0.0"),
        ("app-2-1.0.0", {"app", "app-2"}, "app-2", "1.0.0"),
        ("web-v1.2.3+build.5", set(), "web", "v1.2.3+build.5"),
        ("web-1.2", set(), "web", "1.2"),
        ("web-latest", set(), "web-latest", ""),
        ("-1.0.0", set(), "-1.0.0", ""),
        ("", set(), "", ""),
        ("MISSING", {"web"}, "", ""),
    ],
)
def test_a_label_is_taken_apart_only_as_a_last_resort(label, known, name, version):
    assert chart_and_version(label, known) == (name, version)


def test_json_is_found_behind_the_lines_helm_prints_before_it():
    """Helm 4.2.1 and later say on standard output what they pulled."""
    assert from_json('Pulled: reg.example.org/web:1.0.0\nDigest: sha256:ab [x] {y}\n[{"revision":1}]\n') == [{"revision": 1}]
    assert from_json("null\n") is None
    with pytest.raises(HelmFailure, match="not with JSON"):
        from_json("no such thing [")
