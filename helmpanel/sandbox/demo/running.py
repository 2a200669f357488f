"""The demo while it runs: the filled sandbox, its chart repositories, and a helm home that knows these repositories."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from helmpanel.sandbox import Sandbox
from helmpanel.sandbox.demo.catalogue import fill, releases, repositories
from helmpanel.sandbox.demo.repository import ChartRepository


class Demo:
    """A filled sandbox, its chart repositories and a private helm home, as a context manager; all of it is gone at the end."""

    box: Sandbox
    repository: ChartRepository
    environment: dict[str, str]
    """KUBECONFIG and HELM_* variables for whoever wants to use it, helm included."""

    home: Path
    """Folder for whatever else belongs to the demo alone."""
    size: int
    """How many releases there are."""

    def __init__(self, *, ready_delay_s: float = 4.0) -> None:
        self._ready_delay_s = ready_delay_s
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.home = home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helmpanel-demo-")))
            self.repository = stack.enter_context(ChartRepository(repositories()))
            self.box = Sandbox(ready_delay_s=self._ready_delay_s, context="demo")
            # Filled before it serves: every object at once, and no request for each.
            fill(self.box)
            stack.enter_context(self.box)
            self.size = len(releases())
            self.repository.configure(home / "config", home / "cache")
            self.environment = {
                "KUBECONFIG": str(self.box.kubeconfig),
                "HELM_CONFIG_HOME": str(home / "config"),
                "HELM_CACHE_HOME": str(home / "cache"),
                "HELM_DATA_HOME": str(home / "data"),
                "KUBECACHEDIR": str(home / "kube-cache"),
            }
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()
