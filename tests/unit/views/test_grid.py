"""How the Tabulator of the releases is told of news, and what Panel does that makes it so."""

from __future__ import annotations

import pandas as pd
import panel as pn
import pytest
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent, ColumnsPatchedEvent, DocumentChangedEvent
from bokeh.models import Model
from bokeh.protocol.messages.patch_doc import patch_doc

from tests.unit.views.fake_cluster import FakeCluster, record
from tests.unit.views.test_listing import quiet, send


def on_page(viewable: pn.viewable.Viewable) -> tuple[Model, list[DocumentChangedEvent]]:
    """The model of a viewable in a document, and what the browser is told from then on."""
    document = Document()
    model = viewable.get_root(document)
    document.add_root(model)
    told: list[DocumentChangedEvent] = []
    document.on_change(told.append)
    return model, told


@pytest.mark.parametrize(("column", "descending"), [("name", False), ("name", True), ("version", False), ("updated", True), ("status", False)])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_news_change_the_row_they_belong_to_on_every_page_in_every_order(number: int, column: str, descending: bool):
    releases = [record(f"r{n}", version=f"1.{9 - n}.0", age_s=n * 7 % 5 * 60, status=["failed", "deployed"][n % 2]) for n in range(8)]
    cluster = FakeCluster(releases, page_size=3)
    view = quiet(cluster)
    model, told = on_page(view.table.grid)
    send(view.table, "sort", column=column, descending=descending)
    send(view.table, "page", number=number)
    names = list(model.source.data["name"])
    assert names == [row["name"] for row in view.table.rows]
    told.clear()

    changed = names[1]
    cluster.read([record(one.key.name, revision=7, version=one.version, status=one.status) if one.key.name == changed else one for one in releases])
    send(view.table, "hold")
    view.show()
    assert dict(zip(model.source.data["name"], model.source.data["revision"], strict=True)) == {name: 7 if name == changed else 1 for name in names}
    assert list(model.source.data["name"]) == names
    assert [type(event) for event in told] == [ColumnDataChangedEvent], "one message, and no patch"
    view.stop()


@pytest.mark.parametrize("total", [100, 10_000])
def test_a_changed_row_sends_its_page_whatever_the_number_of_releases(total: int):
    releases = [record(f"r{n:05}", f"team-{n % 7}", newer="2.0.0" if n % 3 else "") for n in range(total)]
    cluster = FakeCluster(releases)
    view = quiet(cluster)
    _model, told = on_page(view.table.grid)
    cluster.read([record(f"r{n:05}", f"team-{n % 7}", newer="2.0.0" if n % 3 else "", revision=2 if n == 7 else 1) for n in range(total)])
    view.show()
    assert len(patch_doc.create(told).content_json) < 8000
    view.stop()


def test_nothing_is_sent_when_nothing_on_the_page_changed():
    cluster = FakeCluster([record("a"), record("b"), record("c")], page_size=2)
    view = quiet(cluster)
    _model, told = on_page(view.table.grid)
    cluster.read([record("a"), record("b"), record("c", revision=2)])
    view.show()
    assert told == []
    view.stop()


def test_the_grid_holds_one_page():
    view = quiet(FakeCluster([record(f"r{n}") for n in range(100)]))
    assert len(view.table.grid.value) == len(view.table.rows) == 25
    view.stop()


# What Panel 1.9.4 does. When one of these fails, Panel has changed: patches may have become worth another look.

# Panel's own way of making data of a frame uses what pandas 3.1 deprecates (November 2026).
deprecated = pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")


def tabulator() -> pn.widgets.Tabulator:
    frame = pd.DataFrame({"n": [3, 1, 2], "v": ["c", "a", "b"]}, index=pd.Index(["k3", "k1", "k2"], name="key"))
    return pn.widgets.Tabulator(frame, pagination="remote", page_size=2)


def told_kinds(told: list[DocumentChangedEvent]) -> set[type]:
    return {type(event) for event in told} & {ColumnDataChangedEvent, ColumnsPatchedEvent}


@deprecated
def test_panel_raises_on_a_patch_beyond_the_first_page():
    table = tabulator()
    on_page(table)
    table.page = 2
    with pytest.raises(ValueError, match="Out-of bounds index"):
        table.patch({"v": [("k2", "new")]})


@deprecated
def test_panel_sends_the_whole_page_for_a_patch_under_a_sorter():
    """panel#4813, patches on the wrong row of a sorted table, is avoided this way in 1.9.4."""
    table = tabulator()
    table.sorters = [{"field": "n", "dir": "asc"}]
    model, told = on_page(table)
    table.patch({"v": [("k1", "new")]})
    assert told_kinds(told) == {ColumnDataChangedEvent}
    assert list(model.source.data["v"]) == ["new", "b"]


@deprecated
def test_panel_sends_the_whole_page_for_a_patch_under_a_filter():
    table = tabulator()
    table.add_filter(lambda frame: frame[frame["n"] > 1])
    model, told = on_page(table)
    table.patch({"v": [("k2", "new")]})
    assert told_kinds(told) == {ColumnDataChangedEvent}
    assert list(model.source.data["v"]) == ["c", "new"]
