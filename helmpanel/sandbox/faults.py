"""Trouble on purpose: slow answers, refusals, silence, broken connections, watches that end. Set from the test, met by whoever asks."""

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
    end_after_s: float | None = None  # end a watch this long after it began, as servers do when its time is over
    reset_after_bytes: int | None = None  # break the connection after so many bytes of the body, of a watch too; a shorter body is sent whole
    slow_s: float = 0  # send the body in pieces over this time; not of a watch
    retry_after_s: int | None = None  # with a status: the client is asked to come back after this time
    inside: bool = False  # refuse a watch as servers do that notice late: 200, then the refusal as an event
    times: int | None = None  # how many requests it meets; None for all
    hits: int = field(default=0, init=False)

    def refusal(self) -> ApiError | None:
        """The error to answer with, when it refuses."""
        if self.status is None:
            return None
        text = self.message or _TEXTS.get(self.status) or f"the sandbox was told to answer {self.status}"
        return ApiError(self.status, text, None if self.retry_after_s is None else {"retryAfterSeconds": self.retry_after_s})


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
        end_after_s: float | None = None,
        reset_after_bytes: int | None = None,
        slow_s: float = 0,
        retry_after_s: int | None = None,
        inside: bool = False,
        times: int | None = None,
    ) -> Trouble:
        """Add a rule; see Trouble for its arguments. The rule counts its hits."""
        rule = Trouble(
            match=match,
            verb=verb,
            user=user,
            status=status,
            message=message,
            delay_s=delay_s,
            hang=hang,
            cut_after_s=cut_after_s,
            end_after_s=end_after_s,
            reset_after_bytes=reset_after_bytes,
            slow_s=slow_s,
            retry_after_s=retry_after_s,
            inside=inside,
            times=times,
        )
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
