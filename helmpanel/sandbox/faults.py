"""Trouble on purpose: slow answers, refusals, silence, cut watches. Set from the test, met by whoever asks."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from helmpanel.sandbox.status import ApiError

_REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    422: "Invalid",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}
_TEXTS = {401: "Unauthorized", 409: "the object has been modified; please apply your changes to the latest version and try again"}


@dataclass(eq=False, kw_only=True)
class Trouble:
    """One rule about requests that are to go wrong.

    Attributes:
        match: Regular expression, searched in path and query.
        verb: get, list, watch, create, update, patch, delete or deletecollection; None for any.
        user: Whose requests; None for anybody's.
        status: HTTP status to refuse with; None answers as usual (after the delay).
        message: Text of the refusal; None for a usual one.
        delay_s: Seconds before anything is answered.
        hang: Never answer, until the client gives up or the server stops.
        cut_after_s: Break the connection of a watch this long after it began.
        times: How many requests it meets; None for all.
        hits: How many it has met.
    """

    match: str = ""
    verb: str | None = None
    user: str | None = None
    status: int | None = None
    message: str | None = None
    delay_s: float = 0
    hang: bool = False
    cut_after_s: float | None = None
    times: int | None = None
    hits: int = field(default=0, init=False)

    def meets(self, verb: str, request: str, user: str) -> bool:
        """Whether it is about this request."""
        is_spent = self.times is not None and self.hits >= self.times
        return not is_spent and self.verb in (None, verb) and self.user in (None, user) and re.search(self.match, request) is not None

    def refusal(self) -> ApiError | None:
        """The error to answer with, when it refuses."""
        if self.status is None:
            return None
        text = self.message or _TEXTS.get(self.status) or f"the sandbox was told to answer {self.status}"
        return ApiError(self.status, _REASONS.get(self.status, ""), text)


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
        """The first rule about a request, its hit counted."""
        with self._lock:
            for rule in self._rules:
                if rule.meets(verb, request, user):
                    rule.hits += 1
                    return rule
        return None
