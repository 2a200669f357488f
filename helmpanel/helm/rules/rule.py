"""One rule, and words that several tables share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helmpanel.errors import FailureKind


@dataclass(frozen=True, slots=True)
class Rule:
    """If helm says this, it was that.

    The pattern is searched, upper and lower case alike, in what `failure.classify` makes of helm's words: one line, single blanks, no quotes at all
    (both majors and every library quote in their own ways), each URL marked `api:` (the API server) or `chart:` (a repository or registry).
    Sentences may use the groups it names, and `it` (namespace/name), `what` (the chart or repositories), `revision`, `namespace`, `said` (helm's
    own words, cut).
    """

    kind: FailureKind
    pattern: re.Pattern[str]
    says: str
    """What happened: the part of a sentence after "Upgrading team-a/web failed:"."""
    advice: str
    """What to do next, as sentences."""
    verbs: frozenset[str] = frozenset()
    """Only for these helm commands; empty for all."""
    codes: frozenset[int] = frozenset()
    """Only with these exit codes; empty for all."""
    with_revision: bool = False
    """Only when the command names a revision."""


def rule(
    kind: FailureKind,
    *patterns: str,
    says: str,
    advice: str,
    verbs: str = "",
    codes: tuple[int, ...] = (),
    with_revision: bool = False,
) -> Rule:
    """A rule that fits when any of the patterns is found."""
    return Rule(kind, re.compile("|".join(patterns), re.IGNORECASE), says, advice, frozenset(verbs.split()), frozenset(codes), with_revision)


NO_ANSWER = "|".join(
    (
        r"connection refused|connection reset|connection timed out|no such host|server misbehaving|no route to host|network is unreachable|host is down",
        r"i/o timeout|handshake timeout|Client\.Timeout|request canceled|\bEOF\b|broken pipe|server closed idle|client connection (?:lost|force closed)",
        r"x509:|\btls:|http2: |proxyconnect|response to HTTPS client|malformed HTTP|unsupported protocol scheme",
        r"bad gateway|gateway time-?out|service unavailable",
    )
)
"""What Go's net/http, crypto/tls and the kernel say when a request did not get through."""

REFUSED = "|".join(
    (
        r"\b(?:401|403|404|407|410|429|5\d\d)\b",
        r"unauthorized|denied|not found|unknown|forbidden|cannot be reached|failed to fetch|deadline exceeded|authoriz",
    )
)
"""What an HTTP server, repository or registry says when it gives nothing."""

CHECK_KUBECONFIG = "Check the kubeconfig (KUBECONFIG or --kubeconfig) and the context."
