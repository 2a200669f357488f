"""What a run of the benchmark says of its own memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ours import memory_before_kb, memory_kb


def test_growth_is_counted_from_the_peak_where_it_cannot_be_forgotten(tmp_path: Path):
    held = bytearray(64 << 20)
    held[::4096] = b"x" * len(held[::4096])
    del held
    now, peak = memory_kb("VmRSS"), memory_kb("VmHWM")
    assert peak > now + (32 << 10)
    assert memory_before_kb(tmp_path / "no-folder" / "clear_refs") >= peak


def test_growth_is_counted_from_what_is_held_where_the_peak_can_be_forgotten(tmp_path: Path):
    asked = tmp_path / "clear_refs"
    before = memory_before_kb(asked)
    assert asked.read_text() == "5"
    assert abs(before - memory_kb("VmRSS")) < (8 << 10)
