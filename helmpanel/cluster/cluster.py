"""The cluster object: what a script, a notebook or a view holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType

from helmpanel.cluster.changes import Changes
from helmpanel.cluster.core import Core
from helmpanel.errors import SettingsInvalid
from helmpanel.runtime import io
from helmpanel.settings import Settings


def connect(
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    namespaces: Sequence[str] | None = None,
    helm: str | Path | None = None,
    *,
    settings: Settings | None = None,
) -> Cluster:
    """A cluster object that begins to read and then to follow at once; await `ready()` before using its releases.

    Args:
        kubeconfig: One file; None for KUBECONFIG (which may list several), `~/.kube/config`, or the pod's own service account.
        context: Its name; None for the current one, which is then kept even when somebody switches it.
        namespaces: Where to look, and nowhere else; None for the whole cluster or, where that may not be listed, `Settings.namespaces`, else the context's own.
        helm: Path or name of the helm to use; None for HELMPANEL_HELM, PATH, or the managed copy.
        settings: Times and limits, and where helm stores releases.

    Raises:
        SettingsInvalid: `namespaces` is no list, or holds an empty name.
    """
    if isinstance(namespaces, str):
        raise SettingsInvalid(f"namespaces is the text {namespaces!r}, but a list of names is needed: [{namespaces!r}].")
    # A script's `-n "$NAMESPACE"` with the variable unset: to the API server the empty name is every namespace.
    if namespaces is not None and not all(name.strip() for name in namespaces):
        raise SettingsInvalid("A namespace was given without a name. Name it, or give none at all for every namespace.")
    file = str(Path(kubeconfig).expanduser().absolute()) if kubeconfig else None
    return Cluster(Core(file, context, tuple(namespaces) if namespaces is not None else None, helm, settings or Settings()))


class Cluster(Changes, AbstractAsyncContextManager["Cluster"]):
    """One context as one identity. Every awaitable may be awaited on any event loop and any thread.

    Releases are named as `namespace/name`. All coroutines raise HelmPanelError with a sentence for a person.

    Attributes:
        namespaces: Namespaces asked for; None for the whole cluster. What of it cannot be read is in `table.problems`.
        settings: Times and limits.
        table: The releases, and how far they can be believed; written by the inventory only.
        operations: Running and ended operations, newest first; they outlive every browser session.
    """

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
