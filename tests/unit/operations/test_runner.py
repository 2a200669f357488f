"""One operation per release, a limited number side by side, and an end for each of them."""

import asyncio
import threading

import pytest

from helmpanel.errors import Forbidden, HelmMissing, NotAllowed, ReleaseBusy, ReleaseMoved
from helmpanel.model.operation import Outcome, Phase
from helmpanel.model.plan import OperationKind
from helmpanel.operations import run as run_module
from helmpanel.runtime import news
from tests.waiting import PATIENCE_S, until


async def test_operation_goes_from_start_to_a_told_end(stage):
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    assert stage.board.running == [operation]
    assert operation.command == ("helm", "upgrade", "web")
    helm.says('level=DEBUG msg="waiting for resources" count=3 timeout=5m0s')
    await until(lambda: operation.message == "Waiting for 3 resources")
    assert (operation.phase, operation.progress) == (Phase.WAITING, -1)
    helm.ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    assert (operation.phase, operation.outcome, operation.error) == (Phase.ENDED, Outcome.SUCCEEDED, None)
    assert operation.log == ("waiting for resources count=3 timeout=5m0s",)
    assert operation.finished >= operation.started
    assert (stage.board.running, stage.board.ended) == ([], [operation])


async def test_row_is_read_again_before_anybody_is_told_of_the_end(stage):
    operation = await stage.runner.submit(stage.plan())
    (await stage.helm()).ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    assert stage.story == ["started", "refreshed, outcome None"]


async def test_second_operation_on_a_release_is_refused_with_the_name_of_the_first(stage):
    await stage.runner.submit(stage.plan())
    with pytest.raises(ReleaseBusy, match=r"team-a/web is being changed \(upgrade 1.2.0 → 1.4.0\)"):
        await stage.runner.submit(stage.plan(kind=OperationKind.UNINSTALL))


async def test_two_submits_at_the_same_moment_start_one_helm(stage):
    results = await asyncio.gather(*(stage.runner.submit(stage.plan()) for _ in range(2)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["Operation", "ReleaseBusy"]
    await stage.helm()
    assert len(stage.helms) == 1


async def test_release_is_free_as_soon_as_the_end_is_told(stage):
    operation = await stage.runner.submit(stage.plan())
    (await stage.helm()).ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    await stage.runner.submit(stage.plan())
    await stage.helm(2)


async def test_other_releases_run_side_by_side_up_to_the_limit(make_stage):
    stage = make_stage(parallel_operations=2)
    operations = [await stage.runner.submit(stage.plan(name)) for name in ("a", "b", "c")]
    await stage.helm(2)
    assert operations[2].phase is Phase.QUEUED
    assert "2 operations run already" in operations[2].message
    assert len(stage.helms) == 2
    stage.helms[0].ends(0)
    await stage.helm(3)
    assert operations[2].phase is not Phase.QUEUED
    await stage.runner.close()


async def test_cancel_before_start_never_starts_helm(make_stage):
    stage = make_stage(parallel_operations=1)
    await stage.runner.submit(stage.plan("a"))
    waiting = await stage.runner.submit(stage.plan("b"))
    await stage.runner.cancel(waiting)
    await asyncio.wait_for(waiting.ended(), 5)
    (await stage.helm()).ends(0)
    await until(lambda: not stage.board.running)
    assert (waiting.outcome, waiting.started) == (Outcome.CANCELLED, None)
    assert "was not changed" in waiting.message
    assert len(stage.helms) == 1


async def test_release_that_moved_since_the_plan_is_refused(stage):
    stage.revisions["web"] = 8
    with pytest.raises(ReleaseMoved, match="revision 7, it is at revision 8 now"):
        await stage.runner.submit(stage.plan())
    assert stage.board.running == []
    stage.revisions["web"] = 7
    await stage.runner.submit(stage.plan())


async def test_release_that_is_gone_is_refused(stage):
    stage.revisions["web"] = None
    with pytest.raises(ReleaseMoved, match="gone"):
        await stage.runner.submit(stage.plan())


async def test_release_that_moved_while_its_operation_was_queued_is_not_touched(make_stage):
    stage = make_stage(parallel_operations=1)
    await stage.runner.submit(stage.plan("a"))
    waiting = await stage.runner.submit(stage.plan("b"))
    stage.revisions["b"] = 9
    (await stage.helm()).ends(0)
    await asyncio.wait_for(waiting.ended(), 5)
    assert waiting.outcome is Outcome.FAILED
    assert isinstance(waiting.error, ReleaseMoved)
    assert len(stage.helms) == 1


async def test_read_only_refuses_every_plan(make_stage):
    stage = make_stage(read_only=True)
    with pytest.raises(NotAllowed, match="read-only"):
        await stage.runner.submit(stage.plan())


@pytest.mark.parametrize("fault", [HelmMissing("helm cannot be run. Install it."), OSError(28, "No space left on device")])
async def test_helm_that_cannot_be_started_ends_the_operation_with_a_sentence(stage, fault):
    stage.fault = fault
    operation = await stage.runner.submit(stage.plan())
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.outcome is Outcome.FAILED
    assert operation.message == str(operation.error)
    stage.fault = None
    await stage.runner.submit(stage.plan())


async def test_reading_that_fails_after_the_end_does_not_hide_the_end(stage):
    async def fail(operation):
        raise Forbidden("You may not list.", verb="list", resource="secrets", namespace=None)

    stage.runner._on_ended = fail
    operation = await stage.runner.submit(stage.plan())
    (await stage.helm()).ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.outcome is Outcome.SUCCEEDED


async def test_cancel_sends_sigterm_once_and_the_operation_ends_cancelled(stage):
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    helm.ends_on_term = None
    await stage.runner.cancel(operation)
    await stage.runner.cancel(operation)
    assert helm.signals == ["TERM"]
    assert operation.phase is Phase.CANCELLING
    helm.says('level=DEBUG msg="waiting for resources" count=3 timeout=5m0s')
    await until(lambda: operation.log)
    assert operation.phase is Phase.CANCELLING
    helm.ends(1)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.outcome is Outcome.CANCELLED


async def test_force_is_offered_after_the_grace_and_never_taken_by_itself(make_stage):
    stage = make_stage(grace_s=0.1)
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    helm.ends_on_term = None
    with pytest.raises(NotAllowed):
        await stage.runner.cancel(operation, kill=True)
    await stage.runner.cancel(operation)
    with pytest.raises(NotAllowed):
        await stage.runner.cancel(operation, kill=True)
    await until(lambda: operation.can_kill)
    assert helm.signals == ["TERM"]
    await stage.runner.cancel(operation, kill=True)
    await asyncio.wait_for(operation.ended(), 5)
    assert helm.signals == ["TERM", "KILL"]
    assert (operation.outcome, operation.can_kill) == (Outcome.CANCELLED, False)


async def test_cancel_after_the_end_changes_nothing(stage):
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    helm.ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    await stage.runner.cancel(operation)
    assert (operation.outcome, helm.signals) == (Outcome.SUCCEEDED, [])


async def test_helm_that_outlives_its_limits_is_asked_to_stop_but_not_killed(make_stage):
    stage = make_stage(watchdog_margin_s=0.0, grace_s=0.05)
    operation = await stage.runner.submit(stage.plan(timeout_s=0.05))
    helm = await stage.helm()
    helm.ends_on_term = None
    await until(lambda: operation.can_kill)
    assert helm.signals == ["TERM"]
    helm.ends(1)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.outcome is Outcome.FAILED
    assert operation.error.kind == "timeout"


async def test_closing_loses_what_runs_cancels_what_waits_and_touches_no_helm(make_stage):
    stage = make_stage(parallel_operations=1)
    running = await stage.runner.submit(stage.plan("a"))
    waiting = await stage.runner.submit(stage.plan("b"))
    helm = await stage.helm()
    await stage.runner.close()
    assert (running.outcome, waiting.outcome) == (Outcome.LOST, Outcome.CANCELLED)
    assert helm.signals == []
    assert helm in run_module._outliving
    assert await running.ended() is running
    with pytest.raises(NotAllowed, match="closed"):
        await stage.runner.submit(stage.plan("c"))
    helm.ends(0)


async def test_upgrades_report_with_values_is_not_shown(stage):
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    helm.says('Release "web" has been upgraded. Happy Helming!', "NAME: web", "USER-SUPPLIED VALUES:", "password: hunter2", is_error=False)
    helm.ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.log == ('Release "web" has been upgraded. Happy Helming!',)


async def test_stack_trace_of_helm3_is_not_shown(stage):
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    helm.says(
        "Error: UPGRADE FAILED: nope", "helm.go:92: 2026-11-22 23:55:01 +0000 UTC m=+6.4 [debug] nope", "UPGRADE FAILED", "main.main", "\truntime/proc.go:283"
    )
    helm.ends(1)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.log == ("Error: UPGRADE FAILED: nope",)


async def test_ten_thousand_lines_come_in_few_updates_and_only_the_newest_stay(make_stage):
    stage = make_stage(log_lines_kept=500, flush_interval_s=0.1)
    operation = await stage.runner.submit(stage.plan())
    updates = []
    operation.param.watch(updates.append, ["log"])
    helm = await stage.helm()
    helm.says(*(f"line {i}" for i in range(10_000)))
    await until(lambda: operation.log_dropped == 9_500)
    helm.ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.log[-1] == "line 9999"
    assert len(operation.log) == 500
    assert len(updates) < 10


async def test_time_ticks_while_helm_is_silent(stage):
    operation = await stage.runner.submit(stage.plan())
    await stage.helm()
    await until(lambda: operation.elapsed >= 1)
    (await stage.helm()).ends(0)


async def test_watcher_that_raises_breaks_no_operation(stage, caplog):
    operation = await stage.runner.submit(stage.plan())
    operation.param.watch(lambda event: 1 / 0, ["phase", "outcome", "message", "log"])
    helm = await stage.helm()
    helm.says('level=DEBUG msg="waiting for resources" count=3 timeout=5m0s')
    helm.ends(0)
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.outcome is Outcome.SUCCEEDED
    assert stage.board.running == []
    assert "a watcher of Operation failed" in caplog.text


async def test_subscriber_that_sleeps_or_raises_delays_no_operation_and_no_other_subscriber(stage):
    operation = await stage.runner.submit(stage.plan())
    helm = await stage.helm()
    seen, woken, may_wake = [], [], threading.Event()
    names = ["phase", "message", "log", "outcome"]
    stops = [
        news.subscribe(operation, names, lambda changed: woken.append(may_wake.wait(PATIENCE_S)), lambda call: call()),
        news.subscribe(operation, names, lambda changed: 1 / 0, lambda call: call()),
        news.subscribe(operation, names, lambda changed: seen.append(operation.outcome), lambda call: call()),
    ]
    try:
        helm.says(*(f"line {i}" for i in range(100)))
        helm.ends(0)
        await asyncio.wait_for(operation.ended(), 5)
        await until(lambda: seen and seen[-1] is Outcome.SUCCEEDED)
        assert woken == [], "the end was told only after the sleeper woke"
    finally:
        may_wake.set()
        for stop in stops:
            stop()


async def test_unforeseen_fault_ends_the_operation_and_frees_the_release(stage, caplog):
    stage.fault = RuntimeError("a mistake of ours")
    operation = await stage.runner.submit(stage.plan())
    await asyncio.wait_for(operation.ended(), 5)
    assert operation.outcome is Outcome.LOST
    assert "a mistake of ours" in caplog.text
    stage.fault = None
    await stage.runner.submit(stage.plan())
