"""Helm releases as live Python objects and as a dashboard.

    import helmpanel
    cluster = helmpanel.connect()
    await cluster.ready()
    cluster.releases  # a DataFrame of what is known now; the cluster is followed from here on

Importing this loads no Panel, pandas or Kubernetes client: names are filled in when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster, connect
    from helmpanel.dashboard import Dashboard
    from helmpanel.settings import Settings

__all__ = ["Cluster", "Dashboard", "Settings", "connect"]

_HOMES = {"Cluster": "helmpanel.cluster", "connect": "helmpanel.cluster", "Dashboard": "helmpanel.dashboard", "Settings": "helmpanel.settings"}
_MODULES = frozenset({"errors", "portal", "sandbox"})


def __getattr__(name: str) -> object:
    if name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
        globals()[name] = found
        return found
    if name in _MODULES:
        return import_module(f"helmpanel.{name}")
    raise AttributeError(f"module 'helmpanel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
