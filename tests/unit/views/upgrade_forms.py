"""Upgrade forms without a screen, and what a person does with one."""

from helmpanel.views.dialog import Dialogs
from helmpanel.views.upgrade import UpgradeForm
from tests.unit.views.fakes import KEY
from tests.waiting import until


def opened(cluster, submit=None):
    return UpgradeForm(cluster, KEY, Dialogs(), submit, plan_after_s=0)


async def loaded(cluster, submit=None):
    form = opened(cluster, submit)
    await form.load()
    await until(lambda: not form.go.disabled_why or form.note_is_problem)
    return form


def typed(form, text):
    """As the browser tells of typing."""
    form.values.edit()
    form.values.editor._handle_msg({"event": "text", "text": text})


async def settled(form):
    await until(lambda: form._plan is not None or form.note_is_problem)


async def answer(form):
    form.go._handle_msg({"event": "press"})
    await until(lambda: form.answered.done() or form.note_is_problem)
    return form.answered.result() if form.answered.done() else None
