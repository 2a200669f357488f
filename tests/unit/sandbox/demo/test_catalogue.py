"""The demo's catalogue says what the dashboard is to be seen with."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache

import yaml

from helmpanel.sandbox import demo

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


class Shelf:
    """Keeps what is seeded."""

    def __init__(self) -> None:
        self.objects: list[dict[str, object]] = []

    def put(self, *objects: dict[str, object]) -> None:
        self.objects.extend(objects)

    def named(self, kind: str) -> dict[tuple[str, str], dict[str, object]]:
        return {(o["metadata"].get("namespace", ""), o["metadata"]["name"]): o for o in self.objects if o["kind"] == kind}


@cache
def filled() -> Shelf:
    shelf = Shelf()
    demo.fill(shelf, NOW)
    return shelf


@cache
def stored() -> dict[tuple[str, str], dict[str, object]]:
    """Releases by namespace and the name of their Secret."""
    return {key: decoded(secret) for key, secret in filled().named("Secret").items() if secret.get("type") == "helm.sh/release.v1"}


def decoded(secret: dict[str, object]) -> dict[str, object]:
    return json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"]))))


def test_about_forty_releases_in_about_eight_namespaces_with_mixed_statuses():
    releases = demo.releases()
    assert 38 <= len(releases) <= 45
    assert 7 <= len({r.namespace for r in releases}) <= 9
    statuses = Counter(r.status for r in releases)
    assert statuses["failed"] >= 2
    assert statuses["uninstalled"] >= 2
    assert statuses["pending-upgrade"] + statuses["pending-rollback"] >= 2
    assert statuses["deployed"] > 30


def test_every_revision_is_stored_under_helms_own_name_and_labels():
    secrets = filled().named("Secret")
    for release in demo.releases():
        key = release.namespace, f"sh.helm.release.v1.{release.name}.v{release.revision}"
        labels = {"owner": "helm", "name": release.name, "status": release.status, "version": str(release.revision)}
        assert secrets[key]["metadata"]["labels"].items() >= labels.items()
        assert list(stored()[key])[:3] == ["name", "info", "chart"], "readers decode only the front"
        assert stored()[key]["chart"]["metadata"]["version"] == release.version
    per_release = Counter((namespace, found["name"]) for (namespace, _), found in stored().items())
    assert max(per_release.values()) == 10


def test_a_failed_or_pending_revision_leaves_an_older_one_deployed():
    statuses: dict[tuple[str, str], list[str]] = {}
    for (namespace, _), found in stored().items():
        statuses.setdefault((namespace, found["name"]), []).append(found["info"]["status"])
    for release in demo.releases():
        expected = 0 if release.status == "uninstalled" or (release.status == "failed" and release.revision == 1) else 1
        assert statuses[release.namespace, release.name].count("deployed") == expected, release.name


def test_about_half_of_the_releases_have_a_newer_version_in_a_repository():
    newer = [r.name for r in demo.releases() if any(c.version != r.version for c in demo.charts()[r.chart][: _position(r)] if "-" not in c.version)]
    listed = {chart.name for charts in demo.repositories().values() for chart in charts}
    with_upgrade = [name for name in newer if name in {r.name for r in demo.releases() if r.chart in listed}]
    assert 15 <= len(with_upgrade) <= 25


def _position(release: demo.DemoRelease) -> int:
    return next(i for i, chart in enumerate(demo.charts()[release.chart]) if chart.version == release.version)


def test_one_release_has_no_source_and_one_has_sources_that_disagree():
    newest: dict[str, set[str]] = {}
    for charts in demo.repositories().values():
        seen = set()
        for chart in charts:
            if chart.name not in seen:
                newest.setdefault(chart.name, set()).add(chart.version)
                seen.add(chart.name)
    assert "orders-api" not in newest
    assert len(newest["redis"]) == 2


def test_values_are_yaml_without_surprises_and_hold_something_to_mask():
    for release in demo.releases():
        values = release.history(NOW)[-1].values
        assert yaml.safe_load(yaml.safe_dump(values)) == values
        assert len(values["auth"]["password"]) == 20


def test_live_objects_are_marked_as_helms_own():
    shelf = filled()
    deployment = shelf.named("Deployment")["data-platform", "trino-coordinator"]
    assert deployment["metadata"]["annotations"]["meta.helm.sh/release-name"] == "trino"
    assert deployment["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "Helm"
    assert not [name for ns, name in shelf.named("Deployment") if ns == "platform-system" and name.startswith("sealed-secrets")], "uninstalled: nothing is left"


def test_an_archive_is_the_same_every_time():
    chart = demo.charts()["trino"][0]
    chart_again = demo.Chart(**{name: getattr(chart, name) for name in chart.__dataclass_fields__})
    assert chart.archive == chart_again.archive
