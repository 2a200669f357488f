"""Views that follow operations: notifications, progress, logs, the strip, cancelling."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helmpanel.errors import HelmPanelError
from helmpanel.model.operation import Outcome
from helmpanel.model.plan import OperationKind
from helmpanel.text import lines
from helmpanel.views.cancelling import cancel_form
from helmpanel.views.endings import Endings
from helmpanel.views.operation_line import OperationLine
from helmpanel.views.progress import ProgressForm, log_form
from helmpanel.views.strip import Strip
from helmpanel.views.toasts import KEPT, Toasts
from tests.unit.views.fake_cluster import FakeCluster
from tests.waiting import eventually


def now(call: Callable[[], None]) -> None:
    call()


def test_each_dashboard_tells_an_end_exactly_once():
    cluster = FakeCluster()
    early, late = Toasts(), Toasts()
    first = Endings(cluster.operations, early, now, lambda *_: None)
    cluster.end(cluster.begin("web"))
    eventually(lambda: early.items)
    second = Endings(cluster.operations, late, now, lambda *_: None)
    cluster.end(cluster.begin("db"), Outcome.FAILED, error=HelmPanelError("It broke."))
    eventually(lambda: len(early.items) == 2 and len(late.items) == 1)
    assert [item["title"] for item in early.items] == ["web upgraded to 1.1.0", "db was not upgraded"]
    assert [item["title"] for item in late.items] == ["db was not upgraded"]
    first.stop()
    second.stop()


def test_a_toast_that_was_dismissed_is_gone_and_old_ones_make_room():
    toasts = Toasts()
    for n in range(KEPT + 2):
        toasts.show(f"t{n}", stays=False)
    assert len(toasts.items) == KEPT
    toasts._handle_msg({"event": "dismiss", "id": toasts.items[0]["id"]})
    assert [item["title"] for item in toasts.items] == [f"t{n}" for n in range(3, KEPT + 2)]


def test_what_stays_until_dismissed_is_never_pushed_out():
    toasts, taken = Toasts(), []
    toasts.show("passing", stays=False, on_act=taken.append)
    passing = toasts.items[0]["id"]
    for n in range(KEPT + 1):
        toasts.show(f"error {n}", group="failed", on_act=taken.append)
    toasts.show("newest", stays=False)
    assert [item["title"] for item in toasts.items] == [*(f"error {n}" for n in range(KEPT + 1)), "newest"]
    toasts._handle_msg({"event": "act", "id": passing, "key": "log"})
    assert taken == [], "what is not shown cannot be pressed"
    assert len(toasts._acts) == KEPT + 1


def test_a_next_step_is_taken_once():
    toasts, taken = Toasts(), []
    toasts.show("t", actions=[("log", "Open log")], on_act=taken.append)
    number = toasts.items[0]["id"]
    toasts._handle_msg({"event": "act", "id": number, "key": "log"})
    toasts._handle_msg({"event": "act", "id": number, "key": "log"})
    assert taken == ["log"]
    assert toasts.items == []


def test_why_it_ended_so_stays_on_the_line_after_the_notification_is_dismissed():
    """A new tab has no notification of an earlier end at all."""
    cluster = FakeCluster()
    failed, done = cluster.begin("web"), cluster.begin("db")
    assert OperationLine(failed, now).why == ""
    cluster.end(failed, Outcome.FAILED, error=HelmPanelError("The hook failed, token: abc123def. Try again."))
    cluster.end(done)
    assert OperationLine(done, now).why == ""
    line = OperationLine(failed, now)
    assert line.why.startswith("The hook failed")
    assert "abc123def" not in line.why
    form = log_form(failed, now, lambda _: None)
    assert (form.title, form.line.why, form.status) == ("web was not upgraded", line.why, ["failed", "Failed"])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_dialog_of_an_operation_goes_with_its_end_which_is_told_once(outcome: Outcome):
    """However it ended: the notification says so, and a dialog that stayed would say the same beside it."""
    cluster, toasts = FakeCluster(), Toasts()
    endings = Endings(cluster.operations, toasts, now, lambda *_: None)
    operation = cluster.begin("web")
    form = ProgressForm(operation, now, lambda _: None)
    assert not form.answered.done()
    cluster.end(operation, outcome, error=HelmPanelError("It broke.") if outcome is Outcome.FAILED else None)
    eventually(lambda: form.answered.done() and toasts.items)
    assert len(toasts.items) == 1
    assert ProgressForm(operation, now, lambda _: None).answered.done(), "one that ended before its dialog opened shows none"
    endings.stop()
    form.closed()


def sent_by(line: OperationLine) -> list[dict]:
    sent: list[dict] = []
    line._send_msg = sent.append
    return sent


def test_a_log_is_sent_only_while_it_is_open_masked_and_new_lines_alone():
    operation = FakeCluster().begin()
    operation.log = ("one", "password: hunter2")
    line = OperationLine(operation, now)
    sent = sent_by(line)
    line.is_log_open = True
    line._handle_msg({"event": "log"})
    assert sent == [{"is_new": True, "dropped": 0, "lines": ["one", "password: ••••••••"]}]
    operation.log = ("one", "password: hunter2", "three")
    eventually(lambda: len(sent) == 2)
    assert sent[1]["lines"] == ["three"]
    assert not sent[1]["is_new"]
    line.stop()


def test_a_log_whose_front_was_cut_is_sent_on_without_a_gap():
    operation = FakeCluster().begin()
    operation.log = ("1", "2", "3")
    line = OperationLine(operation, now, is_log_open=True)
    sent = sent_by(line)
    line._handle_msg({"event": "log"})
    operation.param.update(log=("3", "4"), log_dropped=2)
    eventually(lambda: len(sent) == 2)
    assert sent[1] == {"is_new": False, "dropped": 2, "lines": ["4"]}
    operation.param.update(log=("8", "9"), log_dropped=7)
    eventually(lambda: len(sent) == 3)
    assert sent[2] == {"is_new": True, "dropped": 7, "lines": ["8", "9"]}
    line.stop()


def test_a_key_in_pem_form_stays_masked_when_its_lines_come_one_by_one():
    operation = FakeCluster().begin()
    operation.log = ("-----BEGIN PRIVATE KEY-----",)
    line = OperationLine(operation, now, is_log_open=True)
    sent = sent_by(line)
    line._handle_msg({"event": "log"})
    operation.log = ("-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkq")
    eventually(lambda: len(sent) == 2)
    assert "MIIE" not in str(sent)
    line.stop()


def test_one_new_line_of_a_long_log_masks_one_line(monkeypatch: pytest.MonkeyPatch):
    masked: list[str] = []
    plain = lines.mask_line
    monkeypatch.setattr(lines, "mask_line", lambda line: masked.append(line) or plain(line))
    operation = FakeCluster().begin()
    operation.log = tuple(f"line {number}" for number in range(10_000))
    line = OperationLine(operation, now, is_log_open=True)
    sent = sent_by(line)
    line._handle_msg({"event": "log"})
    assert len(masked) == 10_000
    operation.param.update(log=(*operation.log[1:], "password: hunter2"), log_dropped=1)
    eventually(lambda: len(sent) == 2)
    assert sent[1]["lines"] == ["password: ••••••••"]
    assert masked[10_000:] == ["password: hunter2"]
    line.stop()


def test_a_key_in_pem_form_stays_masked_when_its_begin_was_cut_off():
    operation = FakeCluster().begin()
    operation.param.update(log=("MIIEvQIBADANBgkq", "-----END PRIVATE KEY-----", "done"), log_dropped=4)
    line = OperationLine(operation, now, is_log_open=True)
    sent = sent_by(line)
    line._handle_msg({"event": "log"})
    assert sent[0]["lines"] == ["••••••••", "-----END PRIVATE KEY-----", "done"]
    line.stop()


def test_cancel_becomes_stop_now_and_ends_with_the_operation():
    cluster = FakeCluster()
    operation = cluster.begin()
    line = OperationLine(operation, now)
    assert line.cancel_word == "Cancel"
    operation.can_kill = True
    eventually(lambda: line.cancel_word == "Stop now")
    cluster.end(operation)
    eventually(lambda: line.cancel_word == "" and not line.is_running)
    line.stop()


def test_an_unknown_progress_stays_unknown():
    line = OperationLine(FakeCluster().begin(), now)
    assert line.progress == -1
    line.stop()


def test_the_strip_moves_a_line_from_running_to_ended():
    cluster = FakeCluster()
    operation = cluster.begin()
    strip = Strip(cluster.operations, now, lambda _: None)
    line = strip.running[0]
    cluster.end(operation)
    eventually(lambda: strip.ended)
    assert strip.ended[0] is line
    assert (strip.running_count, strip.ended_count) == (0, 1)
    strip.stop()


@pytest.mark.parametrize(
    ("kind", "word"), [(OperationKind.ROLLBACK, "pending"), (OperationKind.UNINSTALL, "partly uninstalled"), (OperationKind.UPGRADE, "failed")]
)
def test_cancelling_says_first_what_it_leaves(kind: OperationKind, word: str):
    form = cancel_form(FakeCluster().begin(kind=kind, target=""), kill=False)
    assert word in form.body[0].text
    assert form.start_at == "cancel"


def test_cancelling_an_upgrade_that_rolls_back_does_not_say_that_anything_stays():
    operation = FakeCluster().begin(rolls_back_on_failure=True)
    text = cancel_form(operation, kill=False).body[0].text
    assert "rolls back to the last revision that worked" in text
    assert "stays" not in text
    assert "leaves the release pending" in cancel_form(operation, kill=True).body[0].text
