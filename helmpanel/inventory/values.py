"""Values as helm prints them: what a user supplied, and what a chart was rendered with. Pure."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Mapping
from decimal import Decimal

import yaml

Values = Mapping[str, object]


def computed(chart: Values, supplied: Values, *, helm_major: int) -> dict[str, object]:
    """A chart's defaults under the values supplied, as `helm get values --all` merges them (CoalesceValues in pkg/chartutil/coalesce.go).

    Tables are merged, lists and everything else replaced; null takes a default away. Charts that a chart depends on are not stored: helm itself has only what
    was merged into the defaults when the release was made.

    Args:
        chart: The chart's defaults.
        supplied: By the user.
        helm_major: Whose answer: Helm 4 leaves nulls among the defaults out, whoever stored them; Helm 3 shows them.
    """
    found = _merged(supplied, _without_nulls(chart) if helm_major >= 4 else chart)
    # Two nulls are none at the top, where Helm 4 has not taken the chart's away yet; further down the user's stays.
    return {key: value for key, value in found.items() if value is not None or key not in chart or key not in supplied}


def as_yaml(values: Values) -> str:
    """YAML that says the same to helm, which reads YAML 1.1, and to everyone else; empty for no values."""
    if not values:
        return ""
    text: str = yaml.dump(dict(values), Dumper=_Dumper, default_flow_style=False, allow_unicode=True, sort_keys=True, width=10**6)
    return text


def _without_nulls(table: Values) -> dict[str, object]:
    return {key: _without_nulls(value) if isinstance(value, dict) else value for key, value in table.items() if value is not None}


def _merged(supplied: Values, defaults: Values) -> dict[str, object]:
    """A null that takes nothing away stays."""
    found: dict[str, object] = copy.deepcopy(dict(supplied))
    for key, default in defaults.items():
        own = supplied.get(key)
        if key not in supplied:
            found[key] = copy.deepcopy(default)
        elif own is None:
            del found[key]
        elif isinstance(own, dict) and isinstance(default, dict):
            found[key] = _merged(own, default)
    return found


# What means a text to every reader without quotes. PyYAML by itself leaves `1e3` bare, which helm takes for a number.
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])


class _Dumper(yaml.CSafeDumper):
    """Quotes every text that could be taken for something else."""

    def ignore_aliases(self, data: object) -> bool:
        """Never: helm prints none."""
        return True


def _represent(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if "\n" in text and text == text.rstrip(" \t") and not re.search(r"[^\x0a\x20-\x7e\xa0-\ud7ff]|[ \t]\n|^[ \n]", text):
        style = "|"
    elif _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        style = ""
    else:
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style or None)


def _represent_number(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    """As helm takes it, whose numbers are 64-bit floats all: what was set as 9007199254740993 is 9007199254740992 to every chart."""
    number = float(value)
    if math.isfinite(number) and number.is_integer() and -(2.0**63) <= number < 2.0**64:
        return dumper.represent_scalar("tag:yaml.org,2002:int", str(int(Decimal(repr(number)))))
    node: yaml.ScalarNode = dumper.represent_float(number)
    return node


_Dumper.add_representer(str, _represent)
_Dumper.add_representer(int, _represent_number)
_Dumper.add_representer(float, _represent_number)
