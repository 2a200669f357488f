"""The API calls of a command, and what counts as the same calls.

Compared are verb, path and query, status and user of every call. Not compared, each for its reason:

- the order: helm asks for several things at once, and the recording's log is in order of arrival of the log lines;
- `timeoutSeconds` and `resourceVersion` in the query (random and counted), and hashes and generated names in paths and selectors;
- 200 against 304 for discovery and OpenAPI documents: a 304 says that the helm of that run had them in its cache, not what the server holds;
- the documents below `/openapi/v3/`: their addresses carry a hash and they are cached for ever; the recorded helm had them from before the first row;
- how often a read was made while a command waits: that is how long things took, so reads count once there. Writes always count each time;
- the list of the resources of one group and version: Helm 4's watcher asks for it when a watch that is just beginning is closed under it, which the
  recordings show once and a replay now and then, each time in another command.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

READS = frozenset({"get", "list", "watch"})
CACHED = frozenset({"/api", "/apis", "/openapi/v3"})
UNCOMPARED_PARAMETERS = frozenset({"timeoutSeconds", "resourceVersion"})

UNCOMPARED_PATHS = re.compile(r"/openapi/v3/.*|/api/v1|/apis/[^/]+/[^/?]+")


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """One request as the server saw it, without what differs from run to run."""

    verb: str
    target: str
    status: int
    user: str

    @classmethod
    def of(cls, verb: str, address: str, status: int, user: str) -> Call:
        """A call from the address as it was asked for, path and query."""
        parts = urlsplit(address)
        query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in UNCOMPARED_PARAMETERS]
        target = parts.path + ("?" + urlencode(sorted(query), safe=",=") if query else "")
        target = re.sub(r"(pod-template-hash=)[a-z0-9]+", r"\1<hash>", target)
        target = re.sub(r"\bcm-\d{10}\b", "cm-<generated>", target)
        return cls(verb, target, 200 if status == 304 and parts.path in CACHED else status, user)

    @classmethod
    def recorded(cls, verb: str, request: str, status: int) -> Call:
        """A call from the recording's form: `/path?query  [user]`."""
        address, _, user = request.rpartition("  ")
        return cls.of(verb, address, status, user.strip("[]"))

    def by(self, user: str) -> Call:
        """The same call, made by another user."""
        return Call(self.verb, self.target, self.status, user)

    def __str__(self) -> str:
        return f"{self.status} {self.verb} {self.target} [{self.user}]"


def compared(calls: Iterable[Call], *, waits: bool) -> Counter[Call]:
    """Calls with how often each counts."""
    counted = Counter(call for call in calls if not (call.verb == "get" and UNCOMPARED_PATHS.fullmatch(call.target)))
    if waits:
        counted = Counter({call: 1 if call.verb in READS else times for call, times in counted.items()})
    return counted


def differences(recorded: Iterable[Call], replayed: Iterable[Call], *, waits: bool, background: Iterable[Call] = ()) -> list[str]:
    """What one side asked for and the other did not; empty when the calls are the same.

    Args:
        recorded: Calls in the recording.
        replayed: Calls of the replayed command alone.
        waits: The command waits for the cluster, so that the number of its reads is a matter of time.
        background: Calls of a command that ran at the same time. The recording could not tell the two apart, so what it has too much may be one of these.
    """
    was, now = compared(recorded, waits=waits), compared(replayed, waits=waits)
    noise = set(background)
    missing = [f"- {call}" for call in sorted((was - now).elements()) if call not in noise]
    extra = [f"+ {call}" for call in sorted((now - was).elements())]
    return missing + extra
