"""Whole lines of a watch, however its bytes are cut."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.errors import ServerFault
from helmpanel.kube.lines import whole_lines


def lines(pieces, **options):
    async def given():
        for piece in pieces:
            yield piece

    async def read():
        return [line async for line in whole_lines(given(), **options)]

    return asyncio.run(read())


def test_lines_come_without_their_end_and_empty_ones_not_at_all():
    assert lines([b'{"a":1}\n\n{"b":', b"2}", b"\n"]) == [b'{"a":1}', b'{"b":2}']


def test_bytes_after_the_last_line_end_are_dropped():
    assert lines([b'{"a":1}\n{"b":']) == [b'{"a":1}']


@given(st.binary(max_size=200).map(lambda text: text.replace(b"b", b"\n")), st.lists(st.integers(0, 200), max_size=20))
def test_where_the_bytes_are_cut_does_not_matter(text, places):
    cuts = sorted({0, len(text), *(place for place in places if place < len(text))})
    pieces = [text[begin:end] for begin, end in itertools.pairwise(cuts)]
    assert lines(pieces) == [line for line in text.split(b"\n")[:-1] if line]


@pytest.mark.parametrize("pieces", [[b"x" * 11 + b"\n"], [b"xxxx"] * 3, [b"ok\n" + b"x" * 11]])
def test_line_without_end_is_given_up(pieces):
    with pytest.raises(ServerFault, match="Check the address, and proxies in between"):
        lines(pieces, limit_bytes=10)


def test_line_of_exactly_the_limit_is_taken():
    assert lines([b"x" * 5, b"x" * 5, b"\ny\n"], limit_bytes=10) == [b"x" * 10, b"y"]


def test_long_line_in_small_pieces_is_joined_once():
    """Joining at each piece would copy 4 TB here."""
    assert len(lines([b"x" * 64] * 2**17 + [b"\n"])[0]) == 64 * 2**17
