"""Trouble on purpose: slow answers, refusals, silence, cut watches. Set from the test, met by whoever asks."""

import re
import threading
from dataclasses import dataclass, field

from helmpanel.sandbox.status import MODIFIED, ApiError

_TEXTS = {401: "Unauthorized", 409: MODIFIED}


@dataclass(eq=False, kw_only=True)
class Trouble:
    """One rule about requests that are to go wrong; its hits count how many it has met."""

    match: str = ""  # regular expression, searched in path and query
    verb: str | None = None  # get, list, watch, create, update, patch, delete or deletecollection; None for any
    user: str | None = None  # whose requests; None for anybody's
    status: int | None = None  # HTTP status to refuse with; None answers as usual (after the delay)
    message: str | None = None  # text of the refusal; None for a usual one
    delay_s: float = 0  # seconds before anything is answered
    hang: bool = False  # never answer, until the client gives up or the server stops
    cut_after_s: float | None = None  # break the connection of a watch this long after it began
    times: int | None = None  # how many requests it meets; None for all
    hits: int = field(default=0, init=False)

    def refusal(self) -> ApiError | None:
        """The error to answer with, when it refuses."""
        if self.status is None:
            return None
        text = self.message or _TEXTS.get(self.status) or f"the sandbox was told to answer {self.status}"
        return ApiError(self.status, text)


class Faults:
    """The rules in force. Safe to change from any thread while the server runs."""

    def __init__(self) -> None:
        self._rules: list[Trouble] = []
        self._lock = threading.Lock()

    def add(
        self,
        match: str = "",
        *,
        verb: str | None = None,
        user: str | None = None,
        status: int | None = None,
        message: str | None = None,
        delay_s: float = 0,
        hang: bool = False,
        cut_after_s: float | None = None,
        times: int | None = None,
    ) -> Trouble:
        """Add a rule; see Trouble for its arguments. The rule counts its hits."""
        rule = Trouble(match=match, verb=verb, user=user, status=status, message=message, delay_s=delay_s, hang=hang, cut_after_s=cut_after_s, times=times)
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._rules.clear()

    def met_by(self, verb: str, request: str, user: str) -> Trouble | None:
        """The first rule about a request that is not spent, its hit counted."""
        with self._lock:
            for rule in self._rules:
                is_spent = rule.times is not None and rule.hits >= rule.times
                if not is_spent and rule.verb in (None, verb) and rule.user in (None, user) and re.search(rule.match, request):
                    rule.hits += 1
                    return rule
        return None
