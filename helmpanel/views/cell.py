"""The outermost element of a dashboard in a notebook cell: what its browser says is heard on the loop that built it."""

from __future__ import annotations

from functools import partial
from typing import Any

from helmpanel.views.design import Box
from helmpanel.views.session import running_loop


class Cell(Box):
    """A box whose messages from the browser are taken on the kernel's loop, one after the other.

    JupyterLab 4.6 has comm messages answered on threads of their own, while news arrive on the kernel's loop. A Bokeh document is no place for two threads:
    updates to the browser mix ("s is not iterable"), and what one thread removes another takes for known ("reference isn't known"). Seen with Panel 1.9.4.
    """

    def __init__(self, *objects: Any, **params: Any) -> None:
        super().__init__(*objects, **params)
        self._loop = running_loop()

    def _on_msg(self, ref: str, manager: Any, msg: Any) -> None:
        take = partial(super()._on_msg, ref, manager, msg)
        if self._loop is None or self._loop is running_loop():
            take()
        else:
            self._loop.call_soon_threadsafe(take)
