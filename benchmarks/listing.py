"""What it costs to read all releases, beside `helm list` on the same cluster in the same minute."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.cluster import many_releases
from benchmarks.figure import Figure, median_s

RELEASES, REVISIONS, ROUNDS = 300, 5, 5


def figures(kubeconfig: str | None, helm: str) -> Iterator[Figure]:
    """Of a given cluster, or of 300 releases with 5 revisions each in the sandbox."""
    with ExitStack() as stack:
        config = kubeconfig or stack.enter_context(many_releases(RELEASES, REVISIONS))
        command = [helm, "list", "--all-namespaces", "--max", "0", "--output", "json", "--kubeconfig", config]
        theirs = median_s(lambda: subprocess.run(command, check=True, capture_output=True), ROUNDS)
        first, again, count = asyncio.run(_ours(config, helm))
    where = f"{count} releases" + ("" if kubeconfig else f" with {REVISIONS} revisions each in the sandbox")
    yield Figure(name="helm_list_s", value=round(theirs, 4), unit="s", what=f"`helm list -A` of {where}")
    yield Figure(name="first_listing_s", value=round(first, 4), unit="s", what="from connect() to the first listing, Kubernetes client and TLS included")
    yield Figure(name="listing_s", value=round(again, 4), unit="s", what="reading the listing again")
    yield Figure(
        name="listing_ratio", value=round(again / theirs, 3), unit="of helm list", goal=0.25, what="reading the listing again, as a share of `helm list`"
    )


async def _ours(kubeconfig: str, helm: str) -> tuple[float, float, int]:
    import helmpanel

    begun = time.perf_counter()
    async with helmpanel.connect(kubeconfig=kubeconfig, helm=helm) as cluster:
        await cluster.ready()
        first = time.perf_counter() - begun
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            await cluster.refresh()
            times.append(time.perf_counter() - begun)
        return first, statistics.median(times), len(cluster.releases)
