"""Serves the releases of the environment's cluster, read every second: /page as `helmpanel serve` does, /cell as a notebook shows them."""

from __future__ import annotations

import sys

import panel as pn

from helmpanel.cluster import connect
from helmpanel.dashboard import Dashboard, page
from helmpanel.settings import Settings


def serve(port: int) -> None:
    """Until SIGINT."""
    cluster = connect(settings=Settings(refresh_interval_s=1))
    pages = {"/page": lambda: page(cluster), "/cell": lambda: Dashboard(cluster, is_cell=True).__panel__()}
    server = pn.serve(pages, port=port, address="127.0.0.1", websocket_origin=[f"127.0.0.1:{port}"], show=False, start=False, verbose=False)
    server.start()
    print(f"http://127.0.0.1:{port}", flush=True)
    server.run_until_shutdown()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
