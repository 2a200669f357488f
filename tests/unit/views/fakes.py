"""A cluster that answers from memory, for forms without a screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from helmpanel.charts.matching import Choices
from helmpanel.charts.versions import is_prerelease
from helmpanel.errors import HelmPanelError
from helmpanel.helm.argv import Target
from helmpanel.model.availability import Availability, AvailabilityState, ChartVersion
from helmpanel.model.health import Workload
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan
from helmpanel.model.preview import ObjectGroup, UninstallPreview
from helmpanel.model.release import Release, Revision
from helmpanel.planning.rollback import plan_rollback
from helmpanel.planning.uninstall import plan_uninstall
from helmpanel.planning.upgrade import UpgradeWish, plan_upgrade

NOW = datetime(2026, 11, 22, 14, 21, 7, tzinfo=UTC)
KEY = ReleaseKey("prod-eu-1", "analytics", "jupyterhub")
VALUES = "hub:\n  db:\n    password: hunter2\n  replicas: 2\ncull:\n  every: 300\n"
OLD_VALUES = "hub:\n  db:\n    password: older\n  replicas: 3\n"


def version(number: str, days: int, **more: object) -> ChartVersion:
    return ChartVersion(
        chart="jupyterhub", version=number, app_version="5.2", created=NOW - timedelta(days=days), source="hub", is_prerelease=is_prerelease(number), **more
    )


def revision(number: int, status: str, chart_version: str, description: str = "Upgrade complete") -> Revision:
    return Revision(
        revision=number,
        updated=NOW - timedelta(days=23 - number),
        status=status,
        chart="jupyterhub",
        version=chart_version,
        app_version="5.2",
        description=description,
    )


class FakeCluster:
    """Answers at once. `failing` names methods that raise; `calls` counts what was asked."""

    context = "prod-eu-1"
    server = "https://203.0.113.10"
    helm_version = "v4.3.1"
    settings = SimpleNamespace(read_only=False, log_lines_kept=100)

    def __init__(self, *, values: str = VALUES, versions: tuple[ChartVersion, ...] | None = None, reference: str = "hub/jupyterhub") -> None:
        self.stored = values
        self.versions = versions if versions is not None else tuple(version(*pair) for pair in (("5.0.0-rc.1", 1), ("4.2.0", 9), ("4.1.0", 30), ("4.0.0", 60)))
        self.reference = reference
        self.failing: dict[str, HelmPanelError] = {}
        self.calls: list[str] = []
        self.held: tuple[Workload, ...] = ()
        self.kept = [revision(22, "deployed", "4.1.0"), revision(21, "failed", "4.1.0", "timed out <b>"), revision(20, "superseded", "4.0.0")]
        newer = Availability(state=AvailabilityState.NEWER, version="4.2.0", source="hub", step="minor")
        self.object = Release(
            key=KEY, namespace=KEY.namespace, name=KEY.name, revision=22, status="deployed", chart="jupyterhub", version="4.1.0", app_version="5.2",
            updated=NOW,
            description="Upgrade complete", availability=newer,
        )  # fmt: skip

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.failing:
            raise self.failing[name]

    def release(self, key: ReleaseKey) -> Release:
        self._call("release")
        return self.object

    def workloads(self, name: object) -> tuple[Workload, ...]:
        return self.held

    async def values(self, key: ReleaseKey, computed: bool = False, revision: int | None = None) -> str:
        self._call("values")
        if computed:
            return self.stored + "extra: 1\n"
        return OLD_VALUES if revision is not None and revision < 22 else self.stored

    async def manifest(self, key: ReleaseKey, revision: int | None = None) -> str:
        self._call("manifest")
        return "kind: Secret\ndata:\n  a: aHVudGVyMg==\n---\nkind: Service\n"

    async def notes(self, key: ReleaseKey, revision: int | None = None) -> str:
        self._call("notes")
        return "Log in with password: hunter2\n"

    async def revisions(self, key: ReleaseKey) -> list[Revision]:
        self._call("revisions")
        return list(self.kept)

    async def chart_choices(self, key: ReleaseKey) -> Choices:
        self._call("chart_choices")
        return Choices(
            versions=self.versions, reference=self.reference, why="hub lists the installed version 4.1.0." if self.reference else "No repository lists it."
        )

    async def chart_defaults(self, chart: str, version: str = "") -> str:
        self._call("chart_defaults")
        return "hub: {}\n"

    async def uninstall_preview(self, key: ReleaseKey) -> UninstallPreview:
        self._call("uninstall_preview")
        goes = (ObjectGroup(kind="Deployment", names=("hub", "proxy")), ObjectGroup(kind="Ingress", names=("hub",)))
        return UninstallPreview(goes=goes, stays=(ObjectGroup(kind="Secret", names=("key",), reason="kept by its resource policy"),), revisions=3)

    async def plan_upgrade(self, key: ReleaseKey, *, revision: int, **wish: object) -> Plan:
        self._call("plan_upgrade")
        asked = UpgradeWish(**wish)  # type: ignore[arg-type]
        return plan_upgrade(key, asked, revision=revision, current_version="4.1.0", current_values=self.stored, target=Target(context=key.context), major=4)

    async def plan_rollback(self, key: ReleaseKey, to: int, *, wait: bool, timeout_s: float, current: int) -> Plan:
        self._call("plan_rollback")
        return plan_rollback(key, to, revision=current, wait=wait, timeout_s=timeout_s, target=Target(context=key.context), major=4)

    async def plan_uninstall(self, key: ReleaseKey, *, keep_history: bool, revision: int) -> Plan:
        self._call("plan_uninstall")
        return plan_uninstall(key, revision=revision, keep_history=keep_history, wait=False, timeout_s=300, target=Target(context=key.context), major=4)
