"""helmpanel in a process of its own, as one run of a benchmark measures it: `python -m benchmarks.ours list|cold|follow KUBECONFIG [CONTEXT]`.

Prints one JSON object. `follow` prints a line when all is read, then answers `idle SECONDS` with the share of a core that it took in that time, and
`seen` with when (time.monotonic()) each release got its newest revision.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helmpanel import Cluster

VISIBLE = 25
PATIENCE_S = 600


def memory_kb(name: str) -> int:
    """VmRSS or VmHWM (its peak) of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def memory_before_kb(clear_refs: Path = Path("/proc/self/clear_refs")) -> int:
    """Memory from which growth is counted: what is held now, its peak forgotten.

    Where that is not allowed, as in some containers, it is the peak so far: growth then comes out too small rather than with the imports in it.
    """
    try:
        clear_refs.write_text("5")
    except OSError:
        return memory_kb("VmHWM")
    return memory_kb("VmRSS")


class Marks:
    """What the table of a cluster shows, and when it first did."""

    def __init__(self, cluster: Cluster) -> None:
        self.times: dict[str, float] = {}
        self.revisions: dict[str, tuple[int, float]] = {}
        """Name to its revision and when the frame first had it; kept by `follow` only."""
        self._cluster = cluster
        self._visible: list[str] = []
        cluster.table.param.watch(self._seen, ["frame", "is_complete"])

    def follow(self) -> None:
        """From now on note when revisions change."""
        self._note()
        self._cluster.table.param.watch(lambda _: self._note(), ["frame"])

    def _seen(self, *_: object) -> None:
        now, table = time.monotonic(), self._cluster.table
        if "first" not in self.times and len(table.frame):
            self.times["first"] = now
            self._visible = list(table.frame.index[:VISIBLE])
            self._cluster.on_screen(self, self._visible)
        if "charts" not in self.times and self._visible and (table.frame["chart"].reindex(self._visible) != "").all():
            self.times["charts"] = now
        if "complete" not in self.times and table.is_complete:
            self.times["complete"] = now

    def _note(self) -> None:
        now, revisions = time.monotonic(), self._cluster.table.frame["revision"]
        for name, revision in zip(revisions.index, revisions.tolist(), strict=True):
            if self.revisions.get(name, (0, 0.0))[0] != revision:
                self.revisions[name] = (revision, now)


async def reading(marks: Marks, cluster: Cluster) -> Callable[[], None]:
    """Look until everything is read; what ends the look."""
    stop, end = cluster.look(), time.monotonic() + PATIENCE_S
    await cluster.ready()
    while "complete" not in marks.times or "charts" not in marks.times:
        if time.monotonic() > end:
            raise SystemExit(f"Not complete after {PATIENCE_S} s: the table is {cluster.table.state}, {cluster.table.error}, and has {marks.times}.")
        await asyncio.sleep(0.01)
    return stop


async def listing(kubeconfig: str, context: str | None) -> dict[str, object]:
    """One reading, from connect() to the complete frame."""
    import aiohttp  # noqa: F401
    import orjson  # noqa: F401
    import pandas  # noqa: F401

    from helmpanel.cluster import connect

    before, begun = memory_before_kb(), time.monotonic()
    cluster = connect(kubeconfig=kubeconfig, context=context)
    marks = Marks(cluster)
    stop = await reading(marks, cluster)
    grown = memory_kb("VmHWM") - before
    stop()
    await cluster.close()
    if "panel" in sys.modules:
        raise SystemExit("Reading releases imported Panel: the figures are those of a process without it.")
    return {name: at - begun for name, at in marks.times.items()} | {"growth_kb": grown, "releases": len(cluster.table.frame)}


async def first_rows(kubeconfig: str, context: str | None) -> dict[str, object]:
    """The moment of the first rows of a process that has just been started: whoever started it knows when."""
    from helmpanel import connect

    cluster = connect(kubeconfig=kubeconfig, context=context)
    marks = Marks(cluster)
    stop = cluster.look()
    await cluster.ready()
    stop()
    await cluster.close()
    return {"first": marks.times["first"]}


async def following(kubeconfig: str, context: str | None) -> None:
    """Follow the cluster and answer, until standard input ends."""
    from helmpanel.cluster import connect

    cluster = connect(kubeconfig=kubeconfig, context=context)
    marks = Marks(cluster)
    stop = await reading(marks, cluster)
    marks.follow()
    print(len(cluster.table.frame), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked, *rest = line.split()
        if asked == "idle":
            begun, used = time.monotonic(), time.process_time()
            await asyncio.sleep(float(rest[0]))
            print((time.process_time() - used) / (time.monotonic() - begun), flush=True)
        else:
            print(json.dumps(marks.revisions), flush=True)
    stop()
    await cluster.close()


def main(what: str, kubeconfig: str, context: str | None = None) -> None:
    """One run."""
    if what == "follow":
        asyncio.run(following(kubeconfig, context))
    else:
        print(json.dumps(asyncio.run((listing if what == "list" else first_rows)(kubeconfig, context))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
