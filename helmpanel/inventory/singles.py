"""Payloads fetched one by one, a few at a time: the rows on screen first, then whatever is few."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from helmpanel.errors import Forbidden, HelmPanelError, NotFound, ServerFault
from helmpanel.inventory.api import Api
from helmpanel.inventory.bulk import decoded
from helmpanel.inventory.kinds import document
from helmpanel.inventory.labels import Stored, stored
from helmpanel.inventory.payloads import Got, Payloads, is_current
from helmpanel.inventory.splitter import Splitter
from helmpanel.inventory.storage import unreadable
from helmpanel.inventory.tracker import Release
from helmpanel.runtime.tasks import until_one_ends

PARALLEL = 3
"""Requests at a time: a page of 25 rows is there after eight or nine answers of some 3 ms, and each more connection costs a TLS handshake of 10."""


class Singles:
    """Fetches what `payloads` says is pressing. On the I/O thread only.

    Args:
        api: The cluster.
        plural: secrets or configmaps.
        payloads: Told what is found.
    """

    def __init__(self, api: Api, plural: str, payloads: Payloads) -> None:
        self._api = api
        self._plural = plural
        self._payloads = payloads
        self._may_get = True

    def hurry(self) -> None:
        """Ask for what was forbidden, too."""
        self._may_get = True

    async def run(self) -> None:
        """Fetch, for ever. One that hangs or fails holds up no other."""
        await until_one_ends(*(self._fetch() for _ in range(PARALLEL)), name=f"fetch single {self._plural}")

    async def _fetch(self) -> None:
        payloads = self._payloads
        while True:
            release = payloads.next_single()
            if release is None:
                await payloads.news(payloads.next_due_s())
                continue
            payloads.asked(release)
            is_done, fault = False, None
            try:
                is_done = await self._one(release)
            except HelmPanelError as error:
                fault = error
            finally:
                payloads.answered(release, fault, is_done=is_done)

    async def _one(self, release: Release) -> bool:
        """Fetch one. Returns whether that is all there is to know of it for now.

        Raises:
            HelmPanelError: It cannot be had now.
        """
        newest = self._payloads.newest(release)
        if newest is None:
            return True
        where = f"/api/v1/namespaces/{quote(newest.namespace, safe='')}/{self._plural}"
        try:
            body = await self._body(where, newest)
        except NotFound:
            # It vanished since it was listed; the watch will say so, and until it does the row says why there is nothing.
            self._payloads.take([Got(release, newest.object_name, newest.version, unreadable(newest, "it is not there any more"))])
            return True
        found = await asyncio.to_thread(decoded, body)  # a small one may unpack to very much
        if found is None:
            raise ServerFault(f"The API server answered {where} with something else. Check proxies in between.")
        now = self._payloads.newest(release)
        # At least as new as what was known when it was asked for, whatever the numbers look like.
        version = now.version if now is not None and now == newest and not is_current(found, newest) else found.version
        self._payloads.take([Got(release, newest.object_name, version, found.head)])
        return now == newest

    async def _body(self, where: str, newest: Stored) -> bytes:
        if self._may_get:
            try:
                return await self._api.get(f"{where}/{quote(newest.object_name, safe='')}")
            except Forbidden:
                # Whoever may list Secrets has their content, even where getting a single one was left out of the role.
                self._may_get = False
        body = await self._api.get(where, {"fieldSelector": f"metadata.name={newest.object_name}"})
        for item in Splitter().feed(body):
            one = stored(document(item))
            if one is not None and one.object_name == newest.object_name:
                return item
        raise NotFound(f"{newest.object_name} is not there any more.")
