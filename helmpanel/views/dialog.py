"""Dialogs: a form is asked, an answer comes back, so that a flow is one coroutine.

plan = await dialogs.ask(UpgradeForm(...))      # None when the person dismissed it
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, InvalidStateError
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param
from panel.custom import Children
from panel.viewable import Viewable, Viewer

from helmpanel.views.assets import css, esm
from helmpanel.views.controls.button import Button
from helmpanel.views.controls.callout import Callout
from helmpanel.views.design import Box
from helmpanel.views.part import Part


class Form(param.Parameterized):
    """What a dialog shows and asks. Subclass it, fill `body` and `foot`, and call `answer` when the person has decided.

    All texts may be changed while the dialog is open; all are shown as text, never as markup.
    """

    title = param.String(doc="Heading, such as `Upgrade jupyterhub`.")
    where = param.String(doc="Namespace, drawn with its icon; empty for none.")
    facts = param.List(item_type=str, doc="Short facts under the heading, such as `Runs 4.1.0, revision 22`.")
    context = param.String(doc="Context, drawn as a chip; every dialog that changes something shows it.")
    status = param.List(default=[], doc="Chip beside the heading: [StatusGroup value, word]; empty for none.")
    note = param.String(doc="What will happen, in one sentence, left in the foot.")
    note_is_problem = param.Boolean(default=False, doc="The note says why the primary action cannot be pressed.")
    size = param.Selector(default="md", objects=["sm", "md", "lg", "xl", "xxl"], doc="440, 560, 680, 1000 or 1200 px wide.")
    is_tall = param.Boolean(default=False, doc="Of fixed height, so that tabs do not make it jump.")
    is_flush = param.Boolean(default=False, doc="The body has no padding and its parts share the height; they scroll themselves.")
    dismissable = param.Boolean(default=True, doc="ESC, the backdrop and the cross close it.")
    is_guarded = param.Boolean(default=False, doc="Every way out but an answer asks first when `has_edits`.")
    cancel = param.String(default="Cancel", doc="Word of the button that dismisses; empty for none.")
    start_at = param.Selector(default="first", objects=["first", "cancel", "none"], doc="Focus at the start: first field, Cancel (the primary destroys), none.")
    head = param.List(item_type=(Viewable, Viewer), doc="Viewables in the header: actions of a details dialog.")
    body = param.List(item_type=(Viewable, Viewer), doc="Viewables between header and foot.")
    foot = param.List(item_type=(Viewable, Viewer), doc="Viewables right in the foot, after Cancel: the primary action last.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        # Of concurrent.futures, not of asyncio: a notebook runs callbacks on several loops.
        self.answered: Future[Any] = Future()

    def answer(self, result: Any) -> None:
        """Close the dialog; `ask` returns `result`. A second answer is ignored."""
        if not self.answered.done():
            try:
                self.answered.set_result(result)
            except InvalidStateError:  # answered on another thread in between
                return

    def dismiss(self) -> None:
        """Close the dialog without a decision: `ask` returns None."""
        self.answer(None)

    def has_edits(self) -> bool:
        """Whether leaving without a decision loses something that the person typed."""
        return False

    def closed(self) -> None:
        """Called once when the dialog is gone: give up subscriptions here."""


def discard_form() -> Form:
    """Asks whether typed text may go; answered True when it may."""
    form = Form(
        title="Discard your edits?",
        size="sm",
        cancel="Go on editing",
        start_at="cancel",
        body=[Callout(tone="upgrade", icon="warning", text="What you typed in this dialog is kept nowhere else.")],
    )
    form.foot = [Button(label="Discard", kind="danger").on_press(lambda: form.answer(True))]
    return form


TYPED_WITHIN_S = 0.15
"""Panel hands on what was typed into a field 50 ms later, a message at once: what was typed before leaving is waited for."""

TEXTS = (
    "title",
    "where",
    "facts",
    "context",
    "status",
    "note",
    "note_is_problem",
    "size",
    "is_tall",
    "is_flush",
    "dismissable",
    "is_guarded",
    "cancel",
    "start_at",
)
SLOTS = ("head", "body", "foot")
"""Viewables only: Panel would draw a bare string as Markdown, which executes."""


class Dialog(Part):
    """One native modal dialog on the page, drawing a Form."""

    open = param.Boolean(default=True, doc="Written by the browser when the person dismisses it.")
    title = param.String()
    where = param.String()
    facts = param.List()
    context = param.String()
    status = param.List()
    note = param.String()
    note_is_problem = param.Boolean()
    size = param.String()
    is_tall = param.Boolean()
    is_flush = param.Boolean()
    dismissable = param.Boolean()
    is_guarded = param.Boolean()
    cancel = param.String()
    start_at = param.String()
    head = Children()
    body = Children()
    foot = Children()

    _esm = esm("dialog")
    _stylesheets: ClassVar[list[str]] = [css("shared", "dialog")]

    def __init__(self, form: Form, **params: Any) -> None:
        self.form = form
        super().__init__(**{name: getattr(form, name) for name in TEXTS + SLOTS}, **params)
        self._watcher = form.param.watch(self._follow, [*TEXTS, *SLOTS])
        self.param.watch(self._dismissed, "open")

    def _follow(self, *events: param.parameterized.Event) -> None:
        self.param.update(**{event.name: event.new for event in events})

    def _dismissed(self, event: param.parameterized.Event) -> None:
        if not event.new:
            self.form.dismiss()

    def leave(self) -> None:
        """Close it in the browser and let go of the form."""
        self.form.param.unwatch(self._watcher)
        self.open = False


class Dialogs:
    """The dialogs of one dashboard: nested ones lie on top of each other in the browser's top layer.

    Attributes:
        layer: Viewable that must be part of the dashboard's layout; takes no room.
    """

    def __init__(self) -> None:
        self.layer = Box(css_classes=["hp-dialogs"], styles={"display": "contents"})
        self._open: list[Dialog] = []
        self._leaving: set[Form] = set()

    @property
    def is_open(self) -> bool:
        """Whether any dialog is on the screen."""
        return bool(self._open)

    async def ask(self, form: Form) -> Any:
        """Show the form until it is answered; None when it was dismissed."""
        dialog = Dialog(form)
        dialog.on("leave", lambda **_: pn.state.execute(partial(self.leave, form)))
        self._open.append(dialog)
        self.layer.append(dialog)
        try:
            return await asyncio.wrap_future(form.answered)
        finally:
            self._open.remove(dialog)
            dialog.leave()
            self.layer.remove(dialog)
            form.closed()

    async def leave(self, form: Form) -> None:
        """The person wants out of a guarded form: what was typed is not thrown away unasked."""
        if form in self._leaving:
            return
        self._leaving.add(form)
        try:
            await asyncio.sleep(TYPED_WITHIN_S)
            if form.answered.done():
                return
            if form.has_edits():
                question = discard_form()
                form.answered.add_done_callback(lambda _: question.dismiss())
                if not await self.ask(question):
                    return
            form.dismiss()
        finally:
            self._leaving.discard(form)

    def dismiss_all(self) -> None:
        """Answer every open dialog with None, topmost first: the session ends."""
        for dialog in reversed(self._open):
            dialog.form.dismiss()
