"""How the Tabulator of the releases is told of news."""

from __future__ import annotations

import pytest
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent, ColumnsPatchedEvent, DocumentChangedEvent

from helmpanel.views.listing import Listing
from tests.unit.views.fake_cluster import FakeCluster, record


@pytest.mark.parametrize(("number", "is_patched"), [(1, True), (2, False)])
def test_news_are_patches_on_the_first_page_and_a_whole_page_on_others(number: int, is_patched: bool):
    """Panel 1.9.4 counts the rows of a patch from the first page."""
    releases = [record(name) for name in ("a", "b", "c", "d")]
    cluster = FakeCluster(releases, page_size=2)
    # News would come on a thread of their own: `show` is called here.
    listing = Listing(cluster, lambda call: None, lambda what, key: None)
    document = Document()
    model = listing.table.grid.get_root(document)
    document.add_root(model)
    listing.table._handle_msg({"event": "page", "number": number})
    told: list[DocumentChangedEvent] = []
    document.on_change(told.append)

    changed = ["b", "d"][number - 1]
    cluster.read([record(one.key.name, revision=7 if one.key.name == changed else 1) for one in releases])
    listing.show()
    assert any(isinstance(event, ColumnsPatchedEvent) for event in told) is is_patched
    assert any(isinstance(event, ColumnDataChangedEvent) for event in told) is not is_patched
    assert list(model.source.data["name"]) == [["a", "b"], ["c", "d"]][number - 1]
    assert list(model.source.data["revision"]) == [1, 7]
    assert [row["revision"] for row in listing.table.rows] == [1, 7]
    listing.stop()
