"""Texts of revisions that were read already."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from helmpanel.model.keys import ReleaseKey

KEPT = 32
"""Texts kept; a manifest may have a megabyte."""

Key = tuple[ReleaseKey, int, str, str]


class KeptTexts:
    """The last texts read, of one cluster and so of one identity. On the I/O thread only."""

    def __init__(self, most: int = KEPT) -> None:
        self._texts: OrderedDict[Key, str] = OrderedDict()
        self._most = most
        self._owner: object = None

    def belong_to(self, owner: object) -> None:
        """Whose texts these are: another user, or another server, does not get to see those of the one before.

        Args:
            owner: Equal for the same identity.
        """
        if owner != self._owner:
            self._owner = owner
            self._texts.clear()

    async def get(self, release: ReleaseKey, revision: int, what: str, stamp: str, read: Callable[[], Awaitable[str]]) -> str:
        """The text, read when it is not kept; a reading that fails is not kept, nor one that began as somebody else's.

        Args:
            release, revision, what: Whose text it is, and which.
            stamp: Another one, another record under the same number: somebody uninstalled and installed anew.
            read: Reads it.
        """
        key, owner = (release, revision, what, stamp), self._owner
        if key not in self._texts:
            text = await read()
            if owner != self._owner:
                return text
            self._texts[key] = text
        self._texts.move_to_end(key)
        text = self._texts[key]
        while len(self._texts) > self._most:
            self._texts.popitem(last=False)
        return text

    def forget(self, release: ReleaseKey) -> None:
        """Drop what is kept of a release: after an uninstall the same name begins at revision 1 again."""
        for key in [key for key in self._texts if key[0] == release]:
            del self._texts[key]
