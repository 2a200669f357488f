"""The page of figures holds what the benchmarks measure, with the commands that measure it and how close the goals are."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from benchmarks.run import names

PAGE = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
PARTS = [(title, command) for name in names() for title, command, _figures in importlib.import_module(f"benchmarks.{name}").parts(None, "")]


@pytest.mark.parametrize(("title", "command"), PARTS)
def test_each_benchmark_has_its_section_with_its_command_and_figures(title: str, command: str):
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert f"`{command}`" in section
    assert len(re.findall(r"^\| [a-z0-9_]+ \| [\d.e+-]+", section, re.MULTILINE)) >= 2


def test_the_page_names_machine_and_date_and_the_goals_that_are_missed():
    assert re.search(r"\d+ cores, .*Python 3\.\d+", PAGE)
    assert re.search(r"20\d\d-\d\d-\d\d", PAGE)
    assert re.search(r"^(Every goal is reached|\d+ goals? (is|are) missed: )", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    "figure", ["first_rows_sooner_1000", "complete_sooner_1000", "growth_kb_a_release_1000", "first_rows_sooner_5000", "first_row_ratio_10000", "idle_cpu_1000"]
)
def test_the_figures_that_were_asked_for_are_there(figure: str):
    assert f"| {figure} |" in PAGE
