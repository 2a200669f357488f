"""The releases that a person has selected, and what can be done with them all at once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

import param

_FORMULA = ("=", "+", "-", "@")


class Selection(param.Parameterized):
    """Releases by name: they stay selected whatever the filters, the order and the page show."""

    keys = param.List(default=[], item_type=str, doc="Selected releases as `namespace/name`, in the order they were selected.")

    def choose(self, keys: Iterable[str], *, is_on: bool) -> None:
        """Select these releases too, or no more."""
        changed = list(dict.fromkeys(keys))
        others = [key for key in self.keys if is_on or key not in set(changed)]
        self.keys = list(dict.fromkeys([*others, *changed])) if is_on else others

    def clear(self) -> None:
        """Select none."""
        self.keys = []

    def keep(self, there: Container[str]) -> None:
        """What is gone leaves the selection."""
        kept = [key for key in self.keys if key in there]
        if len(kept) < len(self.keys):
            self.keys = kept


def table_text(rows: Iterable[Mapping[str, object]], columns: Mapping[str, str]) -> str:
    """Rows as text that a spreadsheet takes for a table: tabs between cells, a heading above.

    Args:
        rows: As `rows.page_of` made them.
        columns: Heading to the field of a row.
    """
    lines: list[Sequence[str]] = [list(columns), *([cell_text(row[field]) for field in columns.values()] for row in rows)]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def cell_text(value: object) -> str:
    """One cell. Text from outside stays in its cell, and no spreadsheet computes it: OWASP, "CSV injection"."""
    # `split` knows every kind of white space, the tab and all ends of lines among them.
    text = " ".join(str("" if value is None else value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
