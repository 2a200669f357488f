"""`helmpanel demo`: a simulated cluster with believable releases, and the dashboard on it."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from helmpanel.errors import HelmMissing, HelmTooOld, SettingsInvalid
from helmpanel.helm import managed
from helmpanel.helm.binary import HelmBinary, locate, read_binary

NOTICE = "This is a simulated cluster: nothing here runs anywhere. Everything is gone when the demo ends."


def run(*, port: int = 5006, address: str = "127.0.0.1", open_browser: bool = False) -> int:
    """Serve the demo until Ctrl-C or SIGTERM; everything it started has ended when this returns.

    Args:
        port: Where the dashboard is served; 0 for any free one, which is also taken when this one is in use.
        address: Loopback by default.
        open_browser: Show it in the user's browser at once.

    Returns:
        Exit code.

    Raises:
        HelmPanelError: No helm was found and none can be fetched, or the sandbox is not installed.
    """
    with _ending_on_sigterm():
        helm = _helm()
        _say(f"helm {helm.text.removeprefix('v')}: {helm.path}")
        from helmpanel import app

        try:
            # Here and not above: the sandbox is an extra, and this is the only line of the product that needs it.
            from helmpanel.sandbox.demo import Demo
        except ModuleNotFoundError as cause:
            raise SettingsInvalid(f"The demo needs {cause.name}, which is not installed. Install it with: pip install 'helmpanel[sandbox]'") from cause

        with suppress(KeyboardInterrupt), Demo() as demo:
            _say(f"simulated cluster with {demo.size} releases: KUBECONFIG={demo.environment['KUBECONFIG']}")
            # In this process, before anything reads them: the user's own helm configuration and helmpanel's logs are never touched.
            os.environ.update(demo.environment, HELMPANEL_DATA=str(demo.home / "helmpanel"))
            try:
                app.serve(
                    helm=helm.path, port=port if _is_free(address, port) else 0, address=address, notice=NOTICE, open_browser=open_browser, on_ready=_ready
                )
            finally:
                _end_helm(Path(helm.path))
    _say("the demo has ended")
    # An unknown request fails loudly: a test that drives the demo sees it by the exit code.
    for each in demo.box.unknown:
        print(f"the simulated cluster does not know: {each.verb} {each.request}", file=sys.stderr)  # noqa: T201
    return 1 if demo.box.unknown else 0


def _helm() -> HelmBinary:
    """The user's helm, else a managed one."""
    try:
        return read_binary(locate())
    except (HelmMissing, HelmTooOld) as problem:
        if os.environ.get("HELMPANEL_HELM"):
            raise
        _say(str(problem) if isinstance(problem, HelmTooOld) else "no helm on PATH: fetching one for helmpanel alone")
        return read_binary(managed.fetch(4, say=_say))


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def _ready(url: str) -> None:
    _say(f"the dashboard: {url}\n\nCtrl-C ends the dashboard and the simulated cluster.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """SIGTERM unwinds like Ctrl-C, so that nothing is left behind."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_helm(binary: Path) -> None:
    """End helm processes of ours: they outlive a dashboard on purpose, but the cluster they work on ends now."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and (entry / "exe").readlink() == binary.resolve():
                os.kill(int(entry.name), signal.SIGKILL)
