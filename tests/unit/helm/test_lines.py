"""Bytes to lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helmpanel.helm.lines import LineSplitter, readable


@given(st.lists(st.text(alphabet=st.sampled_from("aé🐎\n\r x"), max_size=8)), st.data())
def test_lines_do_not_depend_on_where_chunks_end(pieces, data):
    """Cut anywhere, even inside a character or between CR and LF, the same lines come out."""
    raw = "".join(pieces).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    splitter = LineSplitter()
    chunks = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    cut = [line for chunk in chunks for line in splitter.feed(chunk)] + splitter.feed(b"", last=True)
    assert (
        cut
        == LineSplitter().feed(raw, last=True)
        == "".join(pieces).replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")[: None if raw else 0]
    )


def test_a_line_begun_waits_for_its_end():
    splitter = LineSplitter()
    assert splitter.feed(b"half") == []
    assert splitter.feed(b" and half\n") == ["half and half"]


def test_a_line_that_never_ends_is_cut_and_the_rest_counted():
    splitter = LineSplitter(longest=10)
    for _ in range(1000):
        assert splitter.feed(b"x" * 100) == []
    assert splitter.feed(b"\nnext\n") == ["x" * 10 + " … (99,990 more characters)", "next"]


def test_bytes_that_are_no_text_are_shown_as_such():
    assert LineSplitter().feed(b"a\xff\xfeb\n\xc3", last=True) == ["a\ufffd\ufffdb", "\ufffd"]


def test_terminal_escapes_are_taken_out():
    assert readable("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x1b[2K") == "red link "
    assert readable("bell\x07 nul\x00 tab\t csi\x9b") == "bell\ufffd nul\ufffd tab\t csi\ufffd"
