"""A viewer can be slow or broken without anybody else noticing."""

import threading
import time

import param
import pytest

from helmpanel.runtime import news
from tests.waiting import PATIENCE_S, eventually


class Thing(param.Parameterized):
    step = param.Integer(default=0)
    word = param.String()


def at_once(call):
    call()


def test_writer_is_not_delayed_by_a_watcher_that_sleeps():
    thing, release, woken = Thing(), threading.Event(), []
    stop = news.subscribe(thing, ["step"], lambda changed: woken.append(release.wait(PATIENCE_S)), at_once)
    try:
        for step in range(1, 50):
            thing.step = step
        assert woken == [], "the writer waited until the watcher woke"
    finally:
        release.set()
        stop()


def test_watcher_that_raises_reaches_neither_writer_nor_other_watchers(caplog):
    thing, seen = Thing(), []
    stops = [
        news.subscribe(thing, ["step"], lambda changed: 1 / 0, at_once),
        news.subscribe(thing, ["step"], lambda changed: seen.append(thing.step), at_once),
    ]
    try:
        thing.step = 7
        eventually(lambda: seen == [7])
        eventually(lambda: "ZeroDivisionError" in caplog.text)
    finally:
        for stop in stops:
            stop()


def test_slow_viewer_does_not_delay_another_one():
    thing, release, seen, woken = Thing(), threading.Event(), [], []
    stops = [
        news.subscribe(thing, ["step"], lambda changed: woken.append(release.wait(PATIENCE_S)), at_once),
        news.subscribe(thing, ["step"], lambda changed: seen.append(thing.step), at_once),
    ]
    try:
        thing.step = 1
        eventually(lambda: seen)
        assert woken == [], "it was told only after the slow one woke"
    finally:
        release.set()
        for stop in stops:
            stop()


def test_burst_is_coalesced_and_the_last_change_is_told():
    thing, seen = Thing(), []
    stop = news.subscribe(thing, ["step"], lambda changed: seen.append(thing.step), at_once, interval_s=0.1)
    try:
        began = time.monotonic()
        for step in range(1, 1001):
            thing.step = step
        eventually(lambda: seen and seen[-1] == 1000)
        # One at once, one at the end, and on a busy machine some in between.
        assert len(seen) <= 2 + (time.monotonic() - began) / 0.1
    finally:
        stop()


def test_names_of_all_changes_since_the_last_call_come_together():
    thing, calls, got = Thing(), [], []
    stop = news.subscribe(thing, ["step", "word"], got.append, calls.append)
    try:
        thing.step = 1
        thing.word = "a"
        eventually(lambda: calls)
        calls.pop()()
        assert got == [frozenset({"step", "word"})]
    finally:
        stop()


def test_document_that_is_busy_gets_one_call_and_not_a_queue():
    thing, calls = Thing(), []
    stop = news.subscribe(thing, ["step"], lambda changed: None, calls.append, interval_s=0.01)
    try:
        thing.step = 1
        eventually(lambda: calls)
        for step in range(2, 20):
            thing.step = step
            time.sleep(0.005)
        assert len(calls) == 1
        calls[0]()
        thing.step = 99
        eventually(lambda: len(calls) == 2)
    finally:
        stop()


def test_deliver_that_raises_is_tried_again_with_the_next_change(caplog):
    thing, seen, tries = Thing(), [], []

    def deliver(call):
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("document gone")
        call()

    stop = news.subscribe(thing, ["step"], lambda changed: seen.append(thing.step), deliver, interval_s=0.01)
    try:
        thing.step = 1
        eventually(lambda: "could not be delivered" in caplog.text)
        thing.step = 2
        eventually(lambda: seen and seen[-1] == 2)
    finally:
        stop()


def test_nothing_is_called_after_the_subscription_ended():
    thing, calls, seen = Thing(), [], []
    stop = news.subscribe(thing, ["step"], seen.append, calls.append)
    thing.step = 1
    eventually(lambda: calls)
    stop()
    stop()
    calls[0]()
    thing.step = 2
    assert seen == []
    assert len(calls) == 1


def test_write_survives_a_direct_watcher_that_raises(caplog):
    thing, seen = Thing(), []

    def broken(*events):
        raise ValueError("not my day")

    thing.param.watch(broken, ["step"])
    thing.param.watch(lambda *events: seen.append(thing.step), ["word"])
    news.write(thing, step=3, word="x")
    assert thing.step == 3
    assert thing.word == "x"
    assert "a watcher of Thing failed" in caplog.text


def test_write_tells_subscribers_although_a_direct_watcher_before_them_raised():
    thing, seen = Thing(), []
    thing.param.watch(lambda *events: 1 / 0, ["step"])
    stop = news.subscribe(thing, ["step"], lambda changed: seen.append(thing.step), at_once)
    try:
        news.write(thing, step=3)
        eventually(lambda: seen == [3])
    finally:
        stop()


def test_write_still_refuses_a_value_the_parameter_does_not_take():
    with pytest.raises(ValueError, match="step"):
        news.write(Thing(), step="many")
