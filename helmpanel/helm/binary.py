"""Finding helm, and reading its version once."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from helmpanel.errors import HelmMissing, HelmTooOld
from helmpanel.helm.environment import helm_environment
from helmpanel.helm.managed import FETCH_COMMAND, INSTALL_HINT, managed_paths
from helmpanel.settings import OLDEST_HELM

# `helm version` takes 0.1 s; a loaded machine or a network home may take long, a program that waits for input would take for ever.
VERSION_DEADLINE_S = 20.0
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmBinary:
    """One helm, whose version is known."""

    path: str
    version: tuple[int, int, int]
    text: str
    """Version as helm says it, such as `v4.3.1`."""

    @property
    def major(self) -> int:
        """3 or 4 (or newer)."""
        return self.version[0]


_known: dict[tuple[str, int, int], HelmBinary] = {}


async def find_helm(explicit: str | Path | None = None, *, data_dir: Path | None = None) -> HelmBinary:
    """The helm to use, its version read (in a thread, once per binary).

    Args:
        explicit: Path or command name; None looks at HELMPANEL_HELM, then PATH, then the managed copy.
        data_dir: Where the managed copy is; None for the user's data folder.

    Raises:
        HelmMissing: None found, or the one named cannot be run.
        HelmTooOld: Below 3.14.
    """
    return await asyncio.to_thread(lambda: read_binary(locate(explicit, data_dir=data_dir)))


def locate(explicit: str | Path | None = None, *, data_dir: Path | None = None) -> Path:
    """Path of the helm to use, not run yet. Argument, then HELMPANEL_HELM, then PATH, then the managed copy.

    Raises:
        HelmMissing: None found, or the one named does not exist or is not executable.
    """
    if explicit is not None:
        return _named(str(explicit), "helm=")
    from_env = os.environ.get("HELMPANEL_HELM")
    if from_env:
        return _named(from_env, "HELMPANEL_HELM=")
    on_path = shutil.which("helm")
    if on_path:
        return Path(on_path)
    for path in managed_paths(data_dir):
        if os.access(path, os.X_OK):
            return path
    raise HelmMissing(f"No helm was found: not on PATH, none named in HELMPANEL_HELM, none fetched. {INSTALL_HINT} Or run `{FETCH_COMMAND}`.")


def read_binary(path: Path, *, deadline_s: float = VERSION_DEADLINE_S) -> HelmBinary:
    """The binary with its version; asked once for each path and time of change.

    Args:
        path: Executable file.
        deadline_s: It is stopped, and refused, when it has not answered by then.

    Raises:
        HelmMissing: It cannot be run, or does not answer like helm.
        HelmTooOld: Below 3.14.
    """
    try:
        stat = path.stat()
    except OSError as cause:
        raise HelmMissing(f"{path} cannot be read ({cause.strerror}). Name another helm, or install it again.") from cause
    key = (str(path), stat.st_mtime_ns, stat.st_size)
    if key not in _known:
        _known[key] = _asked(path, deadline_s)
    return _known[key]


def _named(name: str, origin: str) -> Path:
    found = shutil.which(Path(name).expanduser())
    if found is None:
        raise HelmMissing(f"The helm named by {origin}{name} does not exist or may not be run. Name the path of a helm binary, or leave it out to search PATH.")
    return Path(found)


def _asked(path: Path, deadline_s: float) -> HelmBinary:
    command = [str(path), "version", "--template", "{{.Version}}"]
    try:
        answer = subprocess.run(command, env=helm_environment(plugins=False), stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline_s, check=False)
    except subprocess.TimeoutExpired as cause:
        raise HelmMissing(f"{path} did not tell its version within {deadline_s:g} s. Check that it is helm, or name another one.") from cause
    except OSError as cause:
        raise HelmMissing(f"{path} cannot be run ({cause.strerror}). Install helm for this system, or name another one. {INSTALL_HINT}") from cause
    text = answer.stdout.decode("utf-8", "replace").strip()
    match = _VERSION.search(text)
    if answer.returncode != 0 or match is None:
        raise HelmMissing(f"{path} does not answer `version` like helm does. Name another one with HELMPANEL_HELM. {INSTALL_HINT}")
    version = (int(match[1]), int(match[2]), int(match[3]))
    if version < OLDEST_HELM:
        oldest = ".".join(map(str, OLDEST_HELM[:2]))
        raise HelmTooOld(f"{path} is helm {match[0]}, but helmpanel needs {oldest} or newer. Update it, or run `{FETCH_COMMAND}`.")
    return HelmBinary(path=str(path), version=version, text=text if len(text) <= 40 else match[0])
