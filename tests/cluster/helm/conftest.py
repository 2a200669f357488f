"""A chart, an installed release, and what helmpanel needs to drive a real helm on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from helmpanel.helm.argv import Target
from helmpanel.helm.binary import HelmBinary, read_binary
from helmpanel.helm.process import HelmProcess
from helmpanel.helm.read import HelmReader
from helmpanel.model.keys import ReleaseKey
from helmpanel.sandbox import Sandbox
from tests.conftest import Helm

TEMPLATES = {
    "deployment.yaml": """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec:
      containers: [{name: main, image: {{ .Values.image | quote }}}]
""",
    "config.yaml": """
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
data:
  greeting: {{ .Values.greeting | quote }}
""",
    "NOTES.txt": "Say {{ .Values.greeting }}\n",
}


def write_chart(folder: Path, *, name: str = "web", version: str = "1.0.0") -> Path:
    """A chart of a Deployment, a ConfigMap and notes."""
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: '{version}'\n")
    (folder / "values.yaml").write_text("# how many\nreplicas: 1\nimage: nginx\ngreeting: hello\n")
    for file, text in TEMPLATES.items():
        (folder / "templates" / file).write_text(text)
    return folder


@dataclass
class Place:
    """One release, `team-a/web`, and a helm."""

    helm: Helm
    env: dict[str, str]
    binary: HelmBinary
    target: Target
    folder: Path
    release: ReleaseKey

    @property
    def reader(self) -> HelmReader:
        return HelmReader(self.binary, self.target, timeout_s=60, env=self.env)

    def start(self, argv: tuple[str, ...], *, stdin: str | None = None, name: str = "operation") -> HelmProcess:
        return HelmProcess.start(self.binary.path, argv, stdin=stdin, folder=self.folder / "log", name=name, env=self.env)

    def ask(self, *args: str) -> str:
        """helm itself, apart from helmpanel."""
        return self.helm.run(*args, env=self.env).stdout

    def states(self) -> list[tuple[int, str]]:
        return [(row["revision"], row["status"]) for row in json.loads(self.ask("history", "web", "-n", "team-a", "-o", "json"))]


@pytest.fixture
def chart(tmp_path: Path) -> Callable[..., str]:
    """Path of a chart, made as asked."""
    return lambda **kwargs: str(write_chart(tmp_path / f"chart-{'-'.join(kwargs.values())}", **kwargs))


@pytest.fixture
def place(sandbox: Sandbox, helm: Helm, helm_home: dict[str, str], tmp_path: Path, chart: Callable[..., str]) -> Place:
    sandbox.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team-a"}})
    made = Place(
        helm, helm_home, read_binary(helm.path), Target(context="sandbox", kubeconfig=str(sandbox.kubeconfig)), tmp_path, ReleaseKey("sandbox", "team-a", "web")
    )
    made.ask("install", "web", chart(), "-n", "team-a", "--set", "greeting=mine", "--wait")
    return made
