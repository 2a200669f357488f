"""Finding helm and reading its version."""

from __future__ import annotations

from pathlib import Path

import pytest

from helmpanel.errors import HelmMissing, HelmTooOld
from helmpanel.helm.binary import find_helm, locate, read_binary
from helmpanel.helm.environment import helm_environment
from helmpanel.helm.managed import managed_path


def fake(path: Path, says: str = "v4.3.1", *, script: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script or f'printf %s {says!r}'}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def nowhere(tmp_path, monkeypatch) -> Path:
    """No helm anywhere; the data folder to put one in."""
    monkeypatch.delenv("HELMPANEL_HELM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "data"


def test_an_argument_beats_the_variable_beats_path_beats_the_managed_copy(nowhere, tmp_path, monkeypatch):
    managed = fake(managed_path(data_dir=nowhere))
    assert locate(data_dir=nowhere) == managed
    on_path = fake(tmp_path / "bin" / "helm")
    assert locate(data_dir=nowhere) == on_path
    monkeypatch.setenv("HELMPANEL_HELM", str(fake(tmp_path / "env" / "helm")))
    assert locate(data_dir=nowhere) == tmp_path / "env" / "helm"
    named = fake(tmp_path / "named" / "my-helm")
    assert locate(named, data_dir=nowhere) == named


def test_without_any_helm_both_ways_to_one_are_told(nowhere):
    with pytest.raises(HelmMissing, match=r"Install Helm 3.14 or newer .* Or run `python -m helmpanel.helm.managed`") as caught:
        locate(data_dir=nowhere)
    assert "HELMPANEL_HELM" in str(caught.value)


def test_a_named_helm_that_is_not_there_is_no_reason_to_take_another(nowhere, tmp_path, monkeypatch):
    fake(tmp_path / "bin" / "helm")
    monkeypatch.setenv("HELMPANEL_HELM", "/no/such/helm")
    with pytest.raises(HelmMissing, match="HELMPANEL_HELM=/no/such/helm does not exist"):
        locate()
    with pytest.raises(HelmMissing, match="helm=other-helm does not exist"):
        locate("other-helm")


def test_a_helm_can_be_named_by_its_command(nowhere, tmp_path):
    assert locate(str(fake(tmp_path / "bin" / "helm4").name)) == tmp_path / "bin" / "helm4"


@pytest.mark.parametrize(
    ("says", "version", "major"),
    [("v3.14.0", (3, 14, 0), 3), ("v4.3.1", (4, 3, 1), 4), ("v3.19.0+g3d8990f", (3, 19, 0), 3), ("v4.0.0-rc.1", (4, 0, 0), 4), ("v10.2.33", (10, 2, 33), 10)],
)
async def test_the_version_is_what_helm_says(tmp_path, says, version, major):
    found = await find_helm(fake(tmp_path / "helm", says))
    assert (found.version, found.major, found.text) == (version, major, says)


@pytest.mark.parametrize("says", ["v3.13.3", "v2.17.0", "v3.0.0"])
async def test_below_3_14_is_refused_with_a_sentence(tmp_path, says):
    with pytest.raises(HelmTooOld, match=rf"is helm {says}, but helmpanel needs 3.14 or newer. Update it"):
        await find_helm(fake(tmp_path / "helm", says))


def test_the_version_is_asked_once_until_the_binary_changes(tmp_path):
    helm = fake(tmp_path / "helm", script=f"echo asked >> {tmp_path}/log; printf v3.19.0")
    assert read_binary(helm) == read_binary(helm)
    assert (tmp_path / "log").read_text() == "asked\n"
    fake(helm, script=f"echo again >> {tmp_path}/log; printf v4.10.12")
    assert read_binary(helm).major == 4
    assert (tmp_path / "log").read_text() == "asked\nagain\n"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo hello", "does not answer `version` like helm"),
        ("echo v4.0.0; exit 1", "does not answer `version` like helm"),
        ("sleep 60", "did not tell its version within 0.2 s"),
    ],
)
def test_a_program_that_is_no_helm_is_refused(tmp_path, script, words):
    with pytest.raises(HelmMissing, match=words):
        read_binary(fake(tmp_path / "helm", script=f"exec sh -c {script!r}"), deadline_s=0.2 if "sleep" in script else 10)


def test_a_file_for_another_machine_is_refused(tmp_path):
    path = tmp_path / "helm"
    path.write_bytes(b"\x7fELF nonsense")
    path.chmod(0o755)
    with pytest.raises(HelmMissing, match="cannot be run"):
        read_binary(path)


def test_helm_is_not_steered_to_another_cluster_by_the_environment():
    """HELM_KUBETOKEN and its like would make helm write as somebody else than helmpanel reads."""
    base = {
        "HELM_KUBETOKEN": "t",
        "HELM_KUBEAPISERVER": "https://other",
        "HELM_NAMESPACE": "x",
        "HELM_DRIVER": "configmap",
        "KUBECONFIG": "a:b",
        "HELM_DEBUG": "1",
    }
    assert helm_environment(plugins=True, base=base) == {
        "HELM_DRIVER": "configmap",
        "KUBECONFIG": "a:b",
        "HELM_DEBUG": "1",
        "NO_COLOR": "1",
        "HELM_COLOR": "never",
    }
    reading = helm_environment(plugins=False, base=base)
    assert (reading["HELM_NO_PLUGINS"], "HELM_DEBUG" in reading) == ("1", False)
