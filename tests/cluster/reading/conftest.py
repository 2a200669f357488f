"""What the reading tests share: an API client that leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from helmpanel.kube.api import KubeApi
from helmpanel.sandbox import Sandbox
from helmpanel.settings import Settings

from .streams import config_map

Connect = Callable[..., KubeApi]


@pytest.fixture
async def connect(tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes clients with short limits; fails the test when one leaves a task behind."""
    made: list[KubeApi] = []

    def connect(
        kubeconfig: Path | None = None, context: str | None = None, *, request_timeout_s: float = 20, read_timeout_s: float = 20, **environ: str
    ) -> KubeApi:
        settings = Settings(request_timeout_s=request_timeout_s, read_timeout_s=read_timeout_s)
        environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **environ}
        made.append(KubeApi(kubeconfig, context, settings=settings, environ=environ))
        return made[-1]

    yield connect
    for api in made:
        await api.close()
    left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task() and ("kube" in task.get_name() or "read" in task.get_name())]
    assert left == []


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    """Stopped in a thread: it waits for its clients to hang up, and those live on this loop."""
    box = Sandbox(users={"jane": {"verbs": ["*"]}}).start()
    box.put(config_map("first"))
    yield box
    await asyncio.to_thread(box.stop)
