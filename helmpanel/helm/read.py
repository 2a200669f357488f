"""Asking helm about one release: history, values, manifest, notes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict, cast

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.helm import argv
from helmpanel.helm.binary import HelmBinary
from helmpanel.helm.environment import helm_environment
from helmpanel.helm.process import run_read
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.release import Revision

ChartOf = Mapping[int, tuple[str, str]]
"""Revision to (chart name, chart version), as the storage has them."""


class HistoryRow(TypedDict, total=False):
    """One row of `helm history -o json`, both majors."""

    revision: int | str
    updated: str
    status: str
    chart: str
    app_version: str
    description: str


class ListRow(TypedDict, total=False):
    """One row of `helm list -o json`, both majors."""

    name: str
    namespace: str
    revision: int | str
    updated: str
    status: str
    chart: str
    app_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRelease:
    """One release as `helm list` tells it; its description it does not tell."""

    namespace: str
    name: str
    revision: int
    status: str
    chart: str
    version: str
    app_version: str
    updated: datetime | None


class HelmReader:
    """Reads through the user's helm, each command under a deadline of ours.

    Args:
        binary: Which helm.
        target: The cluster.
        timeout_s: Deadline for one command.
        env: Environment helm inherits; None for this process's own.
        driver: Where helm stores releases; empty for HELM_DRIVER.
    """

    def __init__(self, binary: HelmBinary, target: argv.Target, *, timeout_s: float, env: Mapping[str, str] | None = None, driver: str = "") -> None:
        self.binary = binary
        self.target = target
        self.timeout_s = timeout_s
        self._env = env
        self._driver = driver

    async def releases(self, namespace: str | None) -> list[ListedRelease]:
        """Every release of a namespace, or (None) of the whole cluster."""
        rows = from_json(await self._read(argv.list_releases(namespace, self.target)))
        found = [cast("ListRow", row) for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict)]
        return [_listed(row) for row in found]

    async def history(self, release: ReleaseKey, charts: ChartOf | None = None) -> list[Revision]:
        """Stored revisions, newest first.

        Args:
            release: Whose.
            charts: Chart name and version of revisions, where the storage was read; helm's history has only `name-version`, see `chart_and_version`.
        """
        text = await self._read(argv.history(release, self.target))
        return revisions(text, charts or {})

    async def values(self, release: ReleaseKey, *, computed: bool = False, revision: int | None = None) -> str:
        """Values as YAML text: what the user supplied, or with `computed` everything the chart was rendered with. Empty when there are none."""
        text = await self._read(argv.get_values(release, self.target, computed=computed, revision=revision))
        return "" if text.strip() in ("null", "{}") else text

    async def manifest(self, release: ReleaseKey, *, revision: int | None = None) -> str:
        """What was applied, hooks not included."""
        return await self._read(argv.get_manifest(release, self.target, revision=revision))

    async def notes(self, release: ReleaseKey, *, revision: int | None = None) -> str:
        """The chart's notes; empty when it has none. Untrusted text."""
        text = await self._read(argv.get_notes(release, self.target, revision=revision))
        return text.removeprefix("NOTES:\n").strip("\n")

    async def hooks(self, release: ReleaseKey, *, revision: int | None = None) -> str:
        """Manifests of all hooks, one after another."""
        return await self._read(argv.get_hooks(release, self.target, revision=revision))

    async def metadata(self, release: ReleaseKey, *, revision: int | None = None) -> tuple[str, str]:
        """Chart name and version of a revision, apart."""
        row = from_json(await self._read(argv.get_metadata(release, self.target, revision=revision)))
        if not isinstance(row, dict):
            raise ValueError("helm get metadata gave no object")
        return str(row.get("chart") or ""), str(row.get("version") or "")

    async def chart_defaults(self, chart: str, *, version: str = "") -> str:
        """A chart's own values.yaml, comments kept. Plugins may be needed to get it."""
        command = argv.show_values(chart, version=version)
        text = await self._read(command, plugins=True)
        return f"{stripped}\n" if (stripped := text.strip("\n")) else ""  # Helm 3 adds a line

    async def refresh_repositories(self, names: Sequence[str] = ()) -> str:
        """`helm repo update`; what it said."""
        return await self._read(argv.repo_update(names), plugins=True)

    async def _read(self, command: argv.Argv, *, plugins: bool = False) -> str:
        return await run_read(self.binary.path, command, timeout_s=self.timeout_s, env=helm_environment(plugins=plugins, base=self._env, driver=self._driver))


def revisions(text: str, charts: ChartOf) -> list[Revision]:
    """Rows of `helm history -o json`, newest first."""
    rows = from_json(text)
    if not isinstance(rows, list):
        rows = []
    found = [_revision(cast("HistoryRow", row), charts) for row in rows if isinstance(row, dict)]
    return sorted(found, key=lambda r: r.revision, reverse=True)


def _revision(row: HistoryRow, charts: ChartOf) -> Revision:
    number = int(row.get("revision", 0))
    name, version = charts.get(number) or chart_and_version(row.get("chart", ""), {name for name, _ in charts.values()})
    return Revision(
        revision=number,
        updated=moment(row.get("updated", "")),
        status=row.get("status", ""),
        chart=name,
        version=version,
        app_version=row.get("app_version", ""),
        description=row.get("description", ""),
    )


def _listed(row: ListRow) -> ListedRelease:
    chart, version = chart_and_version(row.get("chart", ""), set())
    number = str(row.get("revision", ""))
    return ListedRelease(
        namespace=row.get("namespace", ""),
        name=row.get("name", ""),
        revision=int(number) if number.isdecimal() else 0,
        status=row.get("status", ""),
        chart=chart,
        version=version,
        app_version=row.get("app_version", ""),
        updated=moment(row.get("updated", "")),
    )


def chart_and_version(label: str, known: set[str]) -> tuple[str, str]:
    """Chart name and version from helm's `name-version`, for revisions the storage did not tell about.

    Both may hold dashes, so this is the last resort: first the longest chart name known of this release that fits, else the first place after which all
    is a SemVer, as helm demands of chart versions (`redis-ha-1.0.0-rc.1` is redis-ha at 1.0.0-rc.1). Without either the whole label is the name.
    """
    if label == "MISSING":  # helm's word for a revision without a chart
        return "", ""
    fitting = [name for name in known if name and label.startswith(f"{name}-")]
    if fitting:
        name = max(fitting, key=len)
        return name, label[len(name) + 1 :]
    for pattern in (_SEMVER, _SHORT_VERSION):
        for dash in (m.start() for m in re.finditer("-", label)):
            if dash and pattern.fullmatch(label, dash + 1):
                return label[:dash], label[dash + 1 :]
    return label, ""


_TAIL = r"(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
_SEMVER = re.compile(r"v?\d+\.\d+\.\d+" + _TAIL)
# helm also takes "1.2"; tried second, or `app-2-1.0.0` would be app at "2-1.0.0".
_SHORT_VERSION = re.compile(r"v?\d+(\.\d+)?" + _TAIL)


def moment(text: str) -> datetime | None:
    """UTC from helm's time: RFC 3339 with nanoseconds, Go's `2026-11-22 21:41:12.65 +0900 +0900`, "" or Go's zero for none."""
    match = _TIME.match(text)
    if match is None or match["date"] == "0001-01-01":
        return None
    zone = match["zone"]
    offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"
    fraction = (match["fraction"] or "")[:6].ljust(6, "0")
    try:
        return datetime.fromisoformat(f"{match['date']}T{match['time']}.{fraction}{offset}").astimezone(UTC)
    except ValueError:
        return None


_TIME = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d)(\.(?P<fraction>\d+))? ?(?P<zone>Z|[+-]\d\d:?\d\d)")


def from_json(text: str) -> object:
    """The JSON in helm's output, which may have lines of text before it (OCI pulls from v4.2.1 on).

    Raises:
        HelmFailure: There is none.
    """
    start = 0
    while (begin := re.compile(r"^(?:[\[{]|null\b)", re.M).search(text, start)) is not None:
        try:
            return json.JSONDecoder().raw_decode(text, begin.start())[0]
        except ValueError:
            start = begin.end()
    raise HelmFailure(
        "helm answered, but not with JSON. Look whether the helm binary is a wrapper that prints more.", kind=FailureKind.UNKNOWN, command=(), rc=0, raw=text
    )
