"""A session that ends leaves nothing behind: Panel's own notifications and some components keep every session for ever."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace

from bokeh.document import Document
from panel.io.state import set_curdoc, state

from helmpanel.dashboard import page
from tests.unit.views.fake_cluster import FakeCluster, record


class Context:
    """What a server knows of a session, as far as ending it goes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.server_context = None
        self.id = "session"
        self.request = SimpleNamespace(arguments={}, cookies={}, headers={}, path="/", uri="/")


def opened(cluster: FakeCluster) -> Document:
    document = Document()
    document._session_context = weakref.ref(context := Context(document))
    document._kept = context  # type: ignore[attr-defined]
    with set_curdoc(document):
        page(cluster).server_doc(document)
    return document


def test_sessions_leave_neither_documents_nor_dashboards_behind():
    cluster = FakeCluster([record("web")])
    before = len(state._views)
    documents = []
    for _ in range(3):
        document = opened(cluster)
        documents.append(weakref.ref(document))
        assert cluster.lookers == 1
        for callback in list(document.callbacks.session_destroyed_callbacks):
            callback(document._kept)  # type: ignore[attr-defined]
        assert cluster.lookers == 0, "nobody looks any more"
        document.clear()
        del document, callback
    gc.collect()
    assert [alive for alive in documents if alive() is not None] == []
    assert len(state._views) == before
    assert [name for name, kinds in cluster.table.param.watchers.items() if kinds["value"]] == []
