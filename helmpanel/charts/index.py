"""A repository's index.yaml: only what upgrades need is kept of its 10 to 30 MB. CPU-bound: call it in a thread."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import orjson
import yaml

from helmpanel.charts.sieve import sieved
from helmpanel.charts.versions import is_prerelease
from helmpanel.model.availability import ChartVersion
from helmpanel.text.depth import is_too_deep

DESCRIPTION_KEPT = 200
"""Characters: a description may be a page, and one index has 20,000 versions."""

_WANTED = frozenset({"version", "appVersion", "created", "deprecated", "description", "kubeVersion", "name"})


class IndexInvalid(ValueError):
    """The file is no repository index; the text says why, without a full stop."""


def read_index(data: bytes, source: str) -> Mapping[str, tuple[ChartVersion, ...]]:
    """Chart name to its versions.

    Entries without a version are passed over, as helm does.

    Args:
        data: The file.
        source: Name of the repository.

    Raises:
        IndexInvalid: It is no YAML or JSON, or no index.
    """
    try:
        entries = _entries(data)
        return {name: tuple(_version(name, fields, source) for fields in versions if fields.get("version")) for name, versions in entries}
    except (yaml.YAMLError, ValueError, RecursionError) as cause:
        if isinstance(cause, IndexInvalid):
            raise
        raise IndexInvalid("it is no valid YAML") from None


def _version(chart: str, fields: Mapping[str, str], source: str) -> ChartVersion:
    version = fields["version"]
    return ChartVersion(
        chart=chart,
        version=version,
        app_version=fields.get("appVersion", ""),
        created=_created(fields.get("created", "")),
        source=source,
        is_prerelease=is_prerelease(version),
        deprecated=fields.get("deprecated", "").lower() in ("true", "yes", "on"),
        # One text for all versions that share it: usually every version of a chart.
        description=sys.intern(fields.get("description", "")[:DESCRIPTION_KEPT]),
        kube_version=sys.intern(fields.get("kubeVersion", "")),
    )


def _created(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)) if found.year > 1 else None
    except (ValueError, OverflowError):
        return None


def _entries(data: bytes) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    if data.lstrip()[:1] == b"{":
        try:
            return _json_entries(orjson.loads(data))
        except orjson.JSONDecodeError:
            pass  # YAML may begin with a brace as well
    return _yaml_entries(data)


def _json_entries(document: object) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, dict):
        raise IndexInvalid("it has no entries")
    for name, versions in entries.items():
        kept = [one for one in (versions if isinstance(versions, list) else ()) if isinstance(one, dict)]
        yield str(name), [{key: str(one[key]) for key in _WANTED & one.keys() if isinstance(one[key], str | bool | int | float)} for one in kept]


def _yaml_entries(data: bytes) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    whole = data.decode("utf-8-sig")
    charts = sieved(whole, _WANTED)
    if charts is not None:
        for text in charts:
            yield from _charts(_composed(text))
        return
    entries = dict(_pairs(_composed(whole))).get("entries")
    if entries is None:
        raise IndexInvalid("it has no entries")
    yield from _charts(entries)


def _composed(text: str) -> yaml.Node | None:
    if is_too_deep(text):  # composing it would crash the process
        raise IndexInvalid("it is nested too deeply")
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    return node


def _charts(node: yaml.Node | None) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    # Composing is done in C; only constructing Python values is slow, and would make a number of the version 1.10.
    for name, versions in _pairs(node):
        kept = versions.value if isinstance(versions, yaml.SequenceNode) else []
        yield name, [{key: _scalar(value) for key, value in _pairs(one) if key in _WANTED and isinstance(value, yaml.ScalarNode)} for one in kept]


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, value


def _scalar(node: yaml.ScalarNode) -> str:
    return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)
