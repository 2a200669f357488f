"""What `make test` does: fetch both helm majors and a browser, then run every test; also on python3.13 where it is found.

The suite on the Python that runs this comes last, so that its closing line ends the output.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).parent.parent
SECOND = TOP / ".venv-3.13"
WORKERS = ("-n", "2", "--dist", "loadgroup")


def say(text: str) -> None:
    """One line of progress, at once."""
    print(f"== {text}", flush=True)


def fetch() -> dict[str, str]:
    """Environment for the tests: both helm binaries and the browser, fetched where they are missing.

    Raises:
        SystemExit: One of them cannot be had; what to do was printed by the command that tried.
    """
    env = dict(os.environ)
    wanted = {
        "HELMPANEL_TEST_HELM3": ("Helm 3", [sys.executable, "-m", "helmpanel.helm.managed", "--major", "3", "--print-path"]),
        "HELMPANEL_TEST_HELM4": ("Helm 4", [sys.executable, "-m", "helmpanel.helm.managed", "--major", "4", "--print-path"]),
        "HELMPANEL_TEST_BROWSER": ("the browser", [sys.executable, str(TOP / "scripts" / "browser.py")]),
    }
    for name, (what, command) in wanted.items():
        if not env.get(name):
            say(f"finding {what}")
            done = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{what} is missing: {' '.join(command)} ended with {done.returncode}. Set {name} to a binary to use another.")
            env[name] = done.stdout.strip().splitlines()[-1]
        say(f"{what}: {env[name]}")
    return env


def second_python() -> str | None:
    """A python3.13 that runs: on PATH, or one that pyenv keeps behind a shim that refuses."""
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


def second_environment(python: str) -> Path:
    """The second virtual environment's interpreter, made or renewed when pyproject.toml changed."""
    stamp = SECOND / "stamps" / "test"
    inside = SECOND / "bin" / "python"
    if not stamp.exists() or stamp.stat().st_mtime < (TOP / "pyproject.toml").stat().st_mtime:
        say(f"installing helmpanel for {python} into {SECOND.name} (two or three minutes)")
        if not inside.exists():
            subprocess.run([python, "-m", "venv", str(SECOND)], check=True)
        subprocess.run([str(inside), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--editable", ".[test]"], cwd=TOP, check=True)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    return inside


def main() -> int:
    """Run both suites; the worse exit code."""
    begun = time.monotonic()
    env = fetch()
    codes = []
    other = second_python() if sys.version_info[:2] != (3, 13) else None
    if other:
        inside = second_environment(other)
        say("Python 3.13: unit tests, cluster tests, one browser flow")
        codes.append(
            subprocess.run(
                [str(inside), "-m", "pytest", *WORKERS, "-m", "not ui or every_python", "tests/unit", "tests/cluster", "tests/ui"],
                cwd=TOP,
                env=env,
                check=False,
            ).returncode
        )
        say(f"Python 3.13 {'passed' if codes[-1] == 0 else 'FAILED'}; {time.monotonic() - begun:.0f} s so far")
    else:
        say("no python3.13 here: this Python only")
    say(f"Python {sys.version_info[0]}.{sys.version_info[1]}: every test")
    codes.append(subprocess.run([sys.executable, "-m", "pytest", *WORKERS, "tests"], cwd=TOP, env=env, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
