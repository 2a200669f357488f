"""The oracle's charts: two names, several versions, and values that decide what goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

VERSIONS = ("1.0.0", "1.1.0-rc.2", "1.10.0+build.7", "0.0.0-dev.20261127")
"""Released, before a release, with build metadata, and one of a branch: `helm list` joins each to the name by a dash."""

_SETTINGS = """\
{{- if .Values.broken }}{{ fail "this chart was told to be broken" }}{{ end }}
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-settings"}
data: {colour: "{{ .Values.colour }}"}
"""
_REFUSED = """\
{{- if .Values.refused }}
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{port: 99999}]}
{{- end }}
"""
# Ready long after any `--timeout` of a test.
_WORKLOAD = """\
{{- if .Values.workload }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 1
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}"}
      annotations: {fake-kubelet/ready-after: "{{ .Values.workload }}"}
    spec:
      containers: [{name: main, image: "web:1"}]
{{- end }}
"""
_HOOK = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-hook"
  annotations: {"helm.sh/hook": "pre-install,pre-upgrade,pre-rollback,pre-delete"}
spec:
  backoffLimit: 0
  template:
    metadata:
      annotations: {fake-kubelet/exit-code: "{{ .Values.hook.code }}", fake-kubelet/run-seconds: "{{ .Values.hook.seconds }}"}
    spec:
      restartPolicy: Never
      containers: [{name: hook, image: tool}]
"""
# A hook runs long enough to be interrupted at leisure, unless a command goes without hooks or says otherwise.
_VALUES = """\
colour: green
broken: false
refused: false
workload: ""
hook: {code: 0, seconds: 600}
"""


class Chart(NamedTuple):
    """One chart of one version."""

    name: str
    version: str
    app_version: str
    path: Path


def write_charts(folder: Path) -> list[Chart]:
    """Write every chart below `folder`: a name with a dash that has an app version, and one without either."""
    charts = []
    for name, app_version in (("web-site", "1.10"), ("db", "")):
        for version in VERSIONS:
            chart = Chart(name, version, app_version, folder / f"{name}-{version}")
            (chart.path / "templates").mkdir(parents=True)
            told = f'appVersion: "{app_version}"\n' if app_version else ""
            (chart.path / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n{told}")
            (chart.path / "values.yaml").write_text(_VALUES)
            for file, text in {"settings": _SETTINGS, "refused": _REFUSED, "workload": _WORKLOAD, "hook": _HOOK}.items():
                (chart.path / "templates" / f"{file}.yaml").write_text(text)
            charts.append(chart)
    return charts
