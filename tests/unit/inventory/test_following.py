"""Following one kind of object: one list, one watch, and the truth about how fresh it is."""

import asyncio
import errno
import json
from datetime import UTC, datetime

import pytest
from aiohttp import ClientOSError

from helmpanel.errors import Overloaded, ServerFault, Unreachable
from helmpanel.inventory.following import LONGEST_WATCH_S
from helmpanel.inventory.patience import Patience
from helmpanel.model.table import TableState
from tests.unit.inventory.fake_api import FakeApi, forbidden, secret
from tests.waiting import until


async def test_one_list_then_one_watch_tells_all_that_happens(follow):
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    assert watcher.seen == {("web", 1, "deployed")}
    api.put(secret(revision=2, status="pending-upgrade"))
    await until(lambda: ("web", 2, "pending-upgrade") in watcher.seen)
    api.put(secret(status="superseded"))
    api.put(secret(revision=2))
    await until(lambda: watcher.seen == {("web", 2, "deployed")})
    api.delete("a", "sh.helm.release.v1.web.v2")
    await until(lambda: watcher.seen == set())
    assert [what for what, _, _ in api.asked] == ["metadata", "watch"]
    assert watcher.states == [TableState.CATCHING_UP, TableState.LIVE]


async def test_watch_that_breaks_goes_on_where_it_was(follow):
    """Nothing is listed again, and nothing that happened meanwhile is lost."""
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    api.put(secret(name="db"))
    await until(lambda: len(watcher.seen) == 2)
    api.cut()
    api.put(secret(name="queue"))
    await until(lambda: len(watcher.seen) == 3)
    await watcher.is_live()
    assert watcher.lists == 1
    assert TableState.STALE not in watcher.states, "nothing has failed: it was made anew at once"


async def test_watch_that_the_server_ends_begins_again_without_a_list(follow):
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    api.end()
    await until(lambda: api.requests("watch") and len(api.requests("watch")) == 2)
    api.put(secret(name="db"))
    await until(lambda: len(watcher.seen) == 2)
    assert watcher.lists == 1


async def test_bookmark_moves_the_place_to_go_on_from(follow):
    """Without it a quiet kind of object would go on from a version the server has long forgotten."""
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    api.version += 50
    api.bookmark()
    await until(lambda: watcher.following._version == str(api.version))
    api.compact()
    api.oldest = api.version
    api.cut()
    await until(lambda: len(api.requests("watch")) == 2)
    await watcher.is_live()
    assert watcher.lists == 1


async def test_version_too_old_means_a_new_list(follow):
    """410 as the answer: what vanished meanwhile is gone, what came is there."""
    api = FakeApi(secret(), secret(name="db"))
    watcher = follow(api)
    await watcher.is_live()
    api.trouble = lambda what, path, params: Unreachable("No answer.")
    api.cut()
    await until(lambda: watcher.following.state is TableState.STALE)
    api.delete("a", "sh.helm.release.v1.db.v1")
    api.put(secret(name="queue"))
    api.compact()
    api.trouble = lambda what, path, params: None
    await until(lambda: watcher.seen == {("web", 1, "deployed"), ("queue", 1, "deployed")})
    await watcher.is_live()
    assert watcher.lists == 2


async def test_version_too_old_told_inside_an_answer_never_looks_live(follow):
    """Real servers answer 200 first, then say it."""
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    told = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}}
    watcher.following.heard = datetime(2026, 1, 1, tzinfo=UTC)
    watcher.lists_when_live.clear()
    api.cut()
    await until(lambda: api.watches == 1 and len(api.requests("watch")) == 2)
    api.say(json.dumps(told).encode() + b"\n")
    await watcher.is_live()
    assert watcher.lists_when_live == [2]


async def test_versions_that_are_always_too_old_are_asked_for_less_and_less(follow):
    """The server accepts each watch, and then says that it cannot go on."""
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    told = json.dumps({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}}).encode() + b"\n"
    waits = []
    watcher.patience.wait_s = lambda asked_s=None: waits.append(Patience.wait_s(watcher.patience)) or 0.0
    for number in range(5):
        await until(lambda number=number: api.watches == 1 and len(api.requests("watch")) == number + 1)
        await asyncio.sleep(0.01)
        api.say(told)
    await until(lambda: len(waits) == 5)
    assert waits == [0.0, 0.5, 1.0, 2.0, 4.0]


async def test_server_that_is_away_makes_it_stale_since_then_and_heals_by_itself(follow):
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    before = datetime.now(UTC)
    api.trouble = lambda what, path, params: Unreachable("No answer.")
    api.cut()
    await until(lambda: watcher.following.state is TableState.STALE)
    assert str(watcher.following.error) == "No answer."
    since = watcher.following.since
    assert before <= since <= datetime.now(UTC)
    await until(lambda: len(api.requests("watch")) > 4)
    assert watcher.following.since == since, "it counts from the first moment, not from the last attempt"
    assert watcher.seen == {("web", 1, "deployed")}
    api.trouble = lambda what, path, params: None
    await watcher.is_live()
    assert (watcher.following.since, watcher.following.error) == (None, None)


@pytest.mark.parametrize("cause", [TimeoutError(), ClientOSError(errno.ETIMEDOUT, "Connection timed out")], ids=["by us", "by the kernel"])
async def test_silence_makes_it_stale_since_the_last_word(follow, cause):
    """A dead connection looks open: how long nothing was said, nobody knows but by the last news."""
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    heard = watcher.following.heard
    await asyncio.sleep(0.05)
    silence = Unreachable("No answer within 130 s.")
    silence.__cause__ = cause
    api.trouble = lambda what, path, params: Unreachable("No answer.")
    api.cut(silence)
    await until(lambda: watcher.following.state is TableState.STALE)
    assert watcher.following.since == heard


async def test_first_list_that_fails_is_a_failure_and_is_tried_again(follow):
    api = FakeApi(secret())
    api.trouble = lambda what, path, params: ServerFault("Broken.")
    watcher = follow(api)
    await until(lambda: watcher.following.state is TableState.FAILED)
    assert watcher.following.since is None
    await until(lambda: len(api.asked) > 3)
    api.trouble = lambda what, path, params: None
    await watcher.is_live()


async def test_server_that_asks_to_be_left_alone_is(follow):
    api = FakeApi(secret())
    api.trouble = lambda what, path, params: Overloaded("Too many.", retry_after_s=3.0)
    watcher = follow(api)
    await until(lambda: len(watcher.patience.asked) > 1)
    assert watcher.patience.asked[:2] == [3.0, 3.0]


async def test_right_to_list_without_the_right_to_watch_is_listed_from_time_to_time(follow):
    api = FakeApi(secret())
    api.trouble = lambda what, path, params: forbidden("watch") if what == "watch" else None
    watcher = follow(api, refresh_interval_s=0.02)
    await until(lambda: watcher.following.state is TableState.READY)
    assert "watch" in str(watcher.following.limit)
    api.put(secret(name="db"))
    await until(lambda: len(watcher.seen) == 2)
    api.trouble = lambda what, path, params: None
    await watcher.is_live()
    assert watcher.following.limit is None


@pytest.mark.parametrize(
    "line",
    [
        b"<html>\n",
        b'{"type":"ADDED"}\n',
        b"[]\n",
        b'{"type":"ADDED","object":{"metadata":{}}}\n',
        b'{"type":"ERROR","object":{}}\n',
        b'{"type":"ERROR","object":null}\n',
        b'{"type":"ERROR","object":[]}\n',
    ],
)
async def test_something_that_is_no_event_is_a_fault_of_the_server_and_is_survived(follow, line):
    api = FakeApi(secret())
    watcher = follow(api)
    await watcher.is_live()
    api.say(line)
    await until(lambda: len(api.requests("watch")) == 2)
    api.put(secret(name="db"))
    await until(lambda: len(watcher.seen) == 2)


async def test_watch_asks_for_bookmarks_ends_by_itself_and_is_given_up_when_it_is_silent(follow):
    api, asked = FakeApi(secret()), []
    stream = api.stream

    def noted(path, params=None, accept="", **how):
        asked.append((params or {}, how))
        return stream(path, params, accept, **how)

    api.stream = noted
    one = follow(api)
    await until(lambda: one.following.state is TableState.LIVE)
    [(params, how)] = [(params, how) for params, how in asked if "watch" in params]
    assert params["allowWatchBookmarks"] == "true"
    assert LONGEST_WATCH_S <= int(params["timeoutSeconds"]) < 2 * LONGEST_WATCH_S
    # A real server sends a bookmark a minute.
    assert 60 < how["silence_s"] < int(params["timeoutSeconds"])
