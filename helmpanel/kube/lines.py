"""Whole lines out of a stream of bytes that is cut anywhere: a watch sends one JSON document a line."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

from helmpanel.errors import ServerFault

LONGEST_LINE = 16 * 2**20
"""Bytes. etcd takes objects of 1.5 MiB; as JSON, with every character escaped, they are several times larger, and never this large."""


async def whole_lines(pieces: AsyncIterable[bytes], *, limit_bytes: int = LONGEST_LINE) -> AsyncIterator[bytes]:
    """Lines without their end, empty ones left out.

    Bytes after the last line end are dropped: an answer may end in the middle of an event, and whoever resumes a watch gets that event again.

    Args:
        pieces: Bytes as they come.
        limit_bytes: Longest line.

    Raises:
        ServerFault: A line is longer than that; it is not kept.
    """
    begun: list[bytes] = []  # of a line that is not whole; joined once, however many pieces it comes in
    size = 0
    async for piece in pieces:
        first, *others = piece.split(b"\n")
        begun.append(first)
        size += len(first)
        for other in others:
            _check(size, limit_bytes)
            if line := b"".join(begun):
                yield line
            begun, size = [other], len(other)
        _check(size, limit_bytes)


def _check(size: int, limit_bytes: int) -> None:
    if size > limit_bytes:
        raise ServerFault(
            f"The API server sent an event of more than {limit_bytes / 2**20:g} MiB, which no Kubernetes object is. Check the address, and proxies in between."
        )
