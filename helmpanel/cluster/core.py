"""What a cluster object does, on the I/O thread: reads and operations of one context as one identity."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from helmpanel.charts.matching import Choices, availability, choices
from helmpanel.charts.repositories import Repositories
from helmpanel.cluster.carrier import Carrier
from helmpanel.cluster.kept import KeptTexts
from helmpanel.cluster.opened import HelmOpened, Opened
from helmpanel.cluster.wiring import make_inventory
from helmpanel.errors import ChartSourceFault, HelmFailure, HelmPanelError, ReleaseNotFound
from helmpanel.helm.argv import NEWEST_KNOWN, Target
from helmpanel.helm.binary import HelmBinary, find_helm
from helmpanel.helm.read import HelmReader
from helmpanel.inventory.drivers import Driver, driver_of
from helmpanel.inventory.inventory import Inventory
from helmpanel.inventory.opened import StoredOpened
from helmpanel.kube.api import KubeApi
from helmpanel.kube.kubeconfig import Access, load_access
from helmpanel.model.availability import SourceState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.model.preview import UninstallPreview
from helmpanel.model.release import Revision
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.operations.board import OperationsBoard
from helmpanel.planning.uninstall import uninstall_preview
from helmpanel.runtime import io
from helmpanel.runtime.files import remove_reports
from helmpanel.runtime.news import write
from helmpanel.settings import Settings

HELM_AFTER_S, HELM_STEP_S = 0.5, 0.02
"""helm is looked for when the releases are complete, or after this."""


class Core:
    """One context as one identity. All coroutines belong on the I/O thread; the attributes may be read anywhere."""

    def __init__(self, kubeconfig: str | None, context: str | None, namespaces: tuple[str, ...] | None, helm: str | Path | None, settings: Settings) -> None:
        self.table = ReleaseTable()
        self.board = OperationsBoard()
        self.settings = settings
        self.access: Access | None = None
        self.binary: HelmBinary | None = None
        self.fault: HelmPanelError | None = None
        self.helm_error: HelmPanelError | None = None
        self.namespaces = namespaces
        self._kubeconfig = kubeconfig
        self._context = context
        self._helm = helm
        self._texts = KeptTexts()
        self._repositories = Repositories()
        self._api: KubeApi | None = None
        self._driver: Driver
        self._inventory: Inventory | None = None
        self._carrier = Carrier(
            board=self.board,
            settings=settings,
            helm=self.helm,
            revision_of=self.revision,
            inventory=lambda: self.inventory,
            on_ended=self._forget,
        )
        self._lookers: dict[object, Callable[[], None] | None] = {}
        self._is_closed = False
        # Whoever never closes it gets no complaint about open connections when Python ends.
        io.thread.close_at_stop(self)

    def resolve(self) -> None:
        """Read the kubeconfig; a fault is kept for whoever asks for something. Blocking, milliseconds."""
        try:
            self._driver = driver_of(self.settings.driver, os.environ)
            access = load_access(self._kubeconfig, self._context)
        except HelmPanelError as fault:
            self.fault = fault
            return
        self.fault = None
        self.access = access
        self._api = KubeApi(self._kubeconfig, access.context, settings=self.settings)
        self._inventory = make_inventory(
            self._api,
            access,
            self._driver,
            namespaces=self.namespaces,
            table=self.table,
            availability=lambda chart, version: availability(chart, version, self._repositories.catalogues),
            reader=self.reader,
            settings=self.settings,
        )

    @property
    def context(self) -> str:
        """Name of the context; what was asked for while the kubeconfig cannot be read."""
        return self.access.context if self.access is not None else self._context or ""

    @property
    def inventory(self) -> Inventory:
        """What is known of the releases.

        Raises:
            HelmPanelError: There is no usable kubeconfig, or the cluster object is closed.
        """
        if self._is_closed:
            raise HelmPanelError("This cluster object is closed. Connect again.")
        if self._inventory is None:
            raise self.fault or HelmPanelError("The kubeconfig has not been read.")
        return self._inventory

    # Reading

    async def begin(self) -> None:
        """The first reading. Faults stay in the table."""
        await asyncio.to_thread(remove_reports, self.settings.data_dir)
        with contextlib.suppress(HelmPanelError):
            await asyncio.gather(self.refresh(), self._find_helm_later())

    async def _find_helm_later(self) -> None:
        """Not before the releases are there, if they come soon: to start a process stops all threads of this one for some 50 ms."""
        for _ in range(round(HELM_AFTER_S / HELM_STEP_S)):
            if self.table.is_complete:
                break
            await asyncio.sleep(HELM_STEP_S)
        await self._find_helm_quietly()

    async def refresh(self) -> None:
        """Releases and the repositories' indexes, read anew.

        Raises:
            HelmPanelError: The releases could not be read.
        """
        if self._inventory is None and not self._is_closed:
            await asyncio.to_thread(self.resolve)
            if self.fault is not None:
                write(self.table, state=TableState.FAILED, error=self.fault)
            elif self._inventory is not None:
                self._lookers = {token: self._inventory.look() for token in self._lookers}
        inventory = self.inventory
        known = self._repositories.catalogues
        reading, _ = await asyncio.gather(inventory.refresh(), self._repositories.read(), return_exceptions=True)
        if self._repositories.catalogues != known or self.table.sources != known.state:
            await inventory.reconsider(self._repositories.catalogues.state)
        if isinstance(reading, BaseException):
            raise reading

    async def refresh_repositories(self) -> SourceState:
        """`helm repo update`, then the indexes and what follows from them.

        Raises:
            ChartSourceFault: A repository could not be updated; the others were.
            HelmMissing: No helm.
        """
        reader = await self.reader()
        await self._repositories.read()
        fault: HelmFailure | None = None
        if self._repositories.catalogues.each:
            try:
                await reader.refresh_repositories()
            except HelmFailure as failure:
                fault = failure
            await self._repositories.read()
        state = self._repositories.catalogues.state
        if self._inventory is not None:
            await self._inventory.reconsider(state)
        if fault is not None:
            raise ChartSourceFault(f"Not every chart repository could be refreshed. {fault}") from fault
        return state

    def look(self, token: object) -> None:
        """Somebody looks."""
        self._lookers[token] = self._inventory.look() if self._inventory is not None and not self._is_closed else None

    def look_away(self, token: object) -> None:
        """And does not any more."""
        stop = self._lookers.pop(token, None)
        if stop is not None:
            stop()

    async def forsaken(self) -> None:
        """Nobody holds the cluster object any more: no watch stays open for it. Its operations go on, and somebody may hold one of them."""
        if self._inventory is not None and not self._is_closed:
            self._inventory.rest()
        for operation in tuple(self.board.running):
            await operation.ended()
        await self.close()

    def on_screen(self, viewer: object, keys: Sequence[ReleaseKey]) -> None:
        """Which releases a viewer shows now."""
        if self._inventory is not None and not self._is_closed:
            self._inventory.on_screen(viewer, [(key.namespace, key.name) for key in keys])

    async def reader(self) -> HelmReader:
        """Reads through helm.

        Raises:
            HelmMissing: No helm; looked for again at the next call.
            HelmTooOld: It is too old.
        """
        binary = await self.helm()
        return HelmReader(binary, self.target, timeout_s=self.settings.read_timeout_s, driver=self.settings.driver)

    async def helm(self) -> HelmBinary:
        """The helm to use, found once."""
        if self.binary is None:
            try:
                self.binary = await find_helm(self._helm, data_dir=self.settings.data_dir)
            except HelmPanelError as error:
                self.helm_error = error
                raise
            self.helm_error = None
        return self.binary

    @property
    def target(self) -> Target:
        """How helm is told which cluster: the same kubeconfig and context that are read from."""
        context = None if self.access is None or self.access.is_in_cluster else self.access.context
        return Target(context=context, kubeconfig=self._kubeconfig)

    async def history(self, key: ReleaseKey) -> list[Revision]:
        """Stored revisions, newest first."""
        return await (await self._opened()).history(key)

    async def text(self, key: ReleaseKey, what: str, revision: int | None) -> str:
        """Values, computed values, manifest or notes; kept when the revision is named."""
        opened = await self._opened()
        if revision is None:
            return await opened.text(key, what)
        self._texts.belong_to(await self._owner())
        stamp = await opened.stamp(key, revision)
        return await self._texts.get(key, revision, what, stamp, lambda: opened.text(key, what, revision))

    async def _owner(self) -> object:
        """As whom helm would read now, and as whom we do: a login goes on for a while when the kubeconfig already has another."""
        assert self._api is not None  # made with the inventory
        return await asyncio.to_thread(load_access, self._kubeconfig, self.context or None), await self._api.access()

    async def _opened(self) -> Opened:
        """What reads one release, the way all of them are read."""
        inventory = self.inventory  # a fault of the kubeconfig is told in our words, not helm's
        if self._driver.plural is None or not inventory.is_direct:
            return HelmOpened(await self.reader())
        assert self._api is not None
        return StoredOpened(self._api, self._driver.plural, helm_major=self.binary.major if self.binary is not None else NEWEST_KNOWN)

    async def chart_choices(self, key: ReleaseKey) -> Choices:
        """Versions on offer for a release."""
        record = self.inventory.record(key)
        if not self._repositories.catalogues.is_read:
            await self._repositories.read()
        return await asyncio.to_thread(choices, record.chart, record.version, self._repositories.catalogues)

    async def chart_defaults(self, chart: str, version: str) -> str:
        """A chart's own values, comments kept."""
        return await (await self.reader()).chart_defaults(chart, version=version)

    async def revision(self, key: ReleaseKey) -> int | None:
        """The newest revision in the cluster right now; None when the release is gone."""
        return max(await (await self._opened()).revisions(key), default=None)

    async def uninstall_preview(self, key: ReleaseKey) -> UninstallPreview:
        """What an uninstall would take and leave."""
        opened = await self._opened()
        revisions = await opened.revisions(key)
        if not revisions:
            raise ReleaseNotFound.of(key)
        stored = await opened.parts(key, revisions[-1])
        return await asyncio.to_thread(
            uninstall_preview, stored.manifest, namespace=key.namespace, hooks=stored.hooks, crds=stored.crds, revisions=len(revisions)
        )

    async def _find_helm_quietly(self) -> None:
        with contextlib.suppress(HelmPanelError):  # told when something needs helm
            await self.helm()

    # Operations

    async def submit(self, plan: Plan) -> Operation:
        """Carry a plan out."""
        return await self._carrier.submit(plan)

    async def cancel(self, operation: Operation, kill: bool) -> None:
        """Ask an operation to stop, or end its helm by force."""
        await self._carrier.cancel(operation, kill)

    async def close(self) -> None:
        """End everything of ours; a running helm goes on."""
        if self._is_closed:
            return
        self._is_closed = True
        await self._carrier.close()
        if self._inventory is not None:
            await self._inventory.close()
        if self._api is not None:
            await self._api.close()

    def _forget(self, operation: Operation) -> None:
        """After an uninstall the same name begins at revision 1 again."""
        if operation.kind is OperationKind.UNINSTALL:
            self._texts.forget(operation.release)
