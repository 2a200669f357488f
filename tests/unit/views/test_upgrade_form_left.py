"""Ways out of the upgrade form: what was typed is given up only after a question."""

import asyncio

import pytest

from helmpanel.views.dialog import Dialogs
from helmpanel.views.upgrade import UpgradeForm
from tests.unit.views.fakes import KEY, FakeCluster
from tests.unit.views.upgrade_forms import typed
from tests.waiting import until


async def shown(host):
    form = UpgradeForm(FakeCluster(), KEY, host, None)
    asked = asyncio.ensure_future(host.ask(form))
    await form.load()
    return form, asked


def leave(host):
    """As the browser tells of Escape, the cross, the backdrop and Cancel alike."""
    host._open[0]._handle_msg({"event": "leave"})


async def test_without_edits_every_way_out_closes_at_once():
    host = Dialogs()
    _, asked = await shown(host)
    leave(host)
    assert await asked is None
    assert not host.is_open


def type_values(form):
    typed(form, "a: 1\n")


def type_chart(form):
    form.chart_field.value = "other/hub"


@pytest.mark.parametrize("edit", [type_values, type_chart])
async def test_edits_are_discarded_only_after_a_question(edit):
    host = Dialogs()
    form, asked = await shown(host)
    edit(form)
    leave(host)
    leave(host)
    await until(lambda: len(host._open) == 2)
    question = host._open[1].form
    assert (question.title, question.cancel, question.start_at) == ("Discard your edits?", "Go on editing", "cancel")
    question.dismiss()
    await until(lambda: len(host._open) == 1 and not host._leaving)
    assert not asked.done()
    assert form.has_edits()
    leave(host)
    await until(lambda: len(host._open) == 2)
    host._open[1].form.foot[0]._handle_msg({"event": "press"})
    assert await asked is None
    await until(lambda: not host.is_open)


async def test_undone_edits_need_no_question():
    host = Dialogs()
    form, asked = await shown(host)
    typed(form, "a: 1\n")
    form.values._handle_msg({"event": "undo"})
    assert form.values.text is None
    leave(host)
    assert await asked is None
