"""Ground of the oracle: a sandbox with a helm of its own way to it, and helmpanel behind a relay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helmpanel.sandbox import Sandbox
from tests.cluster.oracle.actions import Ground
from tests.cluster.oracle.charts import write_charts
from tests.cluster.oracle.faults import PANEL, Line
from tests.conftest import Helm
from tests.relay import Relay


@pytest.fixture
def ground(helm: Helm, helm_home: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> Ground:
    return Ground(helm, helm_home, sandbox, write_charts(tmp_path / "charts"))


@pytest.fixture
def line(sandbox: Sandbox, tmp_path: Path) -> Iterator[Line]:
    sandbox.grant(PANEL, verbs=["get", "list", "watch"])
    with Relay(sandbox.host_port) as relay:
        made = Line(sandbox, relay, tmp_path / "panel.yaml")
        made.log_in()
        yield made
