"""How a cluster object's plans are carried out: which helm, which environment, and when the releases are read again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine

from helmpanel.errors import HelmPanelError
from helmpanel.helm.binary import HelmBinary
from helmpanel.helm.environment import helm_environment
from helmpanel.helm.process import HelmProcess
from helmpanel.inventory.inventory import Inventory
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation
from helmpanel.model.plan import Plan
from helmpanel.model.table import TableState
from helmpanel.operations.board import OperationsBoard
from helmpanel.operations.runner import RevisionOf, Runner
from helmpanel.runtime.files import log_folder, prune_logs
from helmpanel.runtime.tasks import spawn
from helmpanel.settings import Settings

log = logging.getLogger(__name__)

PENDING_SHOWS_S = 1.0
"""After helm's start: by then it has stored the pending revision (0.1-0.3 s), and the row should say so."""
PENDING_GIVEN_UP_S = 20.0
"""Then the row waits for the next ordinary listing."""


class Carrier:
    """The operations of one cluster object. On the I/O thread only."""

    def __init__(
        self,
        *,
        board: OperationsBoard,
        settings: Settings,
        helm: Callable[[], Awaitable[HelmBinary]],
        revision_of: RevisionOf,
        inventory: Callable[[], Inventory],
        on_ended: Callable[[Operation], None],
    ) -> None:
        """A carrier without a runner: helm is looked for when the first plan comes.

        Args:
            board: Where operations are listed.
            settings: Limits, times, and the folder of the logs.
            helm: Finds helm; raises HelmMissing or HelmTooOld.
            revision_of: A release's revision right now.
            inventory: What is to be read again; raises HelmPanelError where it cannot be.
            on_ended: Told of an end before the releases are read again.
        """
        self._board = board
        self._settings = settings
        self._helm = helm
        self._revision_of = revision_of
        self._inventory = inventory
        self._on_ended = on_ended
        self._runner: Runner | None = None

    async def submit(self, plan: Plan) -> Operation:
        """Hand a plan to the runner; see `Runner.submit`.

        Raises:
            HelmPanelError: No usable kubeconfig, a closed cluster object, or no helm.
        """
        self._inventory()
        binary = await self._helm()
        if self._runner is None:
            self._runner = Runner(
                binary=binary.path,
                launch=lambda plan, name: self._launch(binary, plan, name),
                revision_of=self._revision_of,
                on_started=self._after_start,
                on_ended=self._after_end,
                board=self._board,
                settings=self._settings,
            )
        return await self._runner.submit(plan)

    async def cancel(self, operation: Operation, kill: bool) -> None:
        """See `Runner.cancel`."""
        if self._runner is not None:
            await self._runner.cancel(operation, kill=kill)

    async def close(self) -> None:
        """See `Runner.close`."""
        if self._runner is not None:
            await self._runner.close()

    def _launch(self, binary: HelmBinary, plan: Plan, name: str) -> HelmProcess:
        # HELM_DEBUG makes helm say what it does while it does it; as a variable, so that the command shown is the command to type.
        env = helm_environment(plugins=True, driver=self._settings.driver) | {"HELM_DEBUG": "true"}
        return HelmProcess.start(binary.path, plan.argv, stdin=plan.stdin, folder=log_folder(self._settings.data_dir), name=name, env=env)

    async def _after_start(self, operation: Operation) -> None:
        before = self._seen(operation.release)
        in_use = frozenset(op.id for op in self._board.running)
        await asyncio.to_thread(prune_logs, self._settings.data_dir, in_use=in_use)
        wait_s = PENDING_SHOWS_S
        # What is followed shows by itself. Elsewhere, a few looks, further and further apart: a chart download or a loaded machine takes its time.
        while self._inventory().table.state is not TableState.LIVE and wait_s < PENDING_GIVEN_UP_S:
            await asyncio.sleep(wait_s)
            if self._seen(operation.release) != before:
                return
            await self._quietly(self._inventory().refresh())
            wait_s *= 2

    async def _after_end(self, operation: Operation) -> None:
        self._on_ended(operation)
        reading = spawn(self._quietly(self._inventory().confirm(operation.release)), f"read release after {operation.id}")
        # A server that hangs now must not keep the end of the operation from anybody.
        done, _ = await asyncio.wait([reading], timeout=self._settings.request_timeout_s)
        if not done:
            log.warning("%s: the release could not be read again in time", operation.id)

    async def _quietly(self, reading: Coroutine[object, object, None]) -> None:
        with contextlib.suppress(HelmPanelError):  # the table says so
            await reading

    def _seen(self, key: ReleaseKey) -> tuple[int, str] | None:
        record = self._inventory().records.get(key)
        return (record.revision, record.status) if record is not None else None
