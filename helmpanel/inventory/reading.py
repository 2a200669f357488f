"""Where releases are read from: the seam between the inventory and the cluster."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from helmpanel.errors import Forbidden, HelmPanelError, NamespaceMissing, NotFound, SettingsInvalid
from helmpanel.inventory.storage import Head, heads, newest_heads

SELECTOR = "owner=helm,status!=superseded"
"""Leaves out old revisions: at ten a release that is a tenth of what `helm list` fetches. A failed or pending one keeps the deployed one before it."""

PARALLEL = 8
"""Namespaces asked at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one look at the cluster found."""

    heads: tuple[Head, ...]
    """One a release."""
    problems: tuple[str, ...] = ()
    """Sentences about namespaces that could not be read while others could."""


class ReleaseReader(Protocol):
    """Something that knows the releases of a cluster."""

    async def read(self) -> Reading:
        """All releases, as they are now.

        Raises:
            HelmPanelError: They cannot be known.
        """
        ...


class Api(Protocol):
    """The part of KubeApi that reading needs."""

    async def get(self, path: str, params: Mapping[str, str] | None = None, accept: str = "application/json") -> bytes:
        """Body of a GET."""
        ...


class SecretsReader:
    """Reads Helm's default storage by one request for the whole cluster, or one a namespace."""

    def __init__(self, api: Api, namespaces: Sequence[str] | None = None, *, environ: Mapping[str, str] = os.environ) -> None:
        self._api = api
        self._namespaces = None if namespaces is None else tuple(dict.fromkeys(namespaces))
        self._environ = environ

    async def read(self) -> Reading:
        """All releases of the cluster or of the namespaces.

        Raises:
            SettingsInvalid: Helm is told to store its releases elsewhere.
            Forbidden: Secrets may not be listed; of several namespaces, in none.
            NamespaceMissing: None of the namespaces exists.
            HelmPanelError: See KubeApi.get.
        """
        driver = self._environ.get("HELM_DRIVER", "").lower()
        if driver not in ("", "secret", "secrets"):
            raise SettingsInvalid(f"HELM_DRIVER is {driver!r}, but helmpanel reads releases stored in Secrets only. Unset it if yours are stored there.")
        if self._namespaces is None:
            listing = await self._api.get("/api/v1/secrets", {"labelSelector": SELECTOR})
            return Reading(heads=tuple(await asyncio.to_thread(heads, listing)))
        turn = asyncio.Semaphore(PARALLEL)
        parts = await asyncio.gather(*(self._read_namespace(name, turn) for name in self._namespaces))
        errors = [part for part in parts if isinstance(part, HelmPanelError)]
        for error in errors:
            # A namespace that is closed or gone says nothing of the others; a server that fails now must not empty rows that were right.
            if not isinstance(error, Forbidden | NamespaceMissing):
                raise error
        if errors and len(errors) == len(parts):
            raise errors[0]
        found = newest_heads(one for part in parts if not isinstance(part, HelmPanelError) for one in part)
        return Reading(heads=tuple(found), problems=tuple(str(error) for error in errors))

    async def _read_namespace(self, namespace: str, turn: asyncio.Semaphore) -> list[Head] | HelmPanelError:
        """Heads of one namespace, or why there are none: returned, not raised, so that no sibling is left running."""
        path = f"/api/v1/namespaces/{quote(namespace, safe='')}"
        async with turn:
            try:
                listing = await self._api.get(f"{path}/secrets", {"labelSelector": SELECTOR})
                found = await asyncio.to_thread(heads, listing)
                if not found:
                    await self._look_for(namespace, path)
            except HelmPanelError as error:
                return error
        return found

    async def _look_for(self, namespace: str, path: str) -> None:
        """Listing a namespace that does not exist gives an empty list and no error: a typing mistake would look like "no releases"."""
        try:
            await self._api.get(path)
        except NotFound as cause:
            raise NamespaceMissing(f"There is no namespace {namespace!r}. Check its spelling, and that this is the right context.") from cause
        except Forbidden:
            pass  # whoever may list its secrets need not be allowed to see the namespace itself
