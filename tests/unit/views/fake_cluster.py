"""A cluster in memory: what views see of one, without helm, kube or files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from helmpanel.errors import ReleaseNotFound
from helmpanel.model.availability import Availability, AvailabilityState, SourceState
from helmpanel.model.health import Workload
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation, Outcome, Phase
from helmpanel.model.plan import OperationKind
from helmpanel.model.records import ReleaseRecord, releases_frame
from helmpanel.model.release import Release
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.operations.board import OperationsBoard
from helmpanel.settings import Settings

NOW = datetime(2026, 11, 22, 14, 40, tzinfo=UTC)


def record(
    name: str,
    namespace: str = "team-a",
    *,
    status: str = "deployed",
    version: str = "1.0.0",
    newer: str = "",
    revision: int = 1,
    chart: str = "",
    app_version: str = "2.0",
    age_s: float = 60,
) -> ReleaseRecord:
    state = AvailabilityState.NEWER if newer else AvailabilityState.CURRENT
    return ReleaseRecord(
        key=ReleaseKey("prod", namespace, name),
        revision=revision,
        status=status,
        chart=chart or name,
        version=version,
        app_version=app_version,
        updated=NOW - timedelta(seconds=age_s),
        availability=Availability(state=state, version=newer, source="repo" if newer else "", step="minor" if newer else ""),
    )


class FakeCluster:
    """Just enough of `helmpanel.cluster.Cluster`."""

    def __init__(self, records: Iterable[ReleaseRecord] = (), *, read_only: bool = False, page_size: int = 25) -> None:
        self.context = "prod"
        self.server = "https://127.0.0.1:6443"
        self.namespaces: tuple[str, ...] | None = None
        self.helm_version = "v4.3.1"
        self.helm_error = None
        self.settings = Settings(read_only=read_only, page_size=page_size)
        self.table = ReleaseTable()
        self.operations = OperationsBoard()
        self.lookers = 0
        self.cancelled: list[tuple[Operation, bool]] = []
        self.watched: dict[int, list[str]] = {}
        """Releases on the screen of each viewer, by its id."""
        self.held: dict[str, tuple[Workload, ...]] = {}
        """Workloads of each release."""
        self._records: dict[str, ReleaseRecord] = {}
        self.read(records)

    def read(self, records: Iterable[ReleaseRecord]) -> None:
        """A reading that succeeded."""
        self._records = {str(one.key): one for one in records}
        self.table.param.update(
            frame=releases_frame(self._records.values()), state=TableState.READY, read_at=NOW, sources=SourceState(names=("repo",), oldest_index=NOW)
        )

    def begin(self, name: str = "web", kind: OperationKind = OperationKind.UPGRADE, target: str = "1.0.0 → 1.1.0", **more: object) -> Operation:
        """An operation that has started."""
        operation = Operation(
            id=f"{name}-{len(self.operations.ended)}-{len(self.operations.running)}",
            kind=kind,
            release=ReleaseKey("prod", "team-a", name),
            target=target,
            phase=Phase.RUNNING,
            message="Running helm",
            started=NOW,
            **more,
        )
        self.operations.begin(operation)
        return operation

    def end(self, operation: Operation, outcome: Outcome = Outcome.SUCCEEDED, **more: object) -> None:
        operation.param.update(outcome=outcome, phase=Phase.ENDED, finished=NOW, elapsed=7.0, **more)
        operation.mark_ended()
        self.operations.end(operation)

    def release(self, name: str) -> Release:
        found = self._records.get(str(name))
        if found is None:
            raise ReleaseNotFound(f"There is no release {name}.")
        return Release(
            key=found.key,
            namespace=found.key.namespace,
            name=found.key.name,
            version=found.version,
            availability=found.availability,
            health=found.health,
            unreadable=found.unreadable,
        )

    def workloads(self, name: str | ReleaseKey) -> tuple[Workload, ...]:
        return self.held.get(str(name), ())

    def on_screen(self, viewer: object, names: Sequence[str]) -> None:
        if names:
            self.watched[id(viewer)] = list(names)
        else:
            self.watched.pop(id(viewer), None)

    def key(self, name: str) -> ReleaseKey:
        return ReleaseKey.parse(self.context, name)

    def look(self) -> Callable[[], None]:
        self.lookers += 1

        def away() -> None:
            self.lookers -= 1

        return away

    async def cancel(self, operation: Operation, *, kill: bool = False) -> None:
        self.cancelled.append((operation, kill))
