"""Small charts, and a client that speaks to the sandbox without helm."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

DEADLINE_S = 20.0

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-settings"}
data: {colour: "{{ .Values.colour | default "green" }}"}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec:
      containers: [{name: main, image: "{{ .Values.image | default "web:1" }}"}]
"""
HOOK = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-migrate"
  annotations: {"helm.sh/hook": pre-install}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: tool, command: [sh, -c, "exit {{ .Values.code | default 0 }}"]}]
"""
TEST_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: "{{ .Release.Name }}-test"
  annotations: {"helm.sh/hook": test}
spec:
  restartPolicy: Never
  containers: [{name: check, image: tool, command: [sh, -c, "exit {{ .Values.code | default 0 }}"]}]
"""
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.com}
spec:
  group: example.com
  names: {kind: Gadget, plural: gadgets}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
"""
GADGET = """\
apiVersion: example.com/v1
kind: Gadget
metadata: {name: "{{ .Release.Name }}"}
spec: {size: {{ .Values.size | default 1 }}, parts: [a, b]}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Callable[..., str]:
    """Writes a chart of these templates; its path."""

    def write(*templates: str, crds: str = "", name: str = "sample") -> str:
        folder = tmp_path / name
        (folder / "templates").mkdir(parents=True)
        (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
        for index, text in enumerate(templates):
            (folder / "templates" / f"{index}.yaml").write_text(text)
        if crds:
            (folder / "crds").mkdir()
            (folder / "crds" / "all.yaml").write_text(crds)
        return str(folder)

    return write


class Client:
    """Speaks HTTPS to the sandbox as the user of a kubeconfig, trusting what the kubeconfig says."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self._ssl = ssl.create_default_context(cadata=authority)
        self._address = cluster["server"].removeprefix("https://")
        self.token = config["users"][0]["user"]["token"]

    @contextmanager
    def open(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content_type: str = "application/json",
        accept: str = "*/*",
        encoding: str = "identity",
        timeout_s: float = DEADLINE_S,
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask, and read the answer while it comes."""
        connection = http.client.HTTPSConnection(self._address, context=self._ssl, timeout=timeout_s)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Accept": accept, "Content-Type": content_type, "User-Agent": "tester/1"}
            headers["Accept-Encoding"] = encoding
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            yield connection.getresponse()
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: object = None, **options: object) -> tuple[int, dict]:
        """Status and document of the answer."""
        with self.open(method, path, body, **options) as answer:
            return answer.status, json.loads(answer.read())


@pytest.fixture
def client(sandbox: object) -> Client:
    """The administrator, without helm."""
    return Client(sandbox.kubeconfig)
