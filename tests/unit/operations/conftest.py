"""A helm that does what a test says."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.operations.board import OperationsBoard
from helmpanel.operations.runner import Runner
from helmpanel.settings import Settings
from tests.waiting import until


@dataclass
class FakeLine:
    text: str
    is_error: bool = True


class FakeHelm:
    """Ends when told to; remembers the signals it got."""

    def __init__(self, folder: Path, name: str) -> None:
        self._stdout: list[str] = []
        self.stderr_path = folder / f"{name}.err"
        self.stderr_path.touch()
        self.returncode: int | None = None
        self.signals: list[str] = []
        self.ends_on_term: int | None = 1
        self._lines: asyncio.Queue[FakeLine] = asyncio.Queue()
        self._over = asyncio.Event()

    def says(self, *lines: str, is_error: bool = True) -> None:
        for line in lines:
            self._lines.put_nowait(FakeLine(line, is_error))
            if not is_error:
                self._stdout.append(f"{line}\n")
                continue
            with self.stderr_path.open("a") as file:
                file.write(f"{line}\n")

    def ends(self, rc: int) -> None:
        self.returncode = rc
        self._over.set()

    async def wait(self) -> int:
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    async def batches(self):
        while True:
            batch = []
            while not self._lines.empty():
                batch.append(self._lines.get_nowait())
            if batch:
                yield tuple(batch)
            elif self.returncode is not None:
                return
            await asyncio.sleep(0.005)

    def output(self) -> tuple[str, str]:
        return "".join(self._stdout), self.stderr_path.read_text()

    def terminate(self) -> None:
        self.signals.append("TERM")
        if self.ends_on_term is not None:
            self.ends(self.ends_on_term)

    def kill(self) -> None:
        self.signals.append("KILL")
        self.ends(-9)


class Stage:
    """A runner, the helms it started, and the cluster as it believes it to be."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.helms: list[FakeHelm] = []
        self.revisions: dict[str, int | None] = {}
        self.fault: Exception | None = None
        self.story: list[str] = []
        self.board = OperationsBoard()
        self.folder = folder
        self.ended: list[Operation] = []
        self.runner = Runner(
            binary="helm",
            launch=self._launch,
            revision_of=self._revision_of,
            on_started=self._on_started,
            on_ended=self._on_ended,
            board=self.board,
            settings=Settings(data_dir=folder, **{"flush_interval_s": 0.01, **settings}),
        )

    def plan(self, name: str = "web", kind: OperationKind = OperationKind.UPGRADE, **changes: object) -> Plan:
        values = {"argv": (kind.value, name), "revision": 7, "timeout_s": 300.0, "sentence": "", "target": "1.2.0 → 1.4.0", **changes}
        return Plan(kind=kind, release=ReleaseKey("prod", "team-a", name), **values)

    async def helm(self, count: int = 1) -> FakeHelm:
        """The helm started last, once so many were."""
        await until(lambda: len(self.helms) >= count)
        return self.helms[count - 1]

    def _launch(self, plan: Plan, name: str) -> FakeHelm:
        if self.fault is not None:
            raise self.fault
        self.helms.append(FakeHelm(self.folder, name))
        return self.helms[-1]

    async def _revision_of(self, key: ReleaseKey) -> int | None:
        await asyncio.sleep(0)
        return self.revisions.get(key.name, 7)

    async def _on_started(self, operation: Operation) -> None:
        self.story.append("started")

    async def _on_ended(self, operation: Operation) -> None:
        self.story.append(f"refreshed, outcome {operation.outcome}")


@pytest.fixture
async def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    await made.runner.close()


@pytest.fixture
def make_stage(tmp_path):
    return lambda **settings: Stage(tmp_path, **settings)
