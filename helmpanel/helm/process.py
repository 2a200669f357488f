"""Running helm: changes that outlive us, and reads that do not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
import weakref
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helmpanel.errors import FailureKind, HelmFailure, HelmMissing
from helmpanel.helm.environment import helm_environment
from helmpanel.helm.failure import classify
from helmpanel.helm.lines import LineSplitter

# A person sees no difference below 100 ms; 20 looks a second at two small files cost nothing.
POLL_S = 0.05
CHUNK_BYTES = 256 * 1024
# Enough for the longest error helm has; a log of a million lines is not read back whole.
KEPT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line helm wrote. Untrusted and unmasked."""

    text: str
    is_error: bool
    """Written to standard error."""


class _Child(subprocess.Popen[bytes]):
    """A child that may outlive us: that it still runs when nobody holds it any more is no mistake here, and Python need not warn of it."""

    def __del__(self) -> None:
        if getattr(self, "_child_created", False):
            self.poll()


class HelmProcess:
    """One helm command that changes something: it goes on when we die, and stops only when told to.

    It writes to files, never to pipes: when the reader of a pipe dies, helm dies of SIGPIPE in the middle of an upgrade (seen with both majors). It runs
    in a session of its own, so Ctrl-C in our terminal does not reach it.

    Attributes:
        argv: helm's arguments, without the binary.
        stderr_path: File with what it writes to standard error, 0600. Standard output has no name on disk: with HELM_DEBUG an upgrade prints its values
            there, and those must be gone with the last process that holds them, however we end.
    """

    def __init__(self, process: subprocess.Popen[bytes], argv: Sequence[str], stdout: int, stderr_path: Path) -> None:
        self._process = process
        self.argv = tuple(argv)
        self._stdout = stdout
        self.stderr_path = stderr_path
        weakref.finalize(self, os.close, stdout).atexit = False  # somebody may still read then; the system closes it

    @classmethod
    def start(cls, binary: str, argv: Sequence[str], *, stdin: str | None, folder: Path, name: str, env: Mapping[str, str] | None = None) -> HelmProcess:
        """Start helm. Takes milliseconds and does not await, so a cancelled caller cannot lose a helm that has started.

        Args:
            binary: Path of helm.
            argv: Its arguments.
            stdin: Values text for `-f -`; it never gets a name on disk. None for no input.
            folder: Where the log file goes; made when missing, for us alone.
            name: Stem of the log file, unique in the folder.
            env: Environment; None for ours, plugins allowed.

        Raises:
            HelmMissing: The binary cannot be run.
            OSError: The log file cannot be made.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{name}.err"
        with contextlib.ExitStack() as ours:
            err = ours.enter_context(_private_file(path))
            out = ours.enter_context(tempfile.TemporaryFile(dir=folder))
            source = ours.enter_context(_input(stdin))
            # Not asyncio's subprocess: its transport kills the child when it is collected, so helm would die of SIGKILL whenever a server or kernel ends.
            try:
                process = _Child(
                    [binary, *argv],
                    stdin=source,
                    stdout=out,
                    stderr=err,
                    env=dict(helm_environment(plugins=True) if env is None else env),
                    start_new_session=True,
                )
            except OSError as cause:
                path.unlink()
                raise HelmMissing(f"{binary} cannot be run ({cause.strerror}). Check that helm is still installed, then try again.") from cause
            return cls(process, argv, os.dup(out.fileno()), path)

    @property
    def pid(self) -> int:
        """Process id, which is its session's and group's too."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    async def wait(self) -> int:
        """Exit code, negative for a signal. On any event loop."""
        while (rc := self._process.poll()) is None:  # noqa: ASYNC110  no event: a child watcher would tie the process to one loop
            await asyncio.sleep(POLL_S)
        return rc

    async def batches(self) -> AsyncIterator[tuple[LogLine, ...]]:
        """Lines as they come, those of one look together, until helm has ended and all is read. Never empty batches."""
        at = 0
        splitters = (LineSplitter(), LineSplitter())
        with self.stderr_path.open("rb") as err:
            while True:
                # Asked before reading: whatever was written before its end is then read below.
                has_ended = self._process.poll() is not None
                # helm writes at the place this descriptor shares with it: read without moving that.
                chunks = (os.pread(self._stdout, CHUNK_BYTES, at), err.read(CHUNK_BYTES))
                at += len(chunks[0])
                is_last = has_ended and not any(chunks)
                batch = tuple(
                    LogLine(line, is_error)
                    for chunk, splitter, is_error in zip(chunks, splitters, (False, True), strict=True)
                    for line in splitter.feed(chunk, last=is_last)
                )
                if batch:
                    yield batch
                if is_last:
                    return
                await asyncio.sleep(0 if any(chunks) else POLL_S)

    def output(self) -> tuple[str, str]:
        """Standard output and standard error so far; only the newest mebibyte of each."""
        with self.stderr_path.open("rb") as err:
            return _newest(self._stdout), _newest(err.fileno())

    def terminate(self) -> None:
        """SIGTERM to helm alone: it ends its own children. Install and upgrade then mark the revision failed; the others leave it pending."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to helm and all it started. Always leaves the release pending: only when the person insists."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


async def run_read(binary: str, argv: Sequence[str], *, timeout_s: float, env: Mapping[str, str] | None = None, stdin: str | None = None) -> str:
    """Standard output of a helm command that changes nothing.

    helm itself hangs for ever on a server that accepts and never answers: after `timeout_s` it is killed, as it is when the caller is cancelled.

    Args:
        binary: Path of helm.
        argv: Its arguments.
        timeout_s: Deadline for the whole command.
        env: Environment; None for ours, without plugins.
        stdin: Text for standard input; None for none.

    Raises:
        HelmFailure: It failed, or did not end in time (kind timeout).
        HelmMissing: The binary cannot be run.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _input(stdin) as source:
            try:
                process = await asyncio.create_subprocess_exec(
                    binary,
                    *argv,
                    stdin=source,
                    stdout=out,
                    stderr=err,
                    env=dict(helm_environment(plugins=False) if env is None else env),
                    start_new_session=True,
                )
            except OSError as cause:
                raise HelmMissing(f"{binary} cannot be run ({cause.strerror}). Check that helm is still installed, then try again.") from cause
        try:
            async with asyncio.timeout(timeout_s):
                rc = await process.wait()
        except TimeoutError as cause:
            raise HelmFailure(
                f"`helm {' '.join(argv[:2])}` did not answer within {timeout_s:g} s and was stopped. "
                "Check the connection to the cluster, VPN and login included, then try again.",
                kind=FailureKind.TIMEOUT,
                command=argv,
                rc=None,
                raw=_text(err),
            ) from cause
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if rc != 0:
            raise classify(list(argv), rc, _text(err))
        return _text(out)


def _private_file(path: Path) -> IO[bytes]:
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags | os.O_APPEND, 0o600))


def _input(text: str | None) -> IO[bytes]:
    """Standard input: a file without a name, for us alone, or nothing."""
    if text is None:
        return open(os.devnull, "rb")  # noqa: PTH123
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    file.write(text.encode("utf-8", "surrogatepass"))
    file.seek(0)
    return file


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _newest(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, KEPT_BYTES, max(size - KEPT_BYTES, 0)).decode("utf-8", "replace")
