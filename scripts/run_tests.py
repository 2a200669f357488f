"""What `make test` does: fetch both helm majors and a browser, then run every test; also on python3.13 where it is found.

The suite on the Python that runs this comes last, so that its closing line ends the output.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import second_python

TOP = Path(__file__).parent.parent
# Two a core: most of a test's time is waiting for helm or the browser.
WORKERS = ("-n", str(2 * len(os.sched_getaffinity(0))))


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


def main() -> int:
    """Run both suites; the worse exit code."""
    begun = time.monotonic()
    env = fetch()
    codes = []
    other = second_python.found()
    if other:
        inside = second_python.interpreter(other)
        say("Python 3.13: unit tests, cluster tests, one browser flow")
        codes.append(
            subprocess.run(
                [str(inside), "-m", "pytest", *WORKERS, "-m", "not ui or (every_python and helm4)", "tests/ui", "tests/cluster", "tests/unit"],
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
