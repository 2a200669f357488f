"""About 40 believable releases, and the repositories their charts come from, as `catalogue.txt` has them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from helmpanel.sandbox.demo.chart import Chart, Component
from helmpanel.sandbox.demo.seed import Store, StoredRevision, seed_namespace, seed_release

_CATALOGUE = Path(__file__).parent / "catalogue.txt"
_KEPT_REVISIONS = 10
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRelease:
    """One line of the catalogue."""

    name: str
    namespace: str
    chart: str
    version: str
    revision: int
    status: str
    age: timedelta
    extra: Mapping[str, str]

    def values(self, component: str, number: int) -> dict[str, object]:
        """User-supplied values at a revision: a little more with time, and a password as people keep them."""
        given: dict[str, object] = {"auth": {"username": f"{self.name}-admin", "password": _secret(self.name)}}
        behind = self.revision - number
        if behind < 8:
            given[component] = {"replicas": 2 if behind < 3 else 1}
        if behind < 5:
            given["config"] = {"logLevel": "info" if behind == 0 else "warning", "timezone": "Europe/Berlin"}
        if behind == 0 and "image" in self.extra:
            given["image"] = {"repository": self.extra["image"]}
        if "ready" in self.extra:
            given["podAnnotations"] = {"fake-kubelet/ready-after": self.extra["ready"]}
        return given

    def history(self, now: datetime) -> list[StoredRevision]:
        """The newest ten revisions, oldest first, each a little younger in chart and values than the one before."""
        versions = charts()[self.chart]
        installed = next(i for i, chart in enumerate(versions) if chart.version == self.version)
        stored = []
        for number in range(max(1, self.revision - _KEPT_REVISIONS + 1), self.revision + 1):
            behind = self.revision - number
            chart = versions[min(installed + (behind + 2) // 3, len(versions) - 1)]
            stored.append(
                StoredRevision(
                    chart=chart,
                    status=self._status(number),
                    # Further apart the older they are, and never on the minute.
                    deployed=now - self.age - timedelta(hours=behind * (31 + 17 * behind), seconds=97 * behind),
                    values=self.values(chart.components[0].key, number),
                )
            )
        return stored

    def _status(self, number: int) -> str:
        if number == self.revision:
            return self.status
        # A failed or pending revision leaves the one before it as the one that serves.
        if number == self.revision - 1 and self.status not in ("deployed", "uninstalled"):
            return "deployed"
        return "failed" if number % 9 == 4 else "superseded"


@cache
def charts() -> dict[str, tuple[Chart, ...]]:
    """Every version of every chart by name, newest first."""
    found = {}
    for name, versions, components, marks, kinds in _table("charts"):
        parts = tuple(_component(text) for text in components.split())
        pairs = [text.split("=") for text in versions.split()]
        stable = [version for version, _ in pairs if "-" not in version]
        found[name] = tuple(
            Chart(
                name=name,
                version=version,
                app_version=app,
                components=parts,
                has_schema="s" in marks,
                has_migration="m" in marks,
                migration_fails="x" in marks and version == stable[0],
                keeps_claim="k" in marks,
                has_metrics=version == stable[0] or "-" in version,
                crds=tuple(kinds.split()),
            )
            for version, app in pairs
        )
    return found


@cache
def releases() -> tuple[DemoRelease, ...]:
    """The releases of the catalogue."""
    return tuple(
        DemoRelease(
            name=name,
            namespace=namespace,
            chart=chart,
            version=version,
            revision=int(revision),
            status=status,
            age=int(age[:-1]) * _UNITS[age[-1]],
            extra=dict(pair.split("=") for pair in extra.split()),
        )
        for name, namespace, chart, version, revision, status, age, extra in _table("releases")
    )


def repositories() -> dict[str, list[Chart]]:
    """What each repository offers, newest first within one chart."""
    offered: dict[str, list[Chart]] = {}
    for name, listed in _table("repositories"):
        offered[name] = []
        for entry in listed.split():
            chart, _, newest = entry.partition("<=")
            versions = charts()[chart]
            first = next(i for i, c in enumerate(versions) if not newest or c.version == newest)
            offered[name].extend(versions[first:])
    return offered


def fill(box: Store, now: datetime | None = None) -> None:
    """Store all releases of the catalogue in a sandbox."""
    now = now or datetime.now(UTC)
    for namespace in sorted({release.namespace for release in releases()} | {"default"}):
        seed_namespace(box, namespace)
    for release in releases():
        history = release.history(now)
        seed_release(box, release.namespace, release.name, history, first=release.revision - len(history) + 1)


def _component(text: str) -> Component:
    found = re.fullmatch(r"([a-z-]+)(?::(\d+))?(\*)?", text)
    assert found, text
    return Component(name=found[1], port=int(found[2] or 8080), stateful=bool(found[3]))


def _secret(name: str) -> str:
    """A password that looks like one and is the same in every demo."""
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def _table(section: str) -> Iterator[list[str]]:
    """The cells of one section of the catalogue."""
    text = _CATALOGUE.read_text(encoding="utf-8").partition(f"[{section}]\n")[2].partition("\n[")[0]
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|")]
