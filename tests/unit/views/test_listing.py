from __future__ import annotations

import pytest

from helmpanel.errors import Unreachable
from helmpanel.model.table import TableState
from helmpanel.views.listing import TILES, Listing
from tests.unit.views.fake_cluster import NOW, FakeCluster, record
from tests.waiting import eventually

RELEASES = [
    record("web", newer="1.1.0"),
    record("db", "team-b", status="failed", newer="2.0.0"),
    record("cache", "team-b"),
    record("queue", status="pending-upgrade"),
    record("old", status="uninstalled"),
]


def listing(cluster: FakeCluster | None = None, **more: object) -> Listing:
    return Listing(cluster or FakeCluster(RELEASES), lambda call: call(), lambda what, key: None, **more)


def quiet(cluster: FakeCluster, **more: object) -> Listing:
    """One that hears no news, which would come on a thread of their own: the test calls `show`."""
    return Listing(cluster, lambda call: None, lambda what, key: None, **more)


def shown(view: Listing) -> list[str]:
    return [row["name"] for row in view.table.rows]


def send(part: object, event: str, **rest: object) -> None:
    """What the browser would say."""
    part._handle_msg({"event": event, **rest})


def test_the_tiles_add_up_and_upgrades_cut_across():
    counts = listing().summary.counts
    assert counts == {"all": 5, "healthy": 0, "degraded": 0, "deployed": 2, "failed": 1, "pending": 1, "uninstalled": 1, "newer": 2}
    assert counts["all"] == sum(counts[key] for key in TILES)


@pytest.mark.parametrize(
    ("key", "names"),
    [("deployed", ["cache", "web"]), ("failed", ["db"]), ("newer", ["db", "web"]), ("all", ["cache", "db", "old", "queue", "web"])],
)
def test_pressing_a_tile_filters_and_pressing_again_clears(key: str, names: list[str]):
    view = listing()
    send(view.summary, "press", key=key, more=False)
    assert shown(view) == names
    assert view.summary.pressed == [key]
    send(view.summary, "press", key=key, more=False)
    assert len(shown(view)) == 5


def test_a_second_tile_with_shift_is_added():
    view = listing()
    send(view.summary, "press", key="failed", more=False)
    send(view.summary, "press", key="uninstalled", more=True)
    assert shown(view) == ["db", "old"]
    assert view.table.footer == "2 of 5 releases"


def test_counts_follow_search_and_namespaces_but_not_statuses():
    view = listing()
    send(view.summary, "press", key="failed", more=False)
    send(view.bar, "namespaces", chosen=["team-b"])
    assert (view.summary.counts["all"], view.summary.counts["deployed"], shown(view)) == (2, 1, ["db"])


def test_search_finds_names_and_charts_in_any_case():
    view = listing(FakeCluster([record("web"), record("x", chart="WebServer"), record("db")]))
    send(view.bar, "search", text="WEB")
    assert shown(view) == ["web", "x"]


def test_no_match_shows_its_words_and_clear_shows_all_again():
    view = listing()
    send(view.bar, "search", text="kafka")
    assert view.state.visible
    assert not view.table.visible
    send(view.state, "act", key="clear")
    assert not view.state.visible
    assert len(shown(view)) == 5
    assert view.bar.text == ""


def test_sort_and_page_are_the_viewers_own():
    cluster = FakeCluster([record(f"r{n}", revision=n + 1) for n in range(5)], page_size=2)
    one, other = listing(cluster), listing(cluster)
    send(one.table, "sort", column="revision", descending=True)
    send(one.table, "page", number=2)
    assert shown(one) == ["r2", "r1"]
    assert shown(other) == ["r0", "r1"]
    assert (one.table.page, one.table.pages) == (2, 3)


def test_a_filter_goes_back_to_the_first_page():
    view = listing(FakeCluster([record(f"r{n}") for n in range(5)], page_size=2))
    send(view.table, "page", number=3)
    send(view.bar, "search", text="r")
    assert view.table.page == 1


def test_what_a_browser_makes_up_does_nothing():
    view = listing()
    send(view.table, "sort", column="__class__", descending=True)
    send(view.table, "page", number=999)
    assert (view.table.sort, view.table.page) == ("name", 1)


def test_a_page_that_is_gone_becomes_the_last():
    cluster = FakeCluster([record(f"r{n}") for n in range(5)], page_size=2)
    view = listing(cluster)
    send(view.table, "page", number=3)
    cluster.read([record("r0")])
    view.show()
    assert (view.table.page, shown(view)) == (1, ["r0"])


def test_news_of_the_table_reach_the_view():
    cluster = FakeCluster(RELEASES)
    view = listing(cluster)
    cluster.read([*RELEASES, record("new")])
    eventually(lambda: "new" in shown(view))
    view.stop()


def test_a_running_operation_marks_its_row():
    cluster = FakeCluster(RELEASES)
    view = listing(cluster)
    operation = cluster.begin("web")
    eventually(lambda: next(row for row in view.table.rows if row["name"] == "web")["word"] == "Upgrading")
    cluster.end(operation)
    eventually(lambda: next(row for row in view.table.rows if row["name"] == "web")["word"] == "Deployed")
    view.stop()


def test_before_the_first_reading_nothing_is_counted():
    cluster = FakeCluster()
    cluster.table.param.update(state=TableState.LOADING, read_at=None)
    view = listing(cluster)
    assert view.table.is_loading
    assert view.summary.counts == {}


def test_a_first_reading_that_failed_leaves_only_its_words():
    cluster = FakeCluster()
    cluster.table.param.update(state=TableState.FAILED, read_at=None, error=Unreachable("no route to host"))
    view = listing(cluster)
    assert (view.state.visible, view.table.visible, view.summary.visible, view.bar.visible) == (True, False, False, False)
    assert view.state.raw == "no route to host"


def test_stale_rows_stay_on_the_screen():
    cluster = FakeCluster(RELEASES)
    cluster.table.param.update(state=TableState.STALE, error=Unreachable("gone"), read_at=NOW)
    view = listing(cluster)
    assert view.table.visible
    assert len(shown(view)) == 5


def test_ten_thousand_releases_send_one_page():
    view = listing(FakeCluster([record(f"r{n}", f"ns{n % 20}") for n in range(10_000)]))
    assert len(view.table.rows) == 25
    assert view.table.footer == "10,000 releases"


def changed(view: Listing, cluster: FakeCluster, *records: object) -> list[str]:
    cluster.read(records)
    view.show()
    return shown(view)


def test_rows_keep_their_places_while_somebody_is_in_the_table_and_their_cells_change():
    cluster = FakeCluster([record("a"), record("b"), record("c")])
    view = quiet(cluster)
    send(view.table, "sort", column="revision", descending=True)
    send(view.table, "hold")
    assert changed(view, cluster, record("b"), record("c", revision=5), record("aa")) == ["a", "b", "c"]
    assert [row["revision"] for row in view.table.rows] == [1, 1, 5]
    assert view.table.waits == "1 new, 1 gone"
    gone = view.table.rows[0]
    assert (gone["gone"], gone["word"]) == (True, "Gone")
    assert all(gone[act].startswith("Gone") for act in ("no_upgrade", "no_rollback", "no_uninstall"))
    send(view.table, "free")
    assert (shown(view), view.table.waits) == (["c", "aa", "b"], "")


@pytest.mark.parametrize(
    ("event", "rest"), [("let_in", {}), ("sort", {"column": "name", "descending": False}), ("page", {"number": 1})], ids=["show", "sort", "page"]
)
def test_what_waits_is_let_in_when_the_person_asks_and_rows_stand_still_again_after(event: str, rest: dict[str, object]):
    cluster = FakeCluster([record("b"), record("c")])
    view = quiet(cluster)
    send(view.table, "hold")
    assert changed(view, cluster, record("a"), record("b")) == ["b", "c"]
    send(view.table, event, **rest)
    assert shown(view) == ["a", "b"]
    assert changed(view, cluster, record("b"), record("0")) == ["a", "b"]
    send(view.bar, "search", text="b")
    assert shown(view) == ["b"]


def test_a_page_that_went_without_a_word_does_not_hold_for_ever():
    now = [0.0]
    cluster = FakeCluster([record("b")])
    view = quiet(cluster, clock=lambda: now[0])
    send(view.table, "hold")
    now[0] = 4
    send(view.table, "hold")
    now[0] = 9
    assert changed(view, cluster, record("a"), record("b")) == ["b"]
    now[0] = 12
    assert changed(view, cluster, record("a"), record("b")) == ["a", "b"]


def test_rows_that_stand_still_keep_the_table_on_the_screen_when_all_are_gone():
    cluster = FakeCluster([record("a")])
    view = quiet(cluster)
    send(view.table, "hold")
    assert changed(view, cluster) == ["a"]
    assert (view.table.visible, view.state.visible) == (True, False)
    send(view.table, "free")
    assert (view.table.visible, view.state.visible) == (False, True)


def test_the_page_number_stays_when_rows_come_and_go():
    cluster = FakeCluster([record(f"r{n}") for n in range(6)], page_size=2)
    view = quiet(cluster)
    send(view.table, "page", number=3)
    assert changed(view, cluster, *[record(f"r{n}") for n in range(9)]) == ["r4", "r5"]
    assert (view.table.page, view.table.pages) == (3, 5)
    send(view.table, "hold")
    assert changed(view, cluster, record("r4")) == ["r4", "r5"]
    assert view.table.page == 3


def test_the_cluster_is_told_which_releases_are_on_the_screen():
    cluster = FakeCluster([record(f"r{n}") for n in range(5)], page_size=2)
    view = quiet(cluster)
    assert list(cluster.watched.values()) == [["team-a/r0", "team-a/r1"]]
    send(view.table, "page", number=3)
    assert list(cluster.watched.values()) == [["team-a/r4"]]
    view.stop()
    assert cluster.watched == {}
