"""Whether YAML from outside may be given to a parser."""

from __future__ import annotations

import re

import yaml

DEEPEST = 200
"""Levels of nesting allowed. Charts have below 30; libyaml's composer takes the C stack and crashes the process at some 10,000 (seen)."""

_SUSPICIOUS_LEAD = re.compile(rf"(?m)^[ \t?:-]{{{DEEPEST},}}")


def is_too_deep(text: str) -> bool:
    """Whether a YAML text nests deeper than DEEPEST; also for text that is no YAML further on.

    Fast for honest text: events are looked at only where the text could be that deep at all.
    """
    if text.count("[") + text.count("{") < DEEPEST and _SUSPICIOUS_LEAD.search(text) is None:
        return False
    depth = 0
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        # The parser stops at the same place, before it gets deep, or because of the depth: libyaml 0.2.6 has a limit of its own and reads ahead.
        return "nesting depth" in (error.problem or "")
    except (yaml.YAMLError, ValueError):
        return False
    return False
