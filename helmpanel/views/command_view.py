"""The exact helm command, to read and to copy."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


def command_text(argv: Sequence[str]) -> str:
    """A shell command over several lines, each flag with its value on one; pasted in a shell it means the same argv.

    Args:
        argv: helm's arguments without the binary.
    """
    lines = ["helm"]
    names_only = False
    for word in argv:
        quoted = shlex.quote(word)
        if not names_only and word.startswith("-") and word != "-":
            lines.append(quoted)
            names_only = word == "--"
        else:
            lines[-1] += f" {quoted}"
    return " \\\n  ".join(lines)


class CommandView(Part):
    """A command in a box with Copy, and what to know about it."""

    command = param.String(doc="As command_text gives it; empty while there is none.")
    heading = param.String(default="helm", doc="Such as `helm 4.3.1`.")
    lead = param.String(
        default="What helmpanel will run, with the KUBECONFIG and the helm configuration of the machine it runs on. Elsewhere it means what is set there.",
        doc="Above the box.",
    )
    note = param.String(doc="Below the box; empty for none.")
    problem = param.String(doc="Why there is no command yet.")

    _esm = esm("command_view")
    _stylesheets: ClassVar[list[str]] = [css("shared", "command")]
