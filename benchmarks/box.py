"""A sandbox of many releases in a process of its own, so that what is measured does not share its interpreter with the server.

Prints the path of its kubeconfig. Each line `upgrade NUMBER` on standard input stores one more revision of that release, as a watch tells it to all,
and is answered by the time.monotonic() at which the API had it. Ends with its standard input.
"""

from __future__ import annotations

import sys
import time

from benchmarks.seeding import Seeds


def main(releases: int, revisions: int) -> None:
    """Serve until standard input ends."""
    from helmpanel.sandbox import Sandbox

    seeds, box = Seeds(releases, revisions), Sandbox()
    for secret in seeds.secrets():
        box.put(secret)
    stored: list[float] = []
    # First of all listeners: the watches hear of it after this.
    box.store.listeners.insert(0, lambda _: stored.append(time.monotonic()))
    with box:
        print(box.kubeconfig, flush=True)
        for line in sys.stdin:
            stored.clear()
            box.put(seeds.secret(int(line.split()[1]), revisions + 1, "deployed"))
            print(stored[0], flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
