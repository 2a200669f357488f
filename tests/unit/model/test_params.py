"""Rules every param class of the model keeps."""

from __future__ import annotations

import asyncio
import inspect
import pkgutil
import threading
from importlib import import_module

import param
import pytest

import helmpanel.model
from helmpanel.errors import ReleaseNotFound
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.operation import Operation, Outcome, Phase
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.model.release import Release

CLASSES = [
    cls
    for info in pkgutil.iter_modules(helmpanel.model.__path__)
    for _, cls in inspect.getmembers(import_module(f"helmpanel.model.{info.name}"), inspect.isclass)
    if issubclass(cls, param.Parameterized) and cls.__module__.startswith("helmpanel.model")
]
KEY = ReleaseKey("kind", "team-a", "web")


def test_the_model_has_its_five_param_classes():
    assert {"Release", "Revision", "Operation", "Filters", "ReleaseTable"} <= {cls.__name__ for cls in CLASSES}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_parameter_says_what_it_is(cls):
    silent = [name for name in cls.param if name != "name" and not (cls.param[name].doc or "").strip()]
    assert silent == []


def operation() -> Operation:
    return Operation(id="1", kind=OperationKind.UPGRADE, release=KEY, command=("helm", "upgrade"))


def test_repr_of_an_operation_says_what_it_is_and_where_it_stands():
    one = operation()
    assert repr(one) == "Operation('team-a/web', kind='upgrade', phase='queued')"
    one.param.update(phase=Phase.ENDED, outcome=Outcome.FAILED, log=("password: hunter2",), message="password: hunter2")
    assert repr(one) == "Operation('team-a/web', kind='upgrade', phase='ended', outcome='failed')"


def test_repr_of_a_release_says_which_one_it_is_and_what_it_is_now():
    one = Release(key=KEY, status="deployed", version="1.2.0", description="password: hunter2")
    assert repr(one) == "Release('team-a/web', status='deployed', version='1.2.0')"
    one.is_gone = True
    assert repr(one) == "Release('team-a/web', status='deployed', version='1.2.0', is_gone=True)"


def test_what_is_not_there_is_said_the_same_way_everywhere():
    assert str(ReleaseNotFound.of(KEY)) == "There is no release team-a/web in context 'kind'. Check namespace and name; if they are right, it was uninstalled."
    assert "Revision 3 of team-a/web is not stored in context 'kind'." in str(ReleaseNotFound.of(KEY, 3))


def test_an_operation_has_ended_only_with_an_outcome():
    op = operation()
    assert not op.has_ended
    assert op.phase is Phase.QUEUED
    op.outcome = Outcome.LOST
    assert op.has_ended


def test_progress_is_unknown_until_somebody_knows():
    assert operation().progress == -1


def test_the_end_of_an_operation_reaches_waiters_on_other_loops_and_threads():
    """JupyterLab runs callbacks on subshell threads with loops of their own."""
    op = operation()
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(asyncio.run(op.ended()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert seen == []
    op.outcome = Outcome.SUCCEEDED
    op.mark_ended()
    for thread in threads:
        thread.join(5)
    assert seen == [op, op, op]


def test_a_plan_cannot_be_changed_after_it_was_confirmed():
    plan = Plan(kind=OperationKind.UPGRADE, release=KEY, argv=("upgrade",), stdin="password: x\n", revision=3, timeout_s=300, sentence="Upgrades web.")
    with pytest.raises(AttributeError):
        plan.revision = 4


def test_a_plans_repr_holds_no_values():
    plan = Plan(kind=OperationKind.UPGRADE, release=KEY, argv=("upgrade",), stdin="password: hunter2\n", revision=3, timeout_s=300, sentence="Upgrades web.")
    assert "hunter2" not in repr(plan)
