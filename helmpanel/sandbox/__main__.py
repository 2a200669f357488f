"""`python -m helmpanel.sandbox`: a cluster to try things on, until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from helmpanel.sandbox import Sandbox


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m helmpanel.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--ready-delay", type=float, default=0.2, metavar="SECONDS", help="how long a container takes to become ready (default: %(default)s)")
    options = parser.parse_args(arguments)
    over = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: over.set())
    with Sandbox(port=options.port, ready_delay_s=options.ready_delay) as box:
        sys.stdout.write(f"{box.kubeconfig}\n")
        sys.stdout.flush()
        over.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
