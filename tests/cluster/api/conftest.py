"""The Python interface on the demo's cluster, with each helm in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from helmpanel.cluster import Cluster, connect
from helmpanel.runtime import io
from helmpanel.sandbox.demo import Demo
from helmpanel.settings import Settings
from tests.conftest import Helm

LIMIT_S = 60.0
"""An operation of a test that takes longer hangs."""

TRINO = "data-platform/trino"
AIRFLOW = "data-platform/airflow"
UPGRADE = {"chart": "data-platform/trino", "version": "1.35.0"}
"""Arguments of an upgrade of TRINO that works."""


@dataclass
class Place:
    """A demo cluster, a helm, and cluster objects on it that are closed at the end."""

    demo: Demo
    helm: Helm
    env: dict[str, str]
    data_dir: Path
    clusters: list[Cluster] = field(default_factory=list)

    def connect(self, **kwargs: object) -> Cluster:
        """A cluster object with quick times; keyword arguments of `connect`, and of Settings."""
        own = {"kubeconfig", "context", "namespaces", "helm"}
        settings = Settings(**{"data_dir": self.data_dir, "request_timeout_s": 5.0, **{k: v for k, v in kwargs.items() if k not in own}})
        cluster = connect(**{"helm": self.helm.path, **{k: v for k, v in kwargs.items() if k in own}}, settings=settings)
        self.clusters.append(cluster)
        return cluster

    async def ready(self, **kwargs: object) -> Cluster:
        """The same, with its first listing in."""
        return await self.connect(**kwargs).ready()

    async def tasks(self) -> list[str]:
        """Names of what is under way on the I/O thread, this question apart."""

        async def names() -> list[str]:
            return [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]

        return await io.run(names())

    async def ask(self, *args: str, check: bool = True) -> str:
        """What helm itself says, apart from helmpanel; with `check=False` also when it fails."""
        done = await asyncio.to_thread(self.helm.run, *args, env=self.env, check=check)
        return done.stdout


@pytest.fixture
async def place(demo: Demo, helm: Helm, helm_home: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    for name in ("HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HELM_DATA_HOME", "KUBECACHEDIR", "KUBECONFIG", "HOME"):
        monkeypatch.setenv(name, helm_home[name])
    made = Place(demo, helm, helm_home, tmp_path / "helmpanel")
    yield made
    for cluster in made.clusters:
        await cluster.close()


async def ended(operation):
    """The operation, ended."""
    return await asyncio.wait_for(operation.ended(), LIMIT_S)
