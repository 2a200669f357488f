"""What differs between two values texts, line by line, secrets masked but "changed" still visible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from helmpanel.errors import ValuesInvalid
from helmpanel.planning.values import parse_values
from helmpanel.text import mask_values

LINES_COMPARED = 6_000
"""Beyond so many lines (without the common start and end) difflib takes seconds: the two texts are then shown whole, one after the other."""

SHORTEST_FOLD = 4
"""Fewer lines that are the same are shown rather than folded."""

_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)


class Sign(StrEnum):
    """What a line of a diff is."""

    SAME = " "
    ADDED = "+"
    REMOVED = "-"
    FOLDED = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a diff."""

    sign: Sign
    text: str
    """Masked unless the diff was made to reveal; for FOLDED how many lines are the same."""
    old: int | None = None
    """1-based line in the old text."""
    new: int | None = None
    """1-based line in the new text."""
    words: tuple[int, int] | None = None
    """Start and end of what differs within the line; None for all or nothing."""
    is_masked: bool = False
    """Holds a secret that is not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """A whole comparison."""

    lines: tuple[DiffLine, ...]
    added: int
    removed: int
    has_masked_change: bool
    """A secret changed: its lines look the same."""

    @property
    def is_empty(self) -> bool:
        """Whether the two texts are the same."""
        return not (self.added or self.removed)


def _same_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """Number of lines that are the same at the start, and at the end."""
    most = min(len(old), len(new))
    start = 0
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    start, end = _same_ends(old, new)
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield "equal", 0, start, 0, start
    if max(len(a), len(b)) > LINES_COMPARED:
        yield "replace", start, start + len(a), start, start + len(b)
    else:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=len(a) > 1000).get_opcodes():
            yield tag, start + i1, start + i2, start + j1, start + j2
    if end:
        yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def _differing_words(old: str, new: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The middle of two lines that differs, cut at word borders; None when they have little in common."""
    a, b = _WORD.findall(old[:2000]), _WORD.findall(new[:2000])
    start, end = _same_ends(a, b)
    front = sum(len(word) for word in a[:start])
    if not "".join(a[:start]).strip():
        return None, None
    back = sum(len(word) for word in a[len(a) - end :]) if end else 0
    return (front, min(len(old), 2000) - back), (front, min(len(new), 2000) - back)


def _fold(count: int) -> DiffLine:
    return DiffLine(sign=Sign.FOLDED, text=f"{count} {'line' if count == 1 else 'lines'} the same")


def values_diff(old: str, new: str, *, context: int = 3, reveal: bool = False) -> Diff:
    """Unified diff of two values texts.

    Slow on big texts (up to seconds for 1 MB): run it in a thread.

    Args:
        old: Values as they are.
        new: Values as they will be.
        context: Lines kept around a change; None of the longer same parts are lost, only folded.
        reveal: Show secrets. Comparing is always done on the real text.

    Returns:
        Lines in order; empty when the texts are the same but for the newline at the end.
    """
    a, b = old.rstrip("\n").split("\n") if old.strip() else [], new.rstrip("\n").split("\n") if new.strip() else []
    # Masking never loses a line, so that line n of the masked text is line n of the real one.
    shown_a = a if reveal else mask_values(old).split("\n")
    shown_b = b if reveal else mask_values(new).split("\n")
    lines: list[DiffLine] = []
    added = removed = 0
    masked_change = False

    def removed_line(i: int, words: tuple[int, int] | None = None) -> DiffLine:
        return DiffLine(sign=Sign.REMOVED, text=shown_a[i], old=i + 1, words=words, is_masked=shown_a[i] != a[i])

    def added_line(j: int, words: tuple[int, int] | None = None) -> DiffLine:
        return DiffLine(sign=Sign.ADDED, text=shown_b[j], new=j + 1, words=words, is_masked=shown_b[j] != b[j])

    opcodes = list(_opcodes(a, b))
    for at, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            if len(opcodes) == 1:
                break
            count = i2 - i1
            head = 0 if at == 0 else context
            tail = 0 if at == len(opcodes) - 1 else context
            folded = count - head - tail
            if folded < SHORTEST_FOLD:
                head, tail, folded = count, 0, 0
            same = [
                DiffLine(sign=Sign.SAME, text=shown_b[j1 + n], old=i1 + n + 1, new=j1 + n + 1, is_masked=shown_b[j1 + n] != b[j1 + n]) for n in range(count)
            ]
            lines += [*same[:head], *([_fold(folded)] if folded else []), *(same[count - tail :] if tail else [])]
            continue
        added += j2 - j1
        removed += i2 - i1
        pairs: list[tuple[tuple[int, int] | None, tuple[int, int] | None]] = [(None, None)] * max(i2 - i1, j2 - j1)
        if i2 - i1 == j2 - j1 <= 200:
            pairs = [_differing_words(shown_a[i1 + n], shown_b[j1 + n]) for n in range(i2 - i1)]
        before = [removed_line(i, pairs[i - i1][0]) for i in range(i1, i2)]
        after = [added_line(j, pairs[j - j1][1]) for j in range(j1, j2)]
        masked_change = masked_change or any(line.is_masked for line in (*before, *after))
        lines += before + after
    return Diff(lines=tuple(lines), added=added, removed=removed, has_masked_change=masked_change)


def changed_keys(old: str, new: str) -> list[str]:
    """Dotted paths whose value differs between two values texts, in order; lists count as one value. Empty when either is no YAML mapping."""
    try:
        a, b = parse_values(old), parse_values(new)
    except ValuesInvalid:
        return []
    paths: list[str] = []
    todo: list[tuple[str, Mapping[str, object], Mapping[str, object]]] = [("", a, b)]
    while todo:
        prefix, x, y = todo.pop()
        for key in sorted({*x, *y}, key=str):
            path = f"{prefix}{key}"
            left, right = x.get(key), y.get(key)
            if isinstance(left, dict) and isinstance(right, dict):
                todo.append((f"{path}.", left, right))
            elif key not in x or key not in y or left != right:
                paths.append(path)
    return sorted(paths)
