"""What a helm command line is about, read back from its arguments. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What a command was about, as far as its arguments tell."""

    verb: str = ""
    """Words before the names: `upgrade`, `get values`."""
    name: str = ""
    chart: str = ""
    namespace: str = ""
    context: str = ""
    revision: str = ""
    source: str = ""
    """Where the chart was to come from, when that is a URL."""

    @property
    def it(self) -> str:
        """The release: `team-a/web`."""
        return f"{self.namespace}/{self.name}" if self.namespace and self.name else self.name or "the release"

    @property
    def what(self) -> str:
        """What was to be had from outside: the chart, or repositories."""
        return f"the chart {self.chart}" if self.chart else "the repository" if self.verb.startswith("repo") else "the chart"


_TWO_WORDS = frozenset({"get", "repo", "show", "dependency", "registry", "plugin", "search"})
_SWITCHES = frozenset(
    {
        "--wait",
        "--wait-for-jobs",
        "--atomic",
        "--rollback-on-failure",
        "--install",
        "-i",
        "--reuse-values",
        "--reset-values",
        "--reset-then-reuse-values",
        "--keep-history",
        "--devel",
        "--all",
        "-a",
        "--all-namespaces",
        "-A",
        "--force",
        "--force-replace",
        "--force-conflicts",
        "--dry-run",
        "--no-hooks",
        "--debug",
        "--create-namespace",
        "--cleanup-on-fail",
        "--hide-notes",
        "--no-headers",
        "-q",
        "--short",
        "--verify",
        "--insecure-skip-tls-verify",
        "--plain-http",
        "--dependency-update",
        "--disable-openapi-validation",
        "--skip-crds",
        "--recreate-pods",
    }
)
_NAMED = {"-n": "namespace", "--namespace": "namespace", "--kube-context": "context", "--revision": "revision", "--repo": "source"}


def subject(command: Sequence[str]) -> Subject:
    """What a command line is about. A flag it does not know counts as one that takes a value."""
    names: list[str] = []
    found: dict[str, str] = {}
    words = list(command)
    while words:
        word = words.pop(0)
        if word == "--":
            names += words
            break
        if not word.startswith("-") or word == "-":
            names.append(word)
            continue
        flag, equals, value = word.partition("=")
        if not equals and flag not in _SWITCHES and words:
            value = words.pop(0)
        if flag in _NAMED:
            found[_NAMED[flag]] = value
    verb = " ".join(names[: 2 if names and names[0] in _TWO_WORDS else 1])
    rest = names[len(verb.split()) :]
    on_chart = verb.partition(" ")[0] in ("show", "pull", "template", "lint", "dependency")
    first, second = [*rest, "", ""][:2]
    chart = first if on_chart and verb != "template" else second if verb in ("upgrade", "install", "template") else ""
    if verb == "rollback":
        found.setdefault("revision", second)
    source = found.pop("source", "") or (chart if "://" in chart else "")
    return Subject(verb=verb, name="" if on_chart and verb != "template" else first, chart=chart, source=source, **found)
