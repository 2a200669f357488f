"""Makes `.venv-3.13` where a python3.13 is found: the newest Python that helmpanel promises to work on. Needs the standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".venv-3.13"


def found() -> str | None:
    """A python3.13 that runs: on PATH, or one that pyenv keeps behind a shim that refuses. None where this is one, or there is none."""
    if sys.version_info[:2] == (3, 13):
        return None
    candidates = ["python3.13"]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if Path(folder).name == "shims" and (Path(folder) / "python3.13").exists():
            candidates += [str(p) for p in sorted(Path(folder).parent.glob("versions/3.13*/bin/python3.13"))]
    for candidate in candidates:
        try:
            probe = subprocess.run(
                [candidate, "-c", "import sys, venv; print(sys.version_info[:2] == (3, 13))"], capture_output=True, text=True, timeout=60, check=False
            )
        except OSError:
            continue
        if probe.stdout.strip() == "True":
            return candidate
    return None


def interpreter(python: str) -> Path:
    """The environment's interpreter; made, or renewed when pyproject.toml changed.

    Raises:
        CalledProcessError: pip said why.
    """
    stamp = FOLDER / "stamps" / "test"
    inside = FOLDER / "bin" / "python"
    if not stamp.exists() or stamp.stat().st_mtime < (TOP / "pyproject.toml").stat().st_mtime:
        print(f"Installing helmpanel for {python} into {FOLDER.name} (two or three minutes)", flush=True)
        if not inside.exists():
            subprocess.run([python, "-m", "venv", str(FOLDER)], check=True)
        subprocess.run([str(inside), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--editable", ".[test]"], cwd=TOP, check=True)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    return inside


if __name__ == "__main__":
    other = found()
    if other:
        interpreter(other)
