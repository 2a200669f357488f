"""The believable charts are charts to the real helm, and what is stored of them is what helm would store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from helmpanel.sandbox import demo
from helmpanel.sandbox.demo import Chart, ChartRepository, Component
from tests.conftest import Helm

FULL = Chart(
    name="everything",
    version="1.2.3",
    app_version="4.5.6",
    components=(Component(name="web-server"), Component(name="worker", port=9000, stateful=True, replicas=2)),
    has_schema=True,
    has_migration=True,
    keeps_claim=True,
    has_metrics=True,
    crds=("Widget.example.io",),
)
VALUES = {"podAnnotations": {"b": "2", "a": "1"}, "auth": {"password": "q\"uo'te"}, "webServer": {"replicas": 3}, "metrics": {"enabled": False}}


def without_blank_lines(text: str) -> list[str]:
    """Helm 4 writes one blank line between documents where Helm 3 writes none."""
    return [line for line in text.splitlines() if line]


@pytest.mark.parametrize("values", [{}, VALUES], ids=["defaults", "values"])
def test_rendering_without_helm_is_what_helm_renders(helm: Helm, helm_home: dict[str, str], tmp_path: Path, values: dict[str, object]):
    chart = FULL.write(tmp_path)
    out = helm.run("template", "shop", str(chart), "--namespace", "team-a", "--no-hooks", "-f", "-", env=helm_home, stdin=yaml.safe_dump(values)).stdout
    made = FULL.render("shop", "team-a", 1, values)
    assert without_blank_lines(out) == without_blank_lines(made.manifest)
    with_hooks = helm.run("template", "shop", str(chart), "--namespace", "team-a", "-f", "-", env=helm_home, stdin=yaml.safe_dump(values)).stdout
    (hook,) = made.hooks
    assert f"# Source: {hook.path}\n{hook.manifest}" in with_hooks


def test_helm_finds_no_fault_in_any_chart_of_the_demo(helm: Helm, helm_home: dict[str, str], tmp_path: Path):
    newest = [versions[0].write(tmp_path) for versions in demo.charts().values()]
    helm.run("lint", "--strict", *map(str, newest), env=helm_home)


def test_the_schema_refuses_what_it_should(helm: Helm, helm_home: dict[str, str], tmp_path: Path):
    refused = helm.run("template", "x", str(FULL.write(tmp_path)), "--set", "config.logLevel=loud", env=helm_home, check=False)
    assert refused.returncode == 1
    assert "logLevel" in refused.stderr


def test_a_repository_is_one_to_helm(helm: Helm, helm_home: dict[str, str], tmp_path: Path):
    trino = demo.charts()["trino"]
    with ChartRepository({"data": trino[1:]}) as repository:
        repository.configure(Path(helm_home["HELM_CONFIG_HOME"]), Path(helm_home["HELM_CACHE_HOME"]))
        assert versions(helm, helm_home, "data/trino") == [c.version for c in trino[1:]], "known without `helm repo update`"
        repository.serve("data", trino)
        helm.run("repo", "update", env=helm_home)
        assert versions(helm, helm_home, "data/trino") == [c.version for c in trino]
        helm.run("pull", "data/trino", "--version", trino[0].version, "-d", str(tmp_path), env=helm_home)
    assert (tmp_path / f"trino-{trino[0].version}.tgz").read_bytes() == trino[0].archive


def versions(helm: Helm, env: dict[str, str], chart: str) -> list[str]:
    return [row["version"] for row in json.loads(helm.run("search", "repo", chart, "--versions", "--devel", "-o", "json", env=env).stdout)]
