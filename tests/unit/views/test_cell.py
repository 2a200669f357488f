"""A cell's messages are taken on one thread."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import panel as pn
import pytest

from helmpanel.views.cell import Cell


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Any]]:
    """Thread and message of each message that reached Panel."""
    seen: list[tuple[int, Any]] = []
    monkeypatch.setattr(pn.Column, "_on_msg", lambda self, ref, manager, msg: seen.append((threading.get_ident(), msg)))
    return seen


async def test_messages_of_other_threads_are_taken_on_the_loop_in_order(taken: list[tuple[int, Any]]):
    cell = Cell()
    threads = [threading.Thread(target=cell._on_msg, args=("ref", None, n)) for n in range(5)]
    for thread in threads:
        thread.start()
        thread.join()
    assert taken == []
    await asyncio.sleep(0)
    assert taken == [(threading.get_ident(), n) for n in range(5)]


async def test_a_message_on_the_loop_is_taken_at_once(taken: list[tuple[int, Any]]):
    Cell()._on_msg("ref", None, "here")
    assert taken == [(threading.get_ident(), "here")]


def test_without_a_loop_it_is_taken_where_it_comes(taken: list[tuple[int, Any]]):
    Cell()._on_msg("ref", None, "here")
    assert taken == [(threading.get_ident(), "here")]


@pytest.mark.parametrize("is_cell", [True, False])
def test_a_dashboard_in_a_cell_stands_in_one(is_cell: bool):
    from helmpanel.dashboard import Dashboard
    from tests.unit.views.fake_cluster import FakeCluster

    outermost = Dashboard(FakeCluster(), is_cell=is_cell).__panel__()
    assert isinstance(outermost, Cell) is is_cell
