"""Bodies read while they come: watches and long listings over TLS, with everything that happens to them on the way."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from helmpanel.errors import Expired, Overloaded, Unauthorized, Unreachable
from tests.waiting import pass_time, until

from .servers import EMPTY, serving, write_kubeconfig
from .streams import MAPS, config_map, listed, watching
from .test_requests import login, runs, token_of


def name_of(event: dict) -> str:
    return f"{event['type']} {event['object']['metadata']['name']}"


async def test_watch_tells_changes_while_it_runs(box, connect):
    api = connect(box.kubeconfig)
    async with watching(api, await listed(api)) as events:
        for name in ("a", "b"):
            box.put(config_map(name))
            assert name_of(await anext(events)) == f"ADDED {name}"


async def test_cut_watch_is_unreachable_and_goes_on_from_where_it_was(box, connect):
    api = connect(box.kubeconfig)
    version = await listed(api)
    box.faults.add("watch=true", reset_after_bytes=10_000, times=1)
    async with watching(api, version) as events:
        box.put(config_map("a"))
        version = (await anext(events))["object"]["metadata"]["resourceVersion"]
        box.put(config_map("b", size=20_000))
        with pytest.raises(Unreachable, match=r"broke off .* Check the network or VPN"):
            await anext(events)
    async with watching(api, version) as events:
        assert name_of(await anext(events)) == "ADDED b"


async def test_watch_that_the_server_ends_just_ends(box, connect):
    api = connect(box.kubeconfig)
    box.faults.add("watch=true", end_after_s=0.1)
    async with watching(api, await listed(api)) as events:
        assert [event async for event in events] == []


async def test_version_that_the_server_has_forgotten_is_expired(box, connect):
    api = connect(box.kubeconfig)
    version = await listed(api)
    box.put(config_map("a"))
    box.compact()
    with pytest.raises(Expired, match=r"no longer knows what changed since configmaps in namespace team-a was read \(410: too old resource version"):
        async with watching(api, version):
            pass


async def test_version_may_also_be_refused_by_an_event_of_an_answered_watch(box, connect):
    api = connect(box.kubeconfig)
    box.faults.add("watch=true", status=410, inside=True)
    async with watching(api, await listed(api)) as events:
        [event] = [event async for event in events]
    assert (event["type"], event["object"]["code"], event["object"]["reason"]) == ("ERROR", 410, "Expired")


async def test_overloaded_server_says_when_to_come_back(box, connect):
    box.faults.add(MAPS, status=429, retry_after_s=7)
    api = connect(box.kubeconfig)
    for reading in (api.get(MAPS), listed(api)):
        with pytest.raises(Overloaded, match=r"Wait 7 s, as it asks, then refresh") as caught:
            await reading
        assert caught.value.retry_after_s == 7


@pytest.mark.parametrize("status", [429, 503])
async def test_when_to_come_back_may_be_a_date(tmp_path, connect, status):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    async with serving(lambda asked: (status, b"{}", {"Retry-After": date})) as server:
        with pytest.raises(Overloaded) as caught:
            await connect(write_kubeconfig(tmp_path, server.url, ca=server.ca)).get(MAPS)
    assert 50 < caught.value.retry_after_s <= 60


async def test_listing_that_breaks_in_the_middle_is_unreachable(box, connect):
    box.put({**config_map("large"), "data": {"content": os.urandom(2**19).hex()}})
    box.faults.add(MAPS, reset_after_bytes=40_000)
    api = connect(box.kubeconfig)
    with pytest.raises(Unreachable, match="broke off"):
        await api.get(MAPS)
    read = [b""]

    async def collect() -> None:
        async with api.stream(MAPS, packed=False) as pieces:
            async for piece in pieces:
                read.append(piece)

    with pytest.raises(Unreachable, match="broke off"):
        await collect()
    assert 0 < len(b"".join(read)) <= 40_000


async def test_silence_is_given_up_only_where_it_is_too_long(box, connect):
    api = connect(box.kubeconfig, request_timeout_s=20)
    version = await listed(api)
    async with watching(api, version) as events:
        await pass_time(20)
        with pytest.raises(Unreachable, match=r"no answer within 20 s"):
            await anext(events)
    async with watching(api, version, silence_s=300) as events:
        await pass_time(200)
        box.put(config_map("late"))
        assert name_of(await anext(events)) == "ADDED late"
        await pass_time(300)
        with pytest.raises(Unreachable, match=r"no answer within 300 s"):
            await anext(events)


async def test_watch_must_begin_within_a_requests_time_however_long_it_may_be_silent(box, connect):
    version = await listed(connect(box.kubeconfig))
    box.faults.add("watch=true", hang=True)
    with pytest.raises(Unreachable, match=r"no answer within 0\.3 s"):
        async with watching(connect(box.kubeconfig, request_timeout_s=0.3), version, silence_s=3600):
            pass


async def test_token_that_is_replaced_leaves_a_running_watch_alone(box, connect):
    kubeconfig = box.kubeconfig_for("jane")
    api = connect(kubeconfig)
    async with watching(api, await listed(api)) as events:
        box.renew_token("jane")
        with pytest.raises(Unauthorized):
            await api.get(MAPS)
        assert box.kubeconfig_for("jane") == kubeconfig
        await api.get(MAPS)
        box.put(config_map("a"))
        assert name_of(await anext(events)) == "ADDED a"


async def test_watch_with_a_token_that_is_no_longer_taken_logs_in_again(box, connect):
    api = connect(box.kubeconfig_for("jane"))
    version = await listed(api)
    box.renew_token("jane")
    box.kubeconfig_for("jane")
    async with watching(api, version) as events:
        box.put(config_map("a"))
        assert name_of(await anext(events)) == "ADDED a"
    assert [each.status for each in box.requests if "watch=true" in each.request] == [401, 200]


async def test_end_of_a_login_cuts_no_watch_and_the_next_request_logs_in_anew(tmp_path, connect):
    release, bodies = asyncio.Event(), {"/watch": b"late", MAPS: EMPTY}

    async def answer(asked):
        if asked.target == "/watch":
            await release.wait()
        return 200, bodies[asked.target]

    async with serving(answer) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=login(tmp_path, lifetime_s=0.5)))
        watch = asyncio.create_task(api.get("/watch"))
        await until(lambda: server.asked)
        await asyncio.sleep(0.6)
        await api.get(MAPS)
        assert [token_of(asked) for asked in server.asked] == ["tok-1", "tok-2"]
        release.set()
        assert await watch == b"late"


async def test_requests_that_wait_for_one_login_share_its_failure(tmp_path, connect):
    script = f"echo >> {tmp_path}/runs; sleep 0.3; echo 'device code expired' >&2; exit 1"
    plugin = {"exec": {"command": "/bin/sh", "args": ["-c", script], "apiVersion": "client.authentication.k8s.io/v1"}}
    async with serving(lambda asked: (200, EMPTY)) as server:
        path = write_kubeconfig(tmp_path, server.url, ca=server.ca, user=plugin)
        api = connect(path)
        failed = await asyncio.gather(*(api.get(MAPS) for _ in range(20)), return_exceptions=True)
        assert {(type(each), "device code expired" in str(each)) for each in failed} == {(Unauthorized, True)}
        with pytest.raises(Unauthorized, match="device code expired"):
            await api.get(MAPS)
        assert runs(tmp_path) == 1, "nor is it tried again at once"

        async def tried_again() -> bool:
            with pytest.raises(Unauthorized):
                await api.get(MAPS)
            return runs(tmp_path) == 2

        while not await tried_again():
            await asyncio.sleep(0.1)
        write_kubeconfig(tmp_path, server.url, ca=server.ca)
        assert await api.get(MAPS) == EMPTY, "with another kubeconfig it is tried at once"


async def test_request_that_is_given_up_leaves_the_login_to_the_others(tmp_path, connect):
    plugin = login(tmp_path)
    plugin["exec"]["args"][1] = "sleep 0.3; " + plugin["exec"]["args"][1]
    async with serving(lambda asked: (200, EMPTY)) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca, user=plugin))
        first, second = asyncio.create_task(api.get(MAPS)), asyncio.create_task(api.get(MAPS))
        await asyncio.sleep(0.1)
        first.cancel()
        assert await second == EMPTY
        assert runs(tmp_path) == 1


async def test_error_of_whoever_reads_stays_its_own(box, connect):
    with pytest.raises(TimeoutError):
        async with connect(box.kubeconfig).stream(MAPS):
            raise TimeoutError


async def test_packed_answers_are_unpacked_a_piece_at_a_time(tmp_path, connect):
    """100 KiB on the wire that are 100 MiB: nobody's memory holds them at once."""
    size = 100 * 2**20
    packed = gzip.compress(bytes(size))
    async with serving(lambda asked: (200, packed if asked.target == "/bomb" else gzip.compress(EMPTY), {"Content-Encoding": "gzip"})) as server:
        api = connect(write_kubeconfig(tmp_path, server.url, ca=server.ca))
        assert await api.get(MAPS) == EMPTY
        assert server.asked[0].header("Accept-Encoding") == ["gzip"]
        read = largest = 0
        async with api.stream("/bomb") as pieces:
            async for piece in pieces:
                read += len(piece)
                largest = max(largest, len(piece))
        assert read == size
        assert largest <= 2**20


async def test_nothing_more_is_read_while_nobody_takes_it(tmp_path, connect):
    stalled = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (128 * 2**20))
            for _ in range(128):
                writer.write(bytes(2**20))
                try:
                    await asyncio.wait_for(writer.drain(), 0.3)
                except TimeoutError:
                    stalled.set()
                    await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listening:
        api = connect(write_kubeconfig(tmp_path, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"))
        async with api.stream("/large") as pieces:
            read = len(await anext(pieces))
            await asyncio.wait_for(stalled.wait(), 30)
            async for piece in pieces:
                read += len(piece)
        assert read == 128 * 2**20
