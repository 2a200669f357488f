"""Success with damage: exit 0, and yet something was left behind or not taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from helmpanel.helm.lines import readable
from helmpanel.text import cut, mask_line

MOST = 20
"""Sentences given; more are only counted."""
_CUT = 300

# Helm 4's uninstall, when it may not look at the objects: it purges the history and leaves them orphaned (facts/helm.md 4).
_ORPHANS = re.compile(r"^\d+ resource\(s\) were not deleted because (?P<why>[^\n]*?):\n(?P<items>(?:\[[^\n]*\n?)+)", re.MULTILINE)
_ORPHAN = re.compile(r"^\[(?P<kind>[^\]]*)\] (?P<name>[^:\n]*?)(?:: (?P<why>.*))?$", re.MULTILINE)
_LEVEL = re.compile(r"(?:time=\S+ )?level=WARN(?:ING)? (?P<rest>.*)")
_ATTRIBUTE = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)')
_SERVER = re.compile(r"W\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ warnings\.go:\d+\] (?P<said>.*)")
_TABLE = re.compile(r"\S+\.go:\d+: warning: (?:cannot overwrite table with non table for|skipped value for|destination for) (?P<key>[\w.\-\[\]/]+)")
_PLAIN = re.compile(r"WARNING: (?P<said>.*)", re.IGNORECASE)
_OF_OURS = re.compile(r"^(?:Flag )?--\S+ (?:is|has been) deprecated")
"""About flags: no matter of the release."""
_TOLD_ABOVE = "skipping delete of resource because ownership could not be verified"


def damage(command: Sequence[str], stdout: str, stderr: str) -> tuple[str, ...]:
    """Sentences on what a command that exited 0 left behind or did not take; empty when all is well.

    Objects kept by their resource policy are no damage: the chart's authors asked for it. Notes of a chart on standard output are not looked at.

    Args:
        command: argv without the binary.
        stdout: What helm wrote to standard output.
        stderr: What it wrote to standard error.
    """
    orphans = list(_orphans(stdout)) if command and command[0] == "uninstall" else []
    found = dict.fromkeys([*orphans, *_warned(stderr, told=bool(orphans))])
    sentences = list(found)
    if len(sentences) > MOST:
        sentences[MOST:] = [f"{len(sentences) - MOST} more warnings stand in the log."]
    return tuple(sentences)


def _orphans(stdout: str) -> Iterator[str]:
    for block in _ORPHANS.finditer(stdout):
        for item in _ORPHAN.finditer(block["items"]):
            why = item["why"] or block["why"]
            yield _sentence(f"{item['kind']} {item['name']} was left in the cluster: {why}", "Delete it by hand, as nothing owns it now.")


def _warned(stderr: str, *, told: bool) -> Iterator[str]:
    for line in stderr.splitlines():
        if match := _LEVEL.fullmatch(line.strip()):
            said = {name: _unquoted(value) for name, value in _ATTRIBUTE.findall(match["rest"])}
            text = said.get("msg", "")
            if not text or _OF_OURS.match(text) or (told and text == _TOLD_ABOVE):
                continue
            which = " ".join(said[name] for name in ("kind", "name") if said.get(name))
            yield _sentence("helm warns: " + text + (f" ({which})" if which else "") + (f": {said['error']}" if said.get("error") else ""))
        elif match := _SERVER.fullmatch(line.strip()):
            yield _sentence(f"The API server warns: {match['said']}")
        elif match := _TABLE.match(line.strip()):
            # The rest of such a line shows the value.
            yield _sentence(f"The value {match['key']} was not used: the chart's default there is of another shape")
        elif match := _PLAIN.fullmatch(line.strip()):
            yield _sentence(f"helm warns: {match['said']}")


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return value[1:-1].replace("\\n", " ").replace('\\"', '"').replace("\\\\", "\\")


def _sentence(text: str, advice: str = "") -> str:
    line = cut(mask_line(re.sub(r"\s+", " ", readable(text)).strip()), _CUT)
    return f"{line if line.endswith(('.', '…', '!')) else line + '.'} {advice}".rstrip()
