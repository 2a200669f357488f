"""Values as text: whether they are usable, whether they say something else than before, and what they no longer say. Pure.

helm reads YAML 1.1 (`on` is true), and so does this. What is sent is always the text as typed; parsing serves only to decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

from helmpanel.errors import ValuesInvalid
from helmpanel.text.depth import DEEPEST, is_too_deep

if TYPE_CHECKING:
    from yaml.nodes import Node

Values = dict[str, object]

MOST_NODES = 1_000_000
"""Keys and items after aliases are followed: 1 MB of honest values stay far below, a few lines of nested aliases do not."""


class _Loader(yaml.CSafeLoader):
    """YAML 1.1 as helm sees it: no dates (they stay text, and an impossible one is no error), unknown tags are ignored."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to say it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _untagged(loader: _Loader, suffix: str, node: Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!", _untagged)


def parse_values(text: str) -> Values:
    """The mapping a values text stands for; empty for no text, comments only, or `null`.

    Raises:
        ValuesInvalid: No YAML (with line and column), several documents, a list or a scalar, or too deeply nested.
    """
    if is_too_deep(text):
        raise ValuesInvalid(f"The values are nested more than {DEEPEST} levels deep. Make them flatter; nothing was sent to helm.")
    try:
        loaded = yaml.load(text, _Loader)  # noqa: S506 - derived from the safe loader
    except yaml.MarkedYAMLError as cause:
        raise _fault(cause, text) from cause
    except yaml.reader.ReaderError as cause:
        # libyaml counts bytes or characters depending on the fault: close enough to find a control character.
        before = text[: cause.position]
        line, column = before.count("\n") + 1, cause.position - before.rfind("\n")
        message = f"The values hold a character that YAML does not allow (line {line}). Remove it; nothing was sent to helm."
        raise ValuesInvalid(message, line=line, column=max(column, 1)) from cause
    except ValueError as cause:  # numbers of thousands of digits, halves of characters
        raise ValuesInvalid("The values hold a number or a character that cannot be read. Put it in quotes or remove it; nothing was sent to helm.") from cause
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        what = "a list" if isinstance(loaded, list) else "a single value"
        raise ValuesInvalid(f"The values are {what}, but helm needs keys: write `key: value` lines. Nothing was sent to helm.", line=1, column=1)
    if _expanded_size(loaded, {}, set()) > MOST_NODES:
        raise ValuesInvalid("The values repeat so much by aliases (`*name`) that helm would refuse them. Write them out; nothing was sent to helm.")
    return loaded


def values_text(values: str | Mapping[str, object] | None) -> str | None:
    """Text to send for values given as text or as a dict; None stays None.

    A dict becomes JSON, which is YAML with every string in quotes: no string can turn into a number or a boolean on the way.

    Raises:
        ValuesInvalid: The text is unusable, or the dict holds what JSON cannot say (dates, NaN, objects).
    """
    if values is None:
        return None
    if isinstance(values, str):
        parse_values(values)
        return values
    try:
        text = json.dumps(dict(values), indent=2, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as cause:
        raise ValuesInvalid(f"The values cannot be written as YAML: {cause}. Use text, numbers, booleans, None, lists and dicts only.") from cause
    # YAML forbids these raw, or takes them for line ends inside a string.
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def is_edited(before: str, after: str) -> bool:
    """Whether two values texts mean something different; comments, layout and the order of keys do not count.

    Raises:
        ValuesInvalid: `after` is unusable. An unreadable `before` counts as different.
    """
    new = parse_values(after)
    try:
        old = parse_values(before)
    except ValuesInvalid:
        return True
    return not _same(old, new)


def removed_keys(before: str, after: str) -> tuple[str, ...]:
    """Keys that `before` has and `after` lost, as dotted paths in the order of `before`; of a lost mapping only its own path.

    Upgrades that keep the stored values cannot remove a key, so the form names these. A key set to null is not lost: helm removes it. Lists are replaced as
    a whole, so nothing in them can be lost.

    Raises:
        ValuesInvalid: One of the texts is unusable.
    """
    return tuple(_removed(parse_values(before), parse_values(after), ""))


def _removed(old: Mapping[str, object], new: Mapping[str, object], path: str) -> list[str]:
    lost: list[str] = []
    for key, value in old.items():
        # As `helm --set` writes them: a dot inside a key is escaped.
        here = path + str(key).replace("\\", "\\\\").replace(".", "\\.")
        if key not in new:
            lost.append(here)
            continue
        after = new[key]
        if isinstance(value, dict) and isinstance(after, dict):
            lost.extend(_removed(value, after, f"{here}."))
    return lost


def _same(a: object, b: object) -> bool:
    """Equal with types: 1, 1.0 and true differ here, as they do in a template."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return a == b or (a != a and b != b)


def _expanded_size(node: object, known: dict[int, int], above: set[int]) -> int:
    if not isinstance(node, dict | list):
        return 1
    if id(node) in known:
        return known[id(node)]
    if id(node) in above:
        return MOST_NODES + 1  # refers to itself
    above.add(id(node))
    size = 1 + sum(_expanded_size(child, known, above) for child in (node.values() if isinstance(node, dict) else node))
    above.discard(id(node))
    known[id(node)] = size
    return size


def _fault(cause: yaml.MarkedYAMLError, text: str) -> ValuesInvalid:
    mark = cause.problem_mark or cause.context_mark
    what = cause.problem or cause.context or "it cannot be read"
    if "expected a single document" in f"{cause.context} {cause.problem}":
        what = "it holds several documents (`---`), helm reads only one"
    if mark is None:
        return ValuesInvalid(f"The values are no valid YAML: {what}. Correct them; nothing was sent to helm.")
    line, column = mark.line + 1, mark.column + 1
    return ValuesInvalid(
        f"The values are no valid YAML: {what} (line {line}, column {column}). Correct them; nothing was sent to helm.", line=line, column=column
    )
