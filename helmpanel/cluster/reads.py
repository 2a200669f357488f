"""What a cluster object tells."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Self

from helmpanel.charts.matching import Choices
from helmpanel.cluster.core import Core
from helmpanel.cluster.frames import history_frame
from helmpanel.model.keys import ReleaseKey
from helmpanel.runtime import io
from helmpanel.runtime.tasks import spawn
from helmpanel.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from helmpanel.errors import HelmPanelError
    from helmpanel.model.availability import SourceState
    from helmpanel.model.health import Workload
    from helmpanel.model.preview import UninstallPreview
    from helmpanel.model.release import Release, Revision
    from helmpanel.model.table import ReleaseTable
    from helmpanel.operations.board import OperationsBoard


class Reads:
    """The reading half of a cluster object."""

    def __init__(self, core: Core) -> None:
        """See `connect`."""
        self._core = core
        self.settings: Settings = core.settings
        self.table: ReleaseTable = core.table
        self.operations: OperationsBoard = core.board
        self.namespaces: tuple[str, ...] | None = core.namespaces
        core.resolve()
        self._beginning: Future[None] | None = io.submit(core.begin())
        # A cell that is run again makes another cluster object and forgets this one.
        weakref.finalize(self, _forsake, core).atexit = False

    @property
    def context(self) -> str:
        """Context name; "in-cluster" where there is no kubeconfig, empty when none can be read."""
        return self._core.context

    @property
    def server(self) -> str:
        """API server address, without credentials; empty when the kubeconfig cannot be read."""
        return self._core.access.server if self._core.access is not None else ""

    @property
    def helm_version(self) -> str:
        """Such as "v4.3.1"; empty until helm was found."""
        return self._core.binary.text if self._core.binary is not None else ""

    @property
    def helm_error(self) -> HelmPanelError | None:
        """Why helm cannot be used, such as HelmMissing: reading goes without it, unless only helm can. None while it is looked for, and when it was found."""
        return self._core.helm_error

    async def ready(self) -> Self:
        """Wait until the releases with their charts, the health of their workloads and the chart repositories' indexes are in.

        Workloads that do not answer are waited for a few seconds only: their health is `unknown` until they have.

        Raises:
            HelmPanelError: The releases could not be listed. Asking again tries again.
        """
        beginning, self._beginning = self._beginning, None
        if beginning is not None:
            try:
                await asyncio.shield(asyncio.wrap_future(beginning))
            except asyncio.CancelledError:
                self._beginning = beginning
                raise
            if self.table.read_at is None and self.table.error is not None:
                raise self.table.error
        if self.table.read_at is None:
            await self.refresh()
        return self

    @property
    def releases(self) -> pd.DataFrame:
        """A copy of the table as it is now: one row a release, columns and dtypes as in `helmpanel.model.records.RELEASE_COLUMNS`, index `namespace/name`."""
        frame: pd.DataFrame = self.table.frame
        return frame.copy()

    def release(self, name: str | ReleaseKey) -> Release:
        """The live object of a release; it follows the cluster as long as it is held.

        Raises:
            ReleaseNotFound: It is not in the table.
        """
        return self._core.inventory.release(self.key(name))

    def key(self, name: str | ReleaseKey) -> ReleaseKey:
        """The release's key in this cluster's context.

        Raises:
            PlanInvalid: Not of the form namespace/name.
        """
        return name if isinstance(name, ReleaseKey) else ReleaseKey.parse(self.context, name)

    async def refresh(self) -> None:
        """Read the releases and their workloads anew, charts included, and the repositories' indexes where they changed; else they are followed.

        Raises:
            HelmPanelError: The releases could not be read; the table keeps the rows it had.
        """
        await io.run(self._core.refresh())

    async def refresh_repositories(self) -> SourceState:
        """Have helm fetch the repositories' indexes, then ask anew what is available.

        Raises:
            ChartSourceFault: A repository could not be fetched; the others were.
        """
        return await io.run(self._core.refresh_repositories())

    def look(self) -> Callable[[], None]:
        """Say that somebody looks, until the returned function is called: `Settings.rest_after_s` after the last viewer the cluster is followed no more."""
        token = object()
        io.thread.soon(lambda: self._core.look(token))
        return lambda: io.thread.soon(lambda: self._core.look_away(token))

    def on_screen(self, viewer: object, names: Sequence[str | ReleaseKey]) -> None:
        """Say which releases a viewer shows now: what they are made of is read first, and why they are not healthy. Cheap, on any thread.

        Args:
            viewer: Who; the same object each time.
            names: Shown now, such as the rows of a page; empty when the viewer goes.
        """
        keys = [self.key(name) for name in names]
        io.thread.soon(lambda: self._core.on_screen(viewer, keys))

    def workloads(self, name: str | ReleaseKey) -> tuple[Workload, ...]:
        """Workloads of a release with their readiness, as last seen; empty where there are none, or none may be seen."""
        return self._core.inventory.workloads(self.key(name))

    async def history(self, name: str | ReleaseKey) -> pd.DataFrame:
        """Stored revisions, newest first: revision, updated (UTC), status, chart, version, app_version, description."""
        return history_frame(await self.revisions(name))

    async def revisions(self, name: str | ReleaseKey) -> list[Revision]:
        """The same as objects, newest first."""
        return await io.run(self._core.history(self.key(name)))

    async def values(self, name: str | ReleaseKey, computed: bool = False, revision: int | None = None) -> str:
        """Values as YAML text: what the user supplied, or with `computed` everything the chart was rendered with. Empty when there are none."""
        return await io.run(self._core.text(self.key(name), "computed" if computed else "values", revision))

    async def manifest(self, name: str | ReleaseKey, revision: int | None = None) -> str:
        """What was applied, hooks not included; of the newest revision when none is named."""
        return await io.run(self._core.text(self.key(name), "manifest", revision))

    async def notes(self, name: str | ReleaseKey, revision: int | None = None) -> str:
        """The chart's notes; empty when it has none. Untrusted text."""
        return await io.run(self._core.text(self.key(name), "notes", revision))

    async def chart_choices(self, name: str | ReleaseKey) -> Choices:
        """Versions the release may be upgraded to, and from which source."""
        return await io.run(self._core.chart_choices(self.key(name)))

    async def chart_defaults(self, chart: str, version: str = "") -> str:
        """`helm show values` of a chart reference: its defaults with their comments."""
        return await io.run(self._core.chart_defaults(chart, version))

    async def uninstall_preview(self, name: str | ReleaseKey) -> UninstallPreview:
        """Objects that an uninstall takes away, and those it leaves, with the reason."""
        return await io.run(self._core.uninstall_preview(self.key(name)))


def _forsake(core: Core) -> None:
    io.thread.soon(lambda: spawn(core.forsaken(), "close a cluster that nobody holds"))
