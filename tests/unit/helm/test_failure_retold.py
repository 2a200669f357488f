"""Every recorded failure, told again with other names, quotes and noise, means the same."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from helmpanel.helm.failure import classify
from tests.unit.helm.recordings import LABELS, ROWS, TRACE

# Other names must not change the meaning, least of all names that read like causes.
NASTY = [
    "not-found",
    "timed-out",
    "forbidden",
    "x509",
    "context-canceled",
    "helm",
    "release",
    "pre-upgrade",
    "unauthorized",
    "web",
    "a",
    "tls",
    "deadline",
    "dial",
    "eof",
]
dns_names = st.one_of(st.sampled_from(NASTY), st.from_regex(r"[a-z]([-a-z0-9]{0,20}[a-z0-9])?", fullmatch=True))
NAMES = [
    "nope",
    "web2",
    "web",
    "fresh",
    "slow1",
    "pend",
    "d1",
    "sc",
    "hb",
    "hs",
    "own",
    "sd",
    "rb",
    "secw",
    "fr",
    "demo",
    "nochart",
    "redis",
    "fixed",
    "viewer",
    "nobody",
]
NAMESPACES = ["h3missing", "h4missing", "h3c", "h4c", "h3", "h4", "x3", "x4"]
# Words, not parts of them; kinds, flags and file names stay.
WORDS = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, [*NAMES, *NAMESPACES]))})(?![\w./]|-[a-z]* (?:failed|hook))")
QUOTES = st.sampled_from(['"', "'", "`", "\u201c", ""])


@st.composite
def retold(draw: st.DrawFn) -> tuple[str, str, list[str], int, str]:
    """A recorded failure with other names, addresses, versions, quotes, line breaks and line order."""
    major, name = draw(st.sampled_from(sorted(ROWS)))
    command, rc, stderr = ROWS[major, name]
    text = json.dumps([command, stderr])
    news = {old: draw(dns_names) for old in sorted(set(WORDS.findall(text)))}
    text = WORDS.sub(lambda m: news[m[0]], text)
    if "localhost:8080" not in text:  # client-go's own address when there is no kubeconfig: the port is the meaning
        text = re.sub(r"127\.0\.0\.1", draw(st.sampled_from(["10.96.0.1", "api.example.org", "[fd00::1]", "k8s"])), text)
        text = re.sub(r"(?<=[\w\]]):\d{4,5}\b", f":{draw(st.integers(1024, 65535))}", text)
    text = re.sub(r"\b\d+\.\d+\.\d+\b(?!\.\d)", ".".join(str(draw(st.integers(0, 99))) for _ in range(3)), text)
    command, stderr = json.loads(text)
    quote = draw(QUOTES)
    stderr = re.sub(r'(?<!\\)"', lambda _: quote, stderr)
    lines = stderr.strip().split("\n")
    if draw(st.booleans()):
        lines = draw(st.permutations(lines))
    if draw(st.booleans()):
        # Wrapped at some width, as terminals and log collectors do.
        width = draw(st.integers(20, 120))
        lines = [re.sub(rf"(.{{{width}}}\S*) ", r"\1\n    ", line) if line.startswith("Error: ") else line for line in lines]
    noise = draw(
        st.lists(
            st.sampled_from(
                [
                    "WARNING: Kubernetes configuration file is group-readable. This is insecure. Location: /home/me/.kube/config",
                    "E1122 21:45:12.622234   27970 memcache.go:287] couldn't get resource list for a/v1: the server is currently unable to handle the request",
                    'level=WARN msg="this chart is deprecated"',
                    "upgrade.go:447: 2026-11-23 00:27:49.367997285 +0000 UTC m=+0.593305406 [debug] waiting for release web resources (created: 0 updated: 1)",
                    "wait.go:97: 2026-11-23 00:27:53.36 +0000 UTC m=+4.59 [debug] Error received when checking status of web. Error: 'context canceled'",
                    'level=DEBUG msg="waiting for resource" namespace=a name=web kind=Deployment actualStatus=InProgress',
                    "Flag --atomic has been deprecated, use --rollback-on-failure instead",
                    'W0101 00:00:00.000000       1 warnings.go:70] unknown field "spec.foo"',
                    "walk.go:74: found symbolic link in path: /charts/x resolves to /y. Contents of linked file included and used",
                ]
            ),
            max_size=3,
        )
    )
    return major, name, command, rc, "\n".join([*noise, *lines]) + draw(st.sampled_from(["", "\n", "\r\n", "\n\n", TRACE]))


@settings(max_examples=2 * settings.default.max_examples)
@given(retold())
def test_rules_are_matched_not_recordings(told):
    major, name, command, rc, stderr = told
    assert classify(command, rc, stderr).kind.value == LABELS[major][name]
