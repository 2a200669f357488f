"""Serves the dashboard with so many made-up releases, in a process of its own: `python -m benchmarks.many COUNT...` has them at /COUNT.

POST /COUNT/revision/NUMBER gives one of the visible releases that revision, as a watch would tell it, and answers with the time.time() at which the
table had it.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import panel as pn
from tornado.web import RequestHandler

from helmpanel.dashboard import page
from helmpanel.model.availability import Availability, AvailabilityState, SourceState
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.records import ReleaseRecord, releases_frame
from helmpanel.model.release import Release
from helmpanel.model.table import ReleaseTable, TableState
from helmpanel.operations.board import OperationsBoard
from helmpanel.settings import Settings

NOW = datetime(2026, 11, 22, 14, 40, tzinfo=UTC)
CHANGED = "team-a/release-00003"


class Many:
    """As much of `helmpanel.cluster.Cluster` as the dashboard needs to show its table."""

    context, server, namespaces, helm_version, helm_error = "prod", "https://127.0.0.1:6443", None, "v4.3.1", None

    def __init__(self, total: int) -> None:
        self.settings, self.operations = Settings(read_only=False), OperationsBoard()
        self.table = ReleaseTable(
            frame=releases_frame(map(record, range(total))),
            state=TableState.READY,
            read_at=NOW,
            is_complete=True,
            sources=SourceState(names=("repo",), oldest_index=NOW),
        )

    def tell(self, revision: int) -> None:
        """One row changes, in a new frame as the inventory gives it."""
        frame = self.table.frame.copy()
        frame.loc[CHANGED, "revision"] = revision
        self.table.frame = frame

    def release(self, name: str) -> Release:
        """One of them."""
        key = ReleaseKey.parse(self.context, name)
        return Release(key=key, namespace=key.namespace, name=key.name)

    def key(self, name: str) -> ReleaseKey:
        """Its key."""
        return ReleaseKey.parse(self.context, name)

    def look(self) -> Callable[[], None]:
        """Nothing follows here."""
        return lambda: None

    def on_screen(self, viewer: object, names: Sequence[str]) -> None:
        """And nothing is read later."""


def record(number: int) -> ReleaseRecord:
    """One release, nine of ten deployed."""
    state = AvailabilityState.NEWER if number % 3 else AvailabilityState.CURRENT
    return ReleaseRecord(
        key=ReleaseKey("prod", "team-a", f"release-{number:05}"),
        revision=1,
        status="failed" if number % 10 == 9 else "deployed",
        chart=f"chart-{number % 12}",
        version=f"1.{number % 30}.0",
        app_version="2.0",
        updated=NOW - timedelta(seconds=number),
        description="Upgrade complete",
        availability=Availability(state=state, version="2.0.0" if number % 3 else "", source="repo" if number % 3 else "", step="major" if number % 3 else ""),
    )


class Revision(RequestHandler):
    """Changes one row."""

    def initialize(self, clusters: dict[int, Many]) -> None:
        """What can be changed."""
        self.clusters = clusters

    def check_xsrf_cookie(self) -> None:
        """Asked by the benchmark, not by a browser."""

    def post(self, total: str, revision: str) -> None:
        """The time first: what the views do with it is theirs."""
        now = time.time()
        self.clusters[int(total)].tell(int(revision))
        self.write(str(now))


def serve(totals: list[int]) -> None:
    """Until standard input ends, on any free port, which is printed."""
    # Its own port 0 will not do: the origin of websockets names the port.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    clusters = {total: Many(total) for total in totals}
    server = pn.serve(
        {f"/{total}": lambda cluster=cluster: page(cluster) for total, cluster in clusters.items()},
        port=port,
        address="127.0.0.1",
        websocket_origin=[f"127.0.0.1:{port}"],
        show=False,
        start=False,
        verbose=False,
        extra_patterns=[(r"/(\d+)/revision/(\d+)", Revision, {"clusters": clusters})],
    )
    server.start()
    print(f"http://127.0.0.1:{port}", flush=True)
    server.io_loop.asyncio_loop.add_reader(sys.stdin.fileno(), lambda: signal.raise_signal(signal.SIGINT))
    server.run_until_shutdown()


if __name__ == "__main__":
    serve([int(each) for each in sys.argv[1:]])
