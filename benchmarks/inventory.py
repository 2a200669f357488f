"""What it costs to read all releases and to follow them, beside `helm list` on the same cluster in the same minutes.

    python -m benchmarks.inventory [--kubeconfig F --context C] [--releases N --revisions M] [--runs K] [--json] [--helm PATH]

Without a kubeconfig it seeds a sandbox with payloads as large as real ones; with one it only reads that cluster. Time starts at connect() in a warm
process without Panel.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.figure import Figure, Part, p95, replaced, rounded, told
from benchmarks.processes import Child, child, helm4, helm_list, told_by
from benchmarks.relay import counted

RELEASES, REVISIONS, RUNS = 1_000, 5, 5
SIZES = ((1_000, 5), (5_000, 5))
"""What docs/performance.md shows."""
CHANGES = 100
IDLE_S = 20
LATEST_CHANGE_S = 30


@dataclass(frozen=True, slots=True)
class Goals:
    """What a cluster of some size should reach, beside helm in the same run; None: nothing is said of it."""

    sooner: float | None = None
    complete_sooner: float | None = None
    growth_share: float | None = None
    growth_mb: float | None = None
    kb_a_release: float | None = None
    charts_ms: float | None = None
    idle_percent: float | None = None


def goals(releases: int) -> Goals:
    """Those of 1,000 releases, or of 5,000; a handful says nothing of either."""
    if releases >= 3_000:
        return Goals(sooner=60, growth_mb=150)
    if releases >= 500:
        return Goals(sooner=100, complete_sooner=12, growth_share=0.1, kb_a_release=25, charts_ms=100, idle_percent=1)
    return Goals()


@dataclass(frozen=True, slots=True)
class Run:
    """helm and helmpanel once, one after the other."""

    helm_s: float
    helm_rss_mb: float
    first_s: float
    charts_s: float
    complete_s: float
    growth_mb: float
    releases: int


def reading(runs: list[Run]) -> Iterator[Figure]:
    """Figures of the runs: medians, and medians of what each run's own pair compares as."""

    def median(values: Iterator[float]) -> float:
        return rounded(statistics.median(values))

    count = runs[0].releases
    goal = goals(count)
    yield Figure(name="releases", value=count, unit="", what="as both list them")
    yield Figure(name="helm_list_s", value=median(run.helm_s for run in runs), unit="s", what="`helm list -A -o json --max 0`")
    yield Figure(name="first_rows_s", value=median(run.first_s for run in runs), unit="s", what="connect() to the first rows")
    yield Figure(
        name="first_rows_sooner", value=median(run.helm_s / run.first_s for run in runs), unit="x", goal=goal.sooner, is_floor=True, what="than `helm list`"
    )
    charts = median((run.charts_s - run.first_s) * 1000 for run in runs)
    yield Figure(name="charts_after_rows_ms", value=charts, unit="ms", goal=goal.charts_ms, what="first rows to the charts of 25 visible rows")
    yield Figure(name="complete_s", value=median(run.complete_s for run in runs), unit="s", what="connect() to the complete frame")
    sooner = median(run.helm_s / run.complete_s for run in runs)
    yield Figure(name="complete_sooner", value=sooner, unit="x", goal=goal.complete_sooner, is_floor=True, what="than `helm list`")
    yield Figure(name="helm_rss_mb", value=median(run.helm_rss_mb for run in runs), unit="MB", what="peak memory of `helm list`")
    yield Figure(name="growth_mb", value=median(run.growth_mb for run in runs), unit="MB", goal=goal.growth_mb, what="peak memory less what was there before")
    share = median(run.growth_mb / run.helm_rss_mb for run in runs)
    yield Figure(name="growth_share", value=share, unit="of helm's", goal=goal.growth_share, what="growth as a share of helm's memory")
    each = median(run.growth_mb * 1024 / run.releases for run in runs)
    yield Figure(name="growth_kb_a_release", value=each, unit="KB", goal=goal.kb_a_release, what="growth for each release")


def figures(
    kubeconfig: str | None, helm: str, *, context: str | None = None, releases: int = RELEASES, revisions: int = REVISIONS, runs: int = RUNS
) -> Iterator[Figure]:
    """Of a given cluster, or of a sandbox with so many releases."""
    with ExitStack() as stack:
        box = None if kubeconfig else stack.enter_context(child("box", releases, revisions))
        config = kubeconfig or box.line()
        theirs = ["--kubeconfig", config, *(["--kube-context", context] if context else [])]
        ours = [config, *([context] if context else [])]
        found = [_run(helm, theirs, ours) for _ in range(runs)]
        yield from reading(found)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helmpanel-bench-")))
        yield from received(*_bytes_received(helm, config, context, folder), releases=found[-1].releases)
        yield from _cold(ours, runs)
        yield from _following(ours, box, releases)


def parts(kubeconfig: str | None, helm: str) -> Iterator[Part]:
    """For `make bench`: title, command and figures."""
    command = "python -m benchmarks.inventory"
    if kubeconfig:
        yield "The cluster named", f"{command} --kubeconfig FILE", figures(kubeconfig, helm)
        return
    for releases, revisions in SIZES:
        size = f"{releases:,} releases with {revisions} revisions each"
        named = replaced(figures(None, helm, releases=releases, revisions=revisions), f"_{releases}")
        yield size, f"{command} --releases {releases} --revisions {revisions}", named


def _run(helm: str, theirs: list[str], ours: list[str]) -> Run:
    listed = helm_list(helm, theirs)
    read = told_by("ours", "list", *ours)
    if listed.count != read["releases"]:
        print(f"helm lists {listed.count} releases and helmpanel {read['releases']}: something changes them meanwhile.", file=sys.stderr)
    return Run(listed.seconds, listed.rss_mb, read["first"], read["charts"], read["complete"], read["growth_kb"] / 1024, read["releases"])


def _bytes_received(helm: str, config: str, context: str | None, folder: Path) -> tuple[int, int]:
    """What helm and helmpanel get from the API for one listing each, through a relay: not in a run whose time is taken."""
    copy, counts = folder / "counted.yaml", []
    for listing in (lambda: helm_list(helm, ["--kubeconfig", str(copy)]), lambda: told_by("ours", "list", str(copy))):
        with counted(Path(config), context, copy) as counter:
            listing()
            counts.append(counter.received)
    helms, ours = counts
    return helms, ours


def received(helms: int, ours: int, *, releases: int) -> Iterator[Figure]:
    """Figures of the bytes on the wire."""
    yield Figure(name="helm_received_mb", value=rounded(helms / 1e6), unit="MB", what="bytes that `helm list` gets from the API")
    yield Figure(name="received_mb", value=rounded(ours / 1e6), unit="MB", what="bytes that helmpanel gets until complete")
    yield Figure(name="received_share", value=rounded(ours / helms), unit="of helm's", what="bytes received as a share of helm's")
    if releases:
        yield Figure(name="received_kb_a_release", value=rounded(ours / 1024 / releases), unit="KB", what="bytes received for each release")


def _cold(ours: list[str], runs: int) -> Iterator[Figure]:
    times = []
    for _ in range(runs):
        begun = time.monotonic()
        times.append(told_by("ours", "cold", *ours)["first"] - begun)
    yield Figure(name="cold_first_rows_s", value=rounded(statistics.median(times)), unit="s", what="start of Python to the first rows, imports included")


def _following(ours: list[str], box: Child | None, releases: int) -> Iterator[Figure]:
    with child("ours", "follow", *ours) as follower:
        count = int(follower.line())
        # Small clusters are for trying this out: nobody waits long for them.
        idle_s = min(IDLE_S, max(1, count / 50))
        time.sleep(idle_s / 10)
        share = float(follower.ask(f"idle {idle_s}"))
        yield Figure(
            name="idle_cpu", value=rounded(share * 100), unit="% of a core", goal=goals(count).idle_percent, what=f"while nothing changes, over {idle_s:g} s"
        )
        if box is None:
            print("The figure of a change was left out: a cluster named by --kubeconfig is only read.", file=sys.stderr)
            return
        yield Figure(name="change_p95_ms", value=_changes(follower, box, releases), unit="ms", goal=100, what="the API has a change to the frame has it, p95")


def _changes(follower: Child, box: Child, releases: int) -> float:
    from benchmarks.seeding import Seeds

    seeds, stored, chance = Seeds(releases, 1, []), {}, random.Random(1)
    for number in range(min(CHANGES, releases)):
        stored["/".join(seeds.name(number))] = float(box.ask(f"upgrade {number}"))
        time.sleep(chance.uniform(0.05, 0.15))
    seen = seen_changes(follower, stored)
    return rounded(p95([(seen[name][1] - at) * 1000 for name, at in stored.items()]))


class Asked(Protocol):
    """What answers questions: a Child."""

    def ask(self, text: str) -> str:
        """Say a line to it; its answer."""
        ...


def seen_changes(follower: Asked, stored: dict[str, float], *, patience_s: float = LATEST_CHANGE_S) -> dict[str, tuple[int, float]]:
    """When each change came into the frame. One that takes seconds is a bad figure, and not the end of all others."""
    end = time.monotonic() + patience_s
    while True:
        seen: dict[str, tuple[int, float]] = json.loads(follower.ask("seen"))
        late = [name for name, at in stored.items() if seen[name][1] < at]
        if not late:
            return seen
        if time.monotonic() > end:
            raise RuntimeError(f"{len(late)} of {len(stored)} changes did not come into the frame within {patience_s:g} s: {late[:3]}")
        time.sleep(0.2)


def at_least_one(text: str) -> int:
    """A number of releases, revisions or runs."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inventory", description="Reading and following releases, beside `helm list`.")
    parser.add_argument("--kubeconfig", help="measure this cluster (it is only read) in place of the sandbox")
    parser.add_argument("--context", help="of the kubeconfig; its current one")
    parser.add_argument("--releases", type=at_least_one, default=RELEASES, help="of the sandbox (%(default)s)")
    parser.add_argument("--revisions", type=at_least_one, default=REVISIONS, help="of each release (%(default)s)")
    parser.add_argument("--runs", type=at_least_one, default=RUNS, help="of helm and of helmpanel, alternating (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--helm", help="the helm to compare with; Helm 4")
    chosen = parser.parse_args()
    found = figures(chosen.kubeconfig, helm4(chosen.helm), context=chosen.context, releases=chosen.releases, revisions=chosen.revisions, runs=chosen.runs)
    return told(found, is_json=chosen.json)


if __name__ == "__main__":
    sys.exit(main())
