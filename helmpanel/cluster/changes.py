"""What a cluster object does to releases: a plan first, then an operation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from helmpanel.cluster.reads import Reads
from helmpanel.errors import ReleaseNotFound
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import Plan, ValuesMode
from helmpanel.planning.rollback import plan_rollback
from helmpanel.planning.uninstall import plan_uninstall
from helmpanel.planning.upgrade import UpgradeWish, plan_upgrade
from helmpanel.planning.values import values_text
from helmpanel.runtime import io

if TYPE_CHECKING:
    from helmpanel.model.operation import Operation


class Changes(Reads):
    """The changing half of a cluster object.

    Plans remember the revision the caller looked at; without one it is the table's. Right before helm starts the release must still be at that revision.
    """

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
            revision: The one the caller looked at; None for the table's.

        Raises:
            ReleaseNotFound: It is not in the table.
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
            raise ReleaseNotFound.of(key)
        return found
