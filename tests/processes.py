"""Servers that tests start in processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

TOP = Path(__file__).parent.parent


class Served:
    """A server of a test in a process of its own, ended with the test."""

    def __init__(self, argv: list[str], env: Mapping[str, str]) -> None:
        # A session of its own: what it started can be ended with it, and nothing else.
        self.process = subprocess.Popen(argv, env=dict(env), cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.lines: list[str] = []
        self.url = ""
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self, timeout_s: float = 60) -> str:
        """The address it printed; the test fails with its output when it prints none."""
        if not self._ready.wait(timeout_s) or not self.url:
            self.stop()
            raise AssertionError("the server printed no address:\n" + "".join(self.lines[-60:]))
        return self.url

    def stop(self, *, with_signal: int = signal.SIGINT, timeout_s: float = 20) -> int:
        """End it as Ctrl-C would; SIGKILL when that does not help, which fails the test. Gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired as cause:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError(f"the server did not end within {timeout_s} s:\n" + "".join(self.lines[-60:])) from cause
        finally:
            self._reader.join(5)
            if self.process.stdout:
                self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.search(r"https?://(?:127\.0\.0\.1|localhost):\d+\S*", line)
            if found and not self.url:
                self.url = found[0].rstrip(".,")
                self._ready.set()
        self._ready.set()
