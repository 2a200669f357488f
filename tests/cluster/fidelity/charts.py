"""The charts of the recording: small ones written here, and the one that `helm create` makes."""

from __future__ import annotations

import json
from pathlib import Path

_CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-cm
data:
  a: {{ .Values.a | default "1" | quote }}
"""

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: 1
  selector:
    matchLabels: {app: {{ .Release.Name }}{{ .Values.sel | default "" }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}{{ .Values.sel | default "" }}}
      annotations: {x: orig%s}
    spec:
      containers:
      - name: main
        image: %s
"""

_JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-%s
  annotations: {"helm.sh/hook": %s}
spec:
  backoffLimit: 0
  template:
    metadata:
      annotations: {fake-kubelet/exit-code: "%s", fake-kubelet/run-seconds: "%s"}
    spec:
      restartPolicy: Never
      containers: [{name: j, image: busybox}]
"""

_CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gadgets%(major)s.example.com
spec:
  group: example.com
  names: {kind: Gadget%(major)s, plural: gadgets%(major)s}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
"""

_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["replicaCount"],
    "properties": {
        "replicaCount": {"type": "integer", "minimum": 1, "maximum": 10},
        "service": {"type": "object", "properties": {"port": {"type": "integer"}, "type": {"enum": ["ClusterIP", "NodePort"]}}},
    },
}


def _job(hook: str, code: int = 0, seconds: int = 1) -> str:
    return _JOB % (hook, hook, code, seconds)


_TEMPLATES: dict[str, dict[str, str]] = {
    "cm": {"cm.yaml": _CONFIG_MAP},
    "dep": {"d.yaml": _DEPLOYMENT % ("", '{{ .Values.image | default "nginx" }}')},
    "slow": {"d.yaml": _DEPLOYMENT % (', fake-kubelet/ready-after: "{{ .Values.after | default 4 }}"', "nginx")},
    "hookok": {
        "cm.yaml": _CONFIG_MAP,
        "pre.yaml": _job("pre-install"),
        "post.yaml": _job("post-install"),
        "preup.yaml": _job("pre-upgrade"),
        "predel.yaml": _job("pre-delete"),
    },
    "hookbad": {"cm.yaml": _CONFIG_MAP, "pre.yaml": _job("pre-install", code=1)},
    "hookslow": {"cm.yaml": _CONFIG_MAP, "pre.yaml": _job("pre-install", seconds=60)},
    "slowdel": {"cm.yaml": _CONFIG_MAP, "predel.yaml": _job("pre-delete", seconds=8)},
    "slowrb": {"cm.yaml": _CONFIG_MAP, "pr.yaml": _job("pre-rollback", seconds=8)},
    "badtpl": {"cm.yaml": _CONFIG_MAP + "  b: {{ .Values.nope.deeper }}\n"},
    "parse": {"cm.yaml": "{{ if }}\n"},
    "req": {"cm.yaml": _CONFIG_MAP + '  b: {{ required "b is required" .Values.b }}\n'},
    "badyaml": {"cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n a: b\n"},
    "kubever": {"cm.yaml": _CONFIG_MAP},
    "nokind": {"cm.yaml": "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: {{ .Release.Name }}\n"},
    "invalid": {"d.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  ports: [{port: 99999}]\n"},
    "unkfield": {"d.yaml": _CONFIG_MAP.replace("\ndata:", "\ndatum: {x: z}\ndata:")},
    "fixedcm": {"cm.yaml": _CONFIG_MAP.replace("{{ .Release.Name }}-cm", "fixed-cm")},
    "crdchart": {"cm.yaml": _CONFIG_MAP},
    "deprecated": {"cm.yaml": _CONFIG_MAP},
    "keep": {"cm.yaml": _CONFIG_MAP.replace("metadata:\n", 'metadata:\n  annotations: {"helm.sh/resource-policy": keep}\n')},
}

_CHART_YAML = {"kubever": "kubeVersion: '>=1.99.0'\n", "deprecated": "deprecated: true\n"}


def write_charts(folder: Path, major: int) -> None:
    """Write every small chart below `folder`, and the values files the commands name.

    Args:
        folder: Working folder of the replay; `demo`, made by `helm create`, is there already.
        major: Helm's major version, which is part of the CRD's name.
    """
    for name, templates in _TEMPLATES.items():
        _write(
            folder / name / "Chart.yaml",
            f"apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: '1.0'\ndescription: scratch\n{_CHART_YAML.get(name, '')}",
        )
        _write(folder / name / "values.yaml", "{}\n")
        for file, text in templates.items():
            _write(folder / name / "templates" / file, text)
    _write(folder / "crdchart" / "crds" / "w.yaml", crd(major))
    _write_schema_chart(folder)
    _write(folder / "my.yaml", "replicaCount: 2\npodAnnotations:\n  team: blue\n")


def crd(major: int) -> str:
    """The custom resource that `crdchart` brings, of another name for each major."""
    return _CRD % {"major": major}


def _write_schema_chart(folder: Path) -> None:
    """`demo` under another name, with a schema for its values."""
    for source in (folder / "demo").rglob("*"):
        if source.is_file():
            text = source.read_text().replace('"demo.', '"schema.').replace("name: demo", "name: schema")
            _write(folder / "schema" / source.relative_to(folder / "demo"), text)
    _write(folder / "schema" / "values.schema.json", json.dumps(_SCHEMA))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
