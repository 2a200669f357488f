"""One context seen as one identity: the object everything else hangs on, usable with no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helmpanel.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from helmpanel.model.availability import ChartVersion, SourceState
    from helmpanel.model.operation import Operation
    from helmpanel.model.plan import Plan
    from helmpanel.model.release import Release, Revision
    from helmpanel.model.table import ReleaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartChoices:
    """Versions a release may be upgraded to."""

    versions: tuple[ChartVersion, ...]
    """Newest first, pre-releases included, of the source chosen; empty when there is none."""
    reference: str
    """CHART argument of the chosen source, such as `bitnami/redis`; empty when there is none."""
    why: str
    """One sentence: why this source, or why none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectGroup:
    """Objects of one kind, for the uninstall dialog."""

    kind: str
    names: tuple[str, ...]
    reason: str = ""
    """Why they stay; empty for those that go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UninstallPreview:
    """What an uninstall takes away and what it leaves."""

    goes: tuple[ObjectGroup, ...]
    stays: tuple[ObjectGroup, ...]
    revisions: int
    """Stored revisions that go too unless the history is kept."""


def connect(
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    namespaces: Sequence[str] | None = None,
    helm: str | Path | None = None,
    *,
    settings: Settings | None = None,
) -> Cluster:
    """A cluster object that begins to read at once; await `ready()` before using its releases."""
    raise NotImplementedError


class Cluster(AbstractAsyncContextManager["Cluster"]):
    """Skeleton of the interface: every awaitable may be awaited on any event loop and any thread."""

    context: str
    """Context name; "in-cluster" where there is no kubeconfig."""
    server: str
    """API server address, without credentials."""
    namespaces: tuple[str, ...] | None
    """Namespaces looked at; None for the whole cluster."""
    settings: Settings
    helm_version: str
    """Such as "v4.3.1"; empty until read."""
    table: ReleaseTable
    operations: object
    """OperationsBoard (param.Parameterized): `running` and `ended`, lists of Operation, newest first."""

    async def ready(self) -> Cluster: ...
    @property
    def releases(self) -> pd.DataFrame: ...
    def release(self, name: str) -> Release: ...
    async def refresh(self) -> None: ...
    async def refresh_repositories(self) -> SourceState: ...
    def look(self) -> Callable[[], None]:
        """Say that somebody looks: listing every 30 s goes on until the returned function is called."""

    async def history(self, name: str) -> pd.DataFrame: ...
    async def revisions(self, name: str) -> list[Revision]:
        """Newest first."""

    async def values(self, name: str, computed: bool = False, revision: int | None = None) -> str: ...
    async def manifest(self, name: str, revision: int | None = None) -> str: ...
    async def notes(self, name: str, revision: int | None = None) -> str: ...
    async def chart_choices(self, name: str) -> ChartChoices: ...
    async def chart_defaults(self, chart: str, version: str = "") -> str:
        """`helm show values` of a chart reference."""

    async def uninstall_preview(self, name: str) -> UninstallPreview: ...

    async def plan_upgrade(
        self,
        name: str,
        *,
        chart: str,
        version: str = "",
        values: str | Mapping[str, object] | None = None,
        mode: str = "reuse",
        wait: bool = True,
        timeout_s: float = 300,
        rollback_on_failure: bool = False,
    ) -> Plan: ...
    async def plan_rollback(self, name: str, revision: int, *, wait: bool = True, timeout_s: float = 300) -> Plan: ...
    async def plan_uninstall(self, name: str, *, keep_history: bool = False, wait: bool = False, timeout_s: float = 300) -> Plan: ...
    async def submit(self, plan: Plan) -> Operation: ...
    async def cancel(self, operation: Operation, *, kill: bool = False) -> None: ...
    async def upgrade(self, name: str, **kwargs: object) -> Operation: ...
    async def rollback(self, name: str, revision: int, **kwargs: object) -> Operation: ...
    async def uninstall(self, name: str, **kwargs: object) -> Operation: ...
    async def close(self) -> None: ...
