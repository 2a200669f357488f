"""Serves made-up releases in numbers that no sandbox holds: /COUNT for each COUNT given, /COUNT/cell as a notebook shows them.

POST /COUNT/news with `{"changed": {name: revision}, "new": [name], "gone": [name], "storm": n}` is what a watch would tell; `storm` changes the first
rows that many times in a row, twice as often as a viewer is told. GET /holds is how often browsers have said that somebody is in a table.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace

import panel as pn
from tornado.web import RequestHandler

from helmpanel.dashboard import Dashboard, page
from helmpanel.model.records import ReleaseRecord
from helmpanel.views import listing
from helmpanel.views.arrangement import Arrangement
from tests.unit.views.fake_cluster import FakeCluster, record

NAMESPACE = "team-a"


class Many(FakeCluster):
    """A cluster of so many releases, `release-00000` and on."""

    def __init__(self, total: int) -> None:
        self.releases: dict[str, ReleaseRecord] = {}
        for number in range(total):
            name = f"release-{number:05}"
            status = "failed" if number % 10 == 9 else "deployed"
            self.releases[name] = record(name, NAMESPACE, status=status, version=f"1.{number % 30}.0", newer="2.0.0" if number % 3 else "", age_s=number)
        super().__init__(self.releases.values())

    def tell(self, *, changed: dict[str, int], new: list[str], gone: list[str]) -> None:
        """A watch's news."""
        for name, revision in changed.items():
            self.releases[name] = replace(self.releases[name], revision=revision)
        for name in new:
            self.releases[name] = record(name, NAMESPACE)
        for name in gone:
            del self.releases[name]
        self.read(self.releases.values())


class News(RequestHandler):
    """Takes news for one cluster."""

    def initialize(self, clusters: dict[int, Many]) -> None:
        self.clusters = clusters

    def check_xsrf_cookie(self) -> None:
        """Asked by the test, not by a browser."""

    async def post(self, total: str) -> None:
        told = json.loads(self.request.body)
        cluster = self.clusters[int(total)]
        for number in range(told.get("storm", 0)):
            cluster.tell(changed={f"release-{number % 25:05}": number + 2}, new=[], gone=[])
            await asyncio.sleep(0.05)
        cluster.tell(changed=told.get("changed", {}), new=told.get("new", []), gone=told.get("gone", []))


class Counted(Arrangement):
    """Counts what it is told."""

    holds = 0

    def hold(self) -> None:
        Counted.holds += 1
        super().hold()


class Holds(RequestHandler):
    """Answers the count."""

    def get(self) -> None:
        self.write(str(Counted.holds))


def serve(port: int, totals: list[int]) -> None:
    """Until SIGINT."""
    clusters = {total: Many(total) for total in totals}
    pages = {f"/{total}": lambda cluster=cluster: page(cluster) for total, cluster in clusters.items()}
    pages |= {f"/{total}/cell": lambda cluster=cluster: Dashboard(cluster, is_cell=True).__panel__() for total, cluster in clusters.items()}
    listing.Arrangement = Counted
    server = pn.serve(
        pages,
        port=port,
        address="127.0.0.1",
        websocket_origin=[f"127.0.0.1:{port}"],
        show=False,
        start=False,
        verbose=False,
        extra_patterns=[(r"/(\d+)/news", News, {"clusters": clusters}), (r"/holds", Holds)],
    )
    server.start()
    print(f"http://127.0.0.1:{port}", flush=True)
    server.run_until_shutdown()


if __name__ == "__main__":
    serve(int(sys.argv[1]), [int(each) for each in sys.argv[2:]])
