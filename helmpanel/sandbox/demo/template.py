"""The part of Helm's template language that the believable charts use, so that releases can be stored without running helm.

Known are: a path (`.Release.Name`, `.Values.a.b`), `| quote`, `| b64enc`, `| default PATH`, a line `{{- if PATH }}` with its `{{- end }}`, and a
line `{{- toYaml PATH | nindent N }}`. Anything else raises, so that a chart cannot silently be stored otherwise than helm would.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cache

import yaml

# With or without brackets: `(.Values.a).b` does not fail where `a` is missing, as in values kept from an older chart.
_IF = re.compile(r"\{\{- if (\S+) \}\}")
_END = "{{- end }}"
_BLOCK = re.compile(r"\{\{- toYaml (\S+) \| nindent (\d+) \}\}")
_INLINE = re.compile(r"\{\{ (.+?) \}\}")


@cache
def _reads_as_text(data: str) -> bool:
    """Whether YAML would read it as the same text without quotes; texts that need quotes for other reasons are PyYAML's to see."""
    return not (data.isprintable() and data[:1].isalnum()) or yaml.load(data, Loader=yaml.CSafeLoader) == data


class _AsGo(yaml.SafeDumper):
    """Quotes as Go's YAML writer does: "1", where PyYAML writes '1'."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        is_plain = _reads_as_text(data)
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if is_plain else '"')


_AsGo.add_representer(str, _AsGo.represent_str)


def rendered(text: str, scope: Mapping[str, object]) -> str:
    """The text with `scope` (`Release`, `Chart`, `Values`) filled in.

    Raises:
        ValueError: The text uses something this module does not know.
    """
    lines: list[str] = []
    conditions: list[bool] = []
    for line in text.splitlines():
        bare = line.strip()
        if found := _IF.fullmatch(bare):
            conditions.append(bool(_value(re.sub(r"[()]", "", found[1]), scope)))
        elif bare == _END:
            conditions.pop()
        elif not all(conditions):
            continue
        elif found := _BLOCK.fullmatch(bare):
            dumped = yaml.dump(_value(found[1], scope), Dumper=_AsGo, default_flow_style=False)
            lines.extend(" " * int(found[2]) + row for row in dumped.splitlines())
        elif "{{-" in line:
            raise ValueError(f"not in the known part of Helm's template language: {line}")
        else:
            lines.append(_INLINE.sub(lambda m: _expression(m[1], scope), line))
    return "\n".join(lines) + "\n"


def _value(path: str, scope: Mapping[str, object]) -> object:
    """What `.A.b.c` stands for; None where a key is missing, as in Helm."""
    found: object = scope
    for key in path.removeprefix(".").split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _expression(text: str, scope: Mapping[str, object]) -> str:
    path, *filters = [part.strip() for part in text.split("|")]
    value = _value(path, scope)
    for name in filters:
        if name == "quote":
            value = json.dumps(_printed(value))
        elif name == "b64enc":
            value = base64.b64encode(_printed(value).encode()).decode()
        elif name.startswith("default "):
            value = value or _value(name.removeprefix("default "), scope)
        else:
            raise ValueError(f"unknown filter {name!r} in {text!r}")
    return _printed(value)


def _printed(value: object) -> str:
    """As Go prints it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
