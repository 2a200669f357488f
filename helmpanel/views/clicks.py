"""The one wrapper of everything a person starts: its failure always shows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import panel as pn

from helmpanel.errors import HelmPanelError

log = logging.getLogger(__name__)


class Clicks:
    """Runs coroutines that a person started, in the session they belong to.

    Args:
        show: Called with what failed and the error when one does.
    """

    def __init__(self, show: Callable[[str, BaseException], None]) -> None:
        self._show = show

    def run(self, what: str, flow: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> None:
        """Start `flow(*args, **kwargs)`; `what` names it for a person, such as `Upgrade of web`."""
        # partial and not a lambda: Panel does not await the coroutine a lambda returns (facts/panel.md section 3).
        pn.state.execute(partial(self._guarded, what, flow, *args, **kwargs))

    async def _guarded(self, what: str, flow: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> None:
        try:
            await flow(*args, **kwargs)
        except HelmPanelError as error:
            self._show(what, error)
        except Exception as error:
            log.exception("%s failed", what)
            self._show(what, error)
