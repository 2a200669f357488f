"""Every knob in one place. HELMPANEL_DATA and HELM_DRIVER stand in where their own is not given."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

OLDEST_HELM = (3, 14, 0)
"""`--reset-then-reuse-values` came with 3.14.0; without it "keep mine on the new defaults" cannot be offered."""


def data_home() -> Path:
    """Folder for files of our own (managed helm, operation logs): HELMPANEL_DATA, else XDG's data folder."""
    named = os.environ.get("HELMPANEL_DATA")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "helmpanel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Knobs of one cluster. Times in seconds."""

    refresh_interval_s: float = 30.0
    """Between two listings where nothing can be followed: by the helm command line, while somebody looks, or without the right to watch."""
    rest_after_s: float = 300.0
    """The last viewer gone for this long, the cluster is not followed until somebody looks or refreshes. Without any viewer ever, as in a script, it is."""
    driver: str = ""
    """Where helm stores releases: secret, configmap, sql or memory; empty for HELM_DRIVER, and Secrets where that is not set. helm is told the same."""
    namespaces: tuple[str, ...] = ()
    """Where to look when the whole cluster may not be listed and no namespaces were named; empty for the context's own namespace."""
    request_timeout_s: float = 15.0
    """For one API request."""
    read_timeout_s: float = 60.0
    """For one reading helm command; helm itself has no overall timeout and hangs on a server that never answers."""
    grace_s: float = 30.0
    """Between SIGTERM and offering SIGKILL."""
    watchdog_margin_s: float = 120.0
    """Added to twice helm's own timeout; the outer deadline must be longer than helm's, or it makes the stuck release."""
    parallel_operations: int = 4
    """Operations of different releases that run side by side; further ones wait."""
    log_lines_kept: int = 10_000
    """Lines of an operation's log kept in memory for the screen; the file keeps all."""
    flush_interval_s: float = 0.1
    """News of one operation reach a view at most this often: 500 single pushes sent 7 MB to a notebook."""
    page_size: int = 25
    """Rows of the releases table on one page."""
    data_dir: Path = field(default_factory=data_home)
    """Files of our own."""
    read_only: bool = False
    """No operation may be submitted."""
