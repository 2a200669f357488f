"""Small parts of the cluster object."""

import asyncio
from datetime import UTC, datetime

import pytest

from helmpanel.cluster import connect
from helmpanel.cluster.frames import HISTORY_COLUMNS, history_frame
from helmpanel.cluster.kept import KeptTexts
from helmpanel.errors import KubeconfigInvalid, PlanInvalid, SettingsInvalid
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.release import Revision
from helmpanel.model.table import TableState
from helmpanel.settings import Settings

WEB = ReleaseKey("prod", "team-a", "web")
DB = ReleaseKey("prod", "team-a", "db")


def counting(text, calls):
    async def read():
        calls.append(text)
        return text

    return read


async def test_text_of_a_revision_is_read_once():
    kept, calls = KeptTexts(), []
    for _ in range(2):
        assert await kept.get(WEB, 3, "values", "", counting("a: 1", calls)) == "a: 1"
    assert await kept.get(WEB, 4, "values", "", counting("a: 2", calls)) == "a: 2"
    assert await kept.get(WEB, 3, "manifest", "", counting("kind: X", calls)) == "kind: X"
    assert calls == ["a: 1", "a: 2", "kind: X"]


async def test_text_of_another_record_under_the_same_number_is_read_anew():
    kept, calls = KeptTexts(), []
    await kept.get(WEB, 1, "values", "v1 100", counting("old", calls))
    assert await kept.get(WEB, 1, "values", "v1 200", counting("new", calls)) == "new"
    assert await kept.get(WEB, 1, "values", "v1 200", counting("newer", calls)) == "new"


async def test_texts_read_longest_ago_are_dropped_first():
    kept, calls = KeptTexts(most=2), []
    for revision in (1, 2, 1, 3, 1, 2):
        await kept.get(WEB, revision, "values", "", counting(revision, calls))
    assert calls == [1, 2, 3, 2]


async def test_forgotten_release_is_read_again_and_no_other():
    kept, calls = KeptTexts(), []
    await kept.get(WEB, 1, "values", "", counting("web", calls))
    await kept.get(DB, 1, "values", "", counting("db", calls))
    kept.forget(WEB)
    await kept.get(WEB, 1, "values", "", counting("new web", calls))
    await kept.get(DB, 1, "values", "", counting("db", calls))
    assert calls == ["web", "db", "new web"]


async def test_texts_of_another_owner_are_dropped_and_those_of_the_same_stay():
    kept, calls = KeptTexts(), []
    kept.belong_to(("prod", {"token": "a"}))
    await kept.get(WEB, 1, "values", "", counting("mine", calls))
    kept.belong_to(("prod", {"token": "a"}))
    assert await kept.get(WEB, 1, "values", "", counting("again", calls)) == "mine"
    kept.belong_to(("prod", {"token": "b"}))
    assert await kept.get(WEB, 1, "values", "", counting("theirs", calls)) == "theirs"
    assert calls == ["mine", "theirs"]


async def test_text_whose_reading_began_as_another_owners_is_not_kept():
    """A slow answer for the user before must not be what the next one is shown."""
    kept, calls, gate = KeptTexts(), [], asyncio.Event()

    async def slow():
        await gate.wait()
        return "mine"

    kept.belong_to("me")
    reading = asyncio.create_task(kept.get(WEB, 1, "values", "", slow))
    await asyncio.sleep(0)
    kept.belong_to("you")
    gate.set()
    assert await reading == "mine"
    assert await kept.get(WEB, 1, "values", "", counting("yours", calls)) == "yours"


async def test_failed_reading_is_not_kept():
    kept, calls = KeptTexts(), []

    async def fail():
        raise KubeconfigInvalid("no")

    with pytest.raises(KubeconfigInvalid):
        await kept.get(WEB, 1, "values", "", fail)
    assert await kept.get(WEB, 1, "values", "", counting("a: 1", calls)) == "a: 1"


def test_history_frame_has_documented_columns_even_when_empty():
    assert {name: str(dtype) for name, dtype in history_frame([]).dtypes.items()} == HISTORY_COLUMNS
    frame = history_frame([Revision(revision=2, updated=datetime(2026, 1, 2, tzinfo=UTC), status="deployed"), Revision(revision=1)])
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == HISTORY_COLUMNS
    assert list(frame["revision"]) == [2, 1]
    assert frame["updated"].isna().tolist() == [False, True]


async def test_connecting_with_an_unusable_kubeconfig_raises_only_when_something_is_asked(tmp_path):
    cluster = connect(kubeconfig=tmp_path / "nothing", context="prod", settings=Settings(data_dir=tmp_path))
    assert (cluster.context, cluster.server, len(cluster.releases)) == ("prod", "", 0)
    with pytest.raises(KubeconfigInvalid, match="does not exist"):
        await cluster.ready()
    with pytest.raises(KubeconfigInvalid, match="does not exist"):
        cluster.release("team-a/web")
    assert cluster.table.state is TableState.FAILED
    assert isinstance(cluster.table.error, KubeconfigInvalid)
    await cluster.close()
    await cluster.close()


async def test_name_that_names_no_release_is_refused(tmp_path):
    cluster = connect(kubeconfig=tmp_path / "nothing", settings=Settings(data_dir=tmp_path))
    for name in ("web", "team-a/", "/web", "a/b/c", ""):
        with pytest.raises(PlanInvalid, match="namespace/name"):
            await cluster.values(name)
    await cluster.close()


def test_namespaces_given_as_one_text_are_refused_with_the_way_to_write_them():
    with pytest.raises(SettingsInvalid, match=r"\['team-a'\]"):
        connect(namespaces="team-a")
