"""Path of a Chromium for the tests, on standard output: an installed one, else one that is installed now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def works(path: str) -> bool:
    """Whether it starts: Ubuntu's chromium-browser may be a stub that only names snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def installed() -> str | None:
    """An installed Chromium or Chrome that starts, HELMPANEL_TEST_BROWSER first."""
    named = os.environ.get("HELMPANEL_TEST_BROWSER")
    if named:
        if not works(named):
            raise SystemExit(f"HELMPANEL_TEST_BROWSER names {named}, which does not start.")
        return named
    return next((path for name in NAMES if (path := shutil.which(name)) and works(path)), None)


def playwrights() -> str | None:
    """Playwright's own Chromium, when it was downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and works(path) else None


def attempt(*command: str) -> bool:
    """Run a command, its output on standard error; whether it succeeded."""
    print(f"browser: {' '.join(command)}", file=sys.stderr, flush=True)
    return subprocess.run(command, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False).returncode == 0


def apt() -> str | None:
    """Debian's package, where we may install it."""
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return None
    attempt("apt-get", "update", "-qq")
    attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    return installed()


def main() -> int:
    """Print a path, or say which command would help."""
    path = installed() or playwrights() or apt()
    if not path and attempt(sys.executable, "-m", "playwright", "install", "chromium"):
        path = playwrights()
    if not path:
        print(
            "No Chromium or Chrome was found, and none could be installed. Install one, for example with `apt-get install chromium` (Debian), "
            "`dnf install chromium` (Fedora) or `.venv/bin/playwright install --with-deps chromium`, or set HELMPANEL_TEST_BROWSER to its path.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
