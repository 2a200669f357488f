"""The cluster object: what a script, a notebook or a view holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from helmpanel.charts.matching import Choices
from helmpanel.cluster.core import Core
from helmpanel.cluster.frames import history_frame
from helmpanel.errors import ReleaseNotFound, SettingsInvalid
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan, ValuesMode
from helmpanel.planning.rollback import plan_rollback
from helmpanel.planning.uninstall import plan_uninstall
from helmpanel.planning.upgrade import UpgradeWish, plan_upgrade
from helmpanel.planning.values import values_text
from helmpanel.runtime import io
from helmpanel.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from helmpanel.errors import HelmPanelError
    from helmpanel.model.availability import SourceState
    from helmpanel.model.operation import Operation
    from helmpanel.model.preview import UninstallPreview
    from helmpanel.model.release import Release, Revision
    from helmpanel.model.table import ReleaseTable
    from helmpanel.operations.board import OperationsBoard


def connect(
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    namespaces: Sequence[str] | None = None,
    helm: str | Path | None = None,
    *,
    settings: Settings | None = None,
) -> Cluster:
    """A cluster object that begins to read at once; await `ready()` before using its releases.

    Args:
        kubeconfig: One file; None for KUBECONFIG (which may list several), `~/.kube/config`, or the pod's own service account.
        context: Its name; None for the current one, which is then kept even when somebody switches it.
        namespaces: Where to look; None for the whole cluster, which takes the right to list Secrets in all of it.
        helm: Path or name of the helm to use; None for HELMPANEL_HELM, PATH, or the managed copy.
        settings: Times and limits.
    """
    if isinstance(namespaces, str):
        raise SettingsInvalid(f"namespaces is the text {namespaces!r}, but a list of names is needed: [{namespaces!r}].")
    file = str(Path(kubeconfig).expanduser().absolute()) if kubeconfig else None
    return Cluster(Core(file, context, tuple(namespaces) if namespaces is not None else None, helm, settings or Settings()))


class Cluster(AbstractAsyncContextManager["Cluster"]):
    """One context as one identity. Every awaitable may be awaited on any event loop and any thread.

    Releases are named as `namespace/name`. All coroutines raise HelmPanelError with a sentence for a person.

    Attributes:
        namespaces: Namespaces looked at; None for the whole cluster.
        settings: Times and limits.
        table: The releases with their age and state; written by the inventory only.
        operations: Running and ended operations, newest first; they outlive every browser session.
    """

    def __init__(self, core: Core) -> None:
        """See `connect`."""
        self._core = core
        self.settings: Settings = core.settings
        self.table: ReleaseTable = core.table
        self.operations: OperationsBoard = core.board
        self.namespaces: tuple[str, ...] | None = core.namespaces
        core.resolve()
        self._beginning: Future[None] | None = io.submit(core.begin())

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
        """Why helm cannot be used, such as HelmMissing: reading the releases goes without it. None while it is looked for, and when it was found."""
        return self._core.helm_error

    # Reading

    async def ready(self) -> Cluster:
        """Wait until the first listing and the chart repositories' indexes are in.

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
        """A copy of the table: one row a release, columns and dtypes as in RELEASE_COLUMNS, index `namespace/name`."""
        frame: pd.DataFrame = self.table.frame
        return frame.copy()

    def release(self, name: str | ReleaseKey) -> Release:
        """The live object of a release; it follows the cluster as long as it is held.

        Raises:
            ReleaseNotFound: The last listing does not have it.
        """
        return self._core.inventory.release(self.key(name))

    def key(self, name: str | ReleaseKey) -> ReleaseKey:
        """The release's key in this cluster's context.

        Raises:
            PlanInvalid: Not of the form namespace/name.
        """
        return name if isinstance(name, ReleaseKey) else ReleaseKey.parse(self.context, name)

    async def refresh(self) -> None:
        """Read the releases, and the repositories' indexes where they changed."""
        await io.run(self._core.refresh())

    async def refresh_repositories(self) -> SourceState:
        """Have helm fetch the repositories' indexes, then ask anew what is available.

        Raises:
            ChartSourceFault: A repository could not be fetched; the others were.
        """
        return await io.run(self._core.refresh_repositories())

    def look(self) -> Callable[[], None]:
        """Say that somebody looks: listing every 30 s goes on until the returned function is called."""
        token = object()
        io.thread.soon(lambda: self._core.look(token))
        return lambda: io.thread.soon(lambda: self._core.look_away(token))

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

    # Planning: `revision` is the one the caller looked at; None for the one in the table. What it was made for is checked again right before helm starts.

    async def plan_upgrade(
        self,
        name: str | ReleaseKey,
        *,
        chart: str,
        version: str = "",
        values: str | Mapping[str, object] | None = None,
        mode: str = ValuesMode.REUSE.value,
        wait: bool = True,
        timeout_s: float = 300,
        rollback_on_failure: bool = False,
        revision: int | None = None,
    ) -> Plan:
        """The frozen plan of an upgrade: its command, what goes to standard input, and the sentence that says it.

        Args:
            name: The release.
            chart: `repository/chart`, `oci://...`, a path or a URL.
            version: Exact version; empty for the newest.
            values: YAML text or a dict. What it does depends on the mode; text that says the same as the stored values is not sent on top of them.
            mode: `reuse`, `reset-then-reuse` or `reset`.
            wait: Wait until the resources are ready.
            timeout_s: helm's own limit for each step it waits for.
            rollback_on_failure: Go back to the last good revision when it fails; waits too.
            revision: See above.

        Raises:
            ReleaseNotFound: The last listing does not have it.
            ValuesInvalid: The values cannot be used.
            PlanInvalid: No chart, an unknown mode, an impossible timeout.
        """
        key = self.key(name)
        text = await asyncio.to_thread(values_text, values)
        wish = UpgradeWish(chart=chart, version=version, values=text, mode=mode, wait=wait, timeout_s=timeout_s, rollback_on_failure=rollback_on_failure)
        record = self._core.inventory.record(key)
        major = (await io.run(self._core.helm())).major
        planned_for = record.revision if revision is None else revision
        current = await self.values(key, revision=planned_for) if text and mode != ValuesMode.RESET else None
        return await asyncio.to_thread(
            plan_upgrade,
            key,
            wish,
            revision=planned_for,
            current_version=record.version,
            current_values=current,
            target=self._core.target,
            major=major,
        )

    async def plan_rollback(self, name: str | ReleaseKey, revision: int, *, wait: bool = True, timeout_s: float = 300, current: int | None = None) -> Plan:
        """The frozen plan of a rollback to `revision`; `current` is the revision the caller looked at."""
        key = self.key(name)
        planned_for = self._core.inventory.record(key).revision if current is None else current
        major = (await io.run(self._core.helm())).major
        return plan_rollback(key, revision, revision=planned_for, wait=wait, timeout_s=timeout_s, target=self._core.target, major=major)

    async def plan_uninstall(
        self, name: str | ReleaseKey, *, keep_history: bool = False, wait: bool = False, timeout_s: float = 300, revision: int | None = None
    ) -> Plan:
        """The frozen plan of an uninstall."""
        key = self.key(name)
        planned_for = self._core.inventory.record(key).revision if revision is None else revision
        major = (await io.run(self._core.helm())).major
        return plan_uninstall(key, revision=planned_for, keep_history=keep_history, wait=wait, timeout_s=timeout_s, target=self._core.target, major=major)

    # Operations

    async def submit(self, plan: Plan) -> Operation:
        """Carry a plan out; returns as soon as it is queued or started, await `operation.ended()` for the rest.

        Raises:
            ReleaseBusy: Another operation of this release has not ended.
            ReleaseMoved: The release is not at the revision the plan was made for.
            NotAllowed: Read-only.
            HelmMissing: No helm.
        """
        return await io.run(self._core.submit(plan))

    async def cancel(self, operation: Operation, *, kill: bool = False) -> None:
        """Ask an operation to stop (SIGTERM); a queued one never starts. Cancelling a rollback or uninstall leaves the release pending.

        Args:
            operation: Which.
            kill: End helm by force. Only once `operation.can_kill`; always leaves the release pending.

        Raises:
            NotAllowed: `kill` too early.
        """
        await io.run(self._core.cancel(operation, kill))

    async def upgrade(
        self,
        name: str | ReleaseKey,
        *,
        chart: str,
        version: str = "",
        values: str | Mapping[str, object] | None = None,
        mode: str = ValuesMode.REUSE.value,
        wait: bool = True,
        timeout_s: float = 300,
        rollback_on_failure: bool = False,
    ) -> Operation:
        """Plan an upgrade of the release as it is now, and carry it out; see `plan_upgrade` and `submit`."""
        revision = await self._newest(name)
        plan = await self.plan_upgrade(
            name,
            chart=chart,
            version=version,
            values=values,
            mode=mode,
            wait=wait,
            timeout_s=timeout_s,
            rollback_on_failure=rollback_on_failure,
            revision=revision,
        )
        return await self.submit(plan)

    async def rollback(self, name: str | ReleaseKey, revision: int, *, wait: bool = True, timeout_s: float = 300) -> Operation:
        """Plan a rollback of the release as it is now, and carry it out; see `plan_rollback` and `submit`."""
        current = await self._newest(name)
        return await self.submit(await self.plan_rollback(name, revision, wait=wait, timeout_s=timeout_s, current=current))

    async def uninstall(self, name: str | ReleaseKey, *, keep_history: bool = False, wait: bool = False, timeout_s: float = 300) -> Operation:
        """Plan an uninstall of the release as it is now, and carry it out; see `plan_uninstall` and `submit`."""
        current = await self._newest(name)
        return await self.submit(await self.plan_uninstall(name, keep_history=keep_history, wait=wait, timeout_s=timeout_s, revision=current))

    async def close(self) -> None:
        """End everything of ours. A running helm goes on; its operation ends as lost."""
        await io.run(self._core.close())

    async def __aenter__(self) -> Cluster:
        try:
            return await self.ready()
        except BaseException:
            await self.close()
            raise

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def _newest(self, name: str | ReleaseKey) -> int:
        """The release's newest revision; the table is read again when it does not know that one.

        Raises:
            ReleaseNotFound: There is no such release.
        """
        key = self.key(name)
        found = await io.run(self._core.revision(key))
        known = self._core.inventory.records.get(key)
        if found is None or known is None or known.revision != found:
            await self.refresh()
        if found is None:
            raise ReleaseNotFound(f"There is no release {key} in context {key.context!r} (any more). Check namespace and name.")
        return found
