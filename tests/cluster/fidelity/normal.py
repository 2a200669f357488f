"""Takes out of helm's words what no two runs can share: clock readings, ids, ports, generated names, padding, paths.

Pure: text in, text out. What stands in the place of a reading keeps its kind and its zone, so that a missing time, a time in another zone or in another
form still shows as a difference. Everything else - status words, revisions, messages, order, indentation - is left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import TypeVar

import yaml

RULES: tuple[tuple[str, str], ...] = (
    # client-go says this when helm closes a watch while an event is being read: chance, in the recording once and in a replay anywhere.
    (r'(?m)^E\d{4} [\d:.]+ +\d+ request\.go:\d+\] "Unexpected error when reading response body" err="context canceled"\n', ""),
    # The head of a line of Go's log: time, process, line number.
    (r"(?m)^([IWEF])\d{4} [\d:.]+ +\d+ (\w+\.go):\d+\]", r"\1<time> \2]"),
    # RFC 3339 (`history`, release JSON), zone kept. Go's zero time (year 1) is not a clock reading and stays.
    (r"\b(?!0001)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)", r"<time \1>"),
    # Go's own form in `list`: "2026-11-22 21:41:13.002135952 +0000 UTC".
    (r"\b(?!0001)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? ([+-]\d{4} [A-Z+-][A-Z\d]*)", r"<time \1>"),
    # C's form in "LAST DEPLOYED:".
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\b", "<time>"),
    # Seconds since 1970, in the labels that Helm 4 prints.
    (r'("(?:modifiedAt|createdAt)":")\d{10}"', r'\1<seconds>"'),
    # Ages and durations: "24s" in a table of resources.
    (r"\b(?<!-)\d+(?:\.\d+)?(?:ms|µs|s)\b(?=$|\n| )", "<duration>"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>"),
    (r'("resourceVersion":")\d+"', r'\1<version>"'),
    # --generate-name: the chart's name and the second of the install.
    (r"\bcm-\d{10}\b", "cm-<generated>"),
    # The name of a pod of a Deployment: hash of the template, five random letters. Kubernetes leaves vowels out, so no word looks like it.
    (r"-[bcdfghjklmnpqrstvwxz2456789]{7,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b", "-<hash>-<random>"),
    (r"\b127\.0\.0\.1:\d{4,5}\b", "127.0.0.1:<port>"),
    (r"\b10\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", "<address>"),
    # Columns are as wide as the longest reading in them: padding before a tab, and three or more spaces between two columns, say nothing. Indentation does,
    # also that of a manifest inside JSON, where it follows an escaped line break.
    (r" +\t", "\t"),
    (r"(?<=\S)(?<!\\n) {3,}(?=\S)", "   "),
)
"""Pattern and replacement, in the order in which they are applied."""

_T = TypeVar("_T")
Entry = dict[str, str]
_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in RULES)


def normal(text: str, paths: Mapping[str, str] | None = None) -> str:
    """What helm said, without what is different on every run.

    Args:
        text: Standard output or standard error of one command.
        paths: Folder or file of this run to the placeholder that the recordings have for it.
    """
    text = ties_in_order(text)
    for path, placeholder in (paths or {}).items():
        text = text.replace(path, placeholder)
    for pattern, replacement in _COMPILED:
        text = pattern.sub(replacement, text)
    return text


def ties_in_order(text: str) -> str:
    """What helm prints in the order of a Go map, in one order.

    - `helm list` sorts by name, or by the second of the last change, with a sort that is not stable: where two releases tie (one name in two namespaces, or
      one second), their order is chance. The recordings show both orders within one minute. Only neighbours that tie are put in order.
    - The tables of resources in `helm status` come in any order.
    - The complaints of a values schema on one level come in any order.
    """
    if text.startswith("[{"):
        return _listed(text, json.loads, lambda entries: json.dumps(entries, separators=(",", ":"), ensure_ascii=False) + "\n")
    if text.startswith("- app_version:"):
        return _listed(text, yaml.safe_load, lambda entries: yaml.safe_dump(entries))
    if text.startswith("NAME") and "\tNAMESPACE" in text.split("\n", 1)[0]:
        head, *lines = text.splitlines(keepends=True)
        return head + "".join(_neighbours_sorted(lines, lambda line: line.split()[0]))
    if "\n==> " in text:
        return re.sub(r"(?ms)(?:^==> .*?^\n)+", lambda tables: "".join(sorted(re.findall(r"(?ms)^==> .*?^\n", tables[0]))), text)
    return re.sub(r"(?m)(?:^ *- at '.*\n?){2,}", lambda complaints: "".join(sorted(complaints[0].splitlines(keepends=True))), text)


def _listed(text: str, load: Callable[[str], list[Entry]], dump: Callable[[list[Entry]], str]) -> str:
    entries = load(text)
    if not all("namespace" in entry and "updated" in entry for entry in entries):
        return text
    entries = _neighbours_sorted(entries, lambda entry: entry["name"])
    return dump(_neighbours_sorted(entries, lambda entry: entry["updated"].partition(".")[0]))


def _neighbours_sorted(entries: Iterable[_T], key: Callable[[_T], str]) -> list[_T]:
    """Entries with each run of one key sorted, runs left where they are."""
    return [entry for _, run in groupby(entries, key=key) for entry in sorted(run, key=_by_name)]


def _by_name(entry: object) -> str:
    return f"{entry['name']} {entry['namespace']} {entry['revision']}" if isinstance(entry, dict) else str(entry)
