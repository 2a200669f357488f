"""Updates to a notebook from several threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import panel as pn
import pytest
from bokeh.document import Document
from panel.io import notebook
from panel.widgets import TextInput

from helmpanel.views import pushing


@pytest.fixture(autouse=True)
def panel_as_it_was() -> Iterator[None]:
    plain = {module: module.push for module in pushing._USERS}
    yield
    for module, push in plain.items():
        module.push = push


class SlowComm:
    """A comm whose sending takes long enough for another thread to come between."""

    _comm = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, data: Any = None, buffers: Any = None) -> None:
        self.sent.append((threading.current_thread().name, str(data)))
        time.sleep(0.002)


def updates(comm: SlowComm) -> list[list[tuple[str, str]]]:
    """What was sent, three messages an update: header, metadata, content."""
    return [comm.sent[i : i + 3] for i in range(0, len(comm.sent), 3)]


def push_from_two_threads(comm: SlowComm) -> None:
    start = threading.Barrier(2)

    def change() -> None:
        document = Document()
        document.hold()
        field = TextInput().get_root(document)
        document.add_root(field)
        start.wait()
        for number in range(10):
            field.value = f"{threading.current_thread().name}-{number}"
            notebook.push(document, comm)

    threads = [threading.Thread(target=change, name=name) for name in ("loop", "subshell")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_messages_of_two_updates_do_not_mix():
    pushing.push_one_at_a_time()
    comm = SlowComm()
    push_from_two_threads(comm)
    assert len(comm.sent) == 60
    assert [len({thread for thread, _ in update}) for update in updates(comm)] == [1] * 20


def test_panel_by_itself_mixes_them():
    """When this fails, Panel has mended it: helmpanel.views.pushing can go."""
    comm = SlowComm()
    push_from_two_threads(comm)
    assert any(len({thread for thread, _ in update}) == 2 for update in updates(comm))


def test_every_place_that_pushes_is_reached_and_only_once():
    pushing.push_one_at_a_time()
    locked = notebook.push
    assert {module.push for module in pushing._USERS} == {locked}
    pushing.push_one_at_a_time()
    assert notebook.push is locked
    assert pn.reactive.push is locked
