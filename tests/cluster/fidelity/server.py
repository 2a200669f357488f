"""The sandbox as a replay sees it: kubeconfigs of the recorded users, and the calls of helm in the recording's words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .calls import Call

if TYPE_CHECKING:
    from helmpanel.sandbox import Sandbox, UserRights

BACKGROUND = "background"
"""An administrator of its own for helm in the background, so that its calls can be told from those of the commands beside it."""

USERS: dict[str, UserRights] = {"viewer": {"groups": ["viewers"]}, "nobody": {}, BACKGROUND: {"groups": ["system:masters"]}}
"""The users of the recording beside the administrator. What the viewers may do, the scenario says."""


class Server:
    """A running sandbox."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box

    def kubeconfig_for(self, user: str) -> Path:
        """Kubeconfig of `admin`, or of one of `USERS`."""
        return self._box.kubeconfig_for(user)

    def mark(self) -> int:
        """The place in the log of requests, for `calls_since`."""
        return len(self._box.requests)

    def calls_since(self, mark: int) -> list[Call]:
        """What helm asked for after a mark. A request that helm gave up before it was answered has the status 0."""
        return [Call.of(each.verb, each.request, each.status or 0, each.user) for each in self._box.requests[mark:] if each.agent.startswith("Helm/")]
