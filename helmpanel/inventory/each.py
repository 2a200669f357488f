"""The same in every namespace, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from helmpanel.errors import HelmPanelError

T = TypeVar("T")


async def in_each(places: Sequence[str | None], read: Callable[[str | None], Awaitable[T]], at_once: int) -> list[T | HelmPanelError]:
    """What was read in each place, or why it could not be: one that fails or hangs holds up no other, and none is left running.

    Args:
        places: Namespaces; None for the whole cluster.
        read: Reads one; may raise a HelmPanelError.
        at_once: So many at a time.
    """
    turn = asyncio.Semaphore(at_once)

    async def one(place: str | None) -> T | HelmPanelError:
        async with turn:
            try:
                return await read(place)
            except HelmPanelError as error:
                return error

    return await asyncio.gather(*(one(place) for place in places))


def first_fault(found: Iterable[object]) -> HelmPanelError | None:
    """Why one of the places could not be read; None when all could."""
    return next((one for one in found if isinstance(one, HelmPanelError)), None)
