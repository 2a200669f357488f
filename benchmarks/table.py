"""What the table costs in the browser: `python -m benchmarks.table [--rows N] [--json]`.

Chromium shows a dashboard of made-up releases that a server in a process of its own serves. Times are taken inside the page, by measuring.js.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from benchmarks.figure import Figure, Part, p95, rounded, told
from benchmarks.processes import TOP, child

ROWS = (1_000, 10_000, 50_000)
FEW = 100
"""What many rows are compared with."""
RUNS, CHANGES = 5, 8
GOAL_ROWS = 10_000
TYPED = "-00037"
_TIMEOUT_MS = 120_000
_SETTLING_S = 0.3


@dataclass(frozen=True, slots=True)
class Viewed:
    """One fresh page: milliseconds, and bytes that came over its websocket."""

    first_ms: float
    open_ms: float
    filter_ms: float
    changes_ms: tuple[float, ...]
    load_bytes: int
    change_bytes: float
    filter_bytes: int


class Wire:
    """Bytes that a page gets over its websocket."""

    def __init__(self, page: Page) -> None:
        self._heard = 0
        self._page = page
        page.on("websocket", self._connected)

    def since(self, before: int = 0) -> int:
        """Bytes so far, less those of `before`; what is still on its way is waited for."""
        self._page.wait_for_timeout(250)
        return self._heard - before

    def _connected(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        self._heard += len(payload.encode() if isinstance(payload, str) else payload)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless one: HELMPANEL_TEST_BROWSER, or what scripts/browser.py finds."""
    done = subprocess.run([sys.executable, str(TOP / "scripts" / "browser.py")], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("No browser: see the message of scripts/browser.py above.")
    switches = ["--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run"]
    switches += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=done.stdout.strip().splitlines()[-1], args=switches)
        yield started
        started.close()


def viewed(browser: Browser, url: str, first_revision: int) -> Viewed:
    """Load a page, change a row some times, type a filter."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.add_init_script(path=Path(__file__).with_name("measuring.js"))
    context.set_default_timeout(_TIMEOUT_MS)
    page = context.new_page()
    wire = Wire(page)
    page.goto(url)
    first, whole = page.evaluate("benchmark.first()")
    loaded = wire.since()
    changes = []
    for revision in range(first_revision, first_revision + CHANGES):
        page.evaluate("revision => benchmark.expect(revision)", revision)
        with urlopen(Request(f"{url}/revision/{revision}", method="POST"), timeout=60) as answer:
            changed = float(answer.read())
        changes.append(page.evaluate("benchmark.seen()") - changed * 1000)
    changed_bytes = wire.since(loaded)
    filtered = page.evaluate("text => benchmark.filter(text)", TYPED)
    filter_bytes = wire.since(loaded + changed_bytes)
    context.close()
    # The server ends the session: not while the next page is measured.
    time.sleep(_SETTLING_S)
    return Viewed(first, whole, filtered, tuple(changes), loaded, changed_bytes / CHANGES, filter_bytes)


def of(rows: int, views: Sequence[Viewed], few: Sequence[Viewed]) -> Iterator[Figure]:
    """Figures of so many rows, beside those of few."""

    def median(name: str, beside: Sequence[Viewed] = views) -> float:
        return statistics.median(getattr(view, name) for view in beside)

    is_goal = rows == GOAL_ROWS
    for name, since, goal in (("first", "assets loaded", 1.2), ("open", "the address asked for (its assets included)", None)):
        yield Figure(name=f"{name}_row_ms_{rows}", value=rounded(median(f"{name}_ms")), unit="ms", what=f"{since} to the first row painted")
        ratio = rounded(median(f"{name}_ms") / median(f"{name}_ms", few))
        yield Figure(name=f"{name}_row_ratio_{rows}", value=ratio, unit=f"of {FEW} rows", goal=goal if is_goal else None, what=f"the same, beside {FEW} rows")
    yield Figure(
        name=f"filter_ms_{rows}", value=rounded(median("filter_ms")), unit="ms", goal=200 if is_goal else None, what="search typed to its rows painted"
    )
    late = rounded(p95([each for view in views for each in view.changes_ms]))
    yield Figure(name=f"change_p95_ms_{rows}", value=late, unit="ms", goal=500, what="one changed row told to painted, p95")
    for name, what in (("load", "the page and its first rows"), ("filter", "one search"), ("change", "one changed row")):
        yield Figure(name=f"{name}_kb_{rows}", value=rounded(median(f"{name}_bytes") / 1024), unit="KB", what=f"over the websocket for {what}")


def figures(rows: Sequence[int] = ROWS, runs: int = RUNS) -> Iterator[Figure]:
    """Each number of rows in turn, in fresh contexts, alternating with few rows."""
    with child("many", *{FEW, *rows}) as server, chromium() as browser:
        url, revision = server.line(), 2

        def view(total: int) -> Viewed:
            nonlocal revision
            revision += CHANGES
            return viewed(browser, f"{url}/{total}", revision)

        # The first of each fills caches of the server.
        for total in (FEW, *rows):
            view(total)
        for total in rows:
            # A handful of rows is for trying this out: nobody waits long for them.
            # And each goes first in turn: what the one leaves behind the other must not pay for each time.
            orders = [(FEW, total), (total, FEW)] * runs
            pairs = [[(each, view(each)) for each in order] for order in orders[: runs if total >= FEW else 1]]
            views = [seen for pair in pairs for seen in pair]
            yield from of(total, [seen for shown, seen in views if shown == total], [seen for shown, seen in views if shown == FEW])


def parts(_kubeconfig: str | None, _helm: str) -> Iterator[Part]:
    """For `make bench`: title, command and figures, which depend neither on a cluster nor on helm."""
    for rows in ROWS:
        yield f"The browser at {rows:,} rows", f"python -m benchmarks.table --rows {rows}", figures((rows,))


def main() -> int:
    """Measure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description="The table in Chromium.")
    parser.add_argument("--rows", type=int, help="only so many rows (1,000, 10,000 and 50,000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    return told(figures((chosen.rows,) if chosen.rows else ROWS), is_json=chosen.json)


if __name__ == "__main__":
    sys.exit(main())
