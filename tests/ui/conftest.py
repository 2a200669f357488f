"""The browser of the tests: real, offline, and strict about what pages say on the console."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, WebSocket, expect, sync_playwright

from tests.processes import Served
from tests.ui.pages.dashboard import LOAD_TIMEOUT_MS

TOP = Path(__file__).parent.parent.parent
FAILED = TOP / ".cache" / "ui-failures"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ACTION_TIMEOUT_MS = 15_000

expect.set_options(timeout=ACTION_TIMEOUT_MS)

# Every name and address but loopback is unknown to the browser, its own background services included.
OFFLINE = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below tests/ui, so that the second Python can leave it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.ui)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of each open page of a failed test."""
    report = yield
    guard = getattr(item, "_guard", None)
    if report.when == "call" and report.failed and guard is not None:
        report.sections.append(("browser", guard.pictures(item.name)))
    return report


def browser_path() -> str:
    """The Chromium that scripts/browser.py finds, or installs; it never skips."""
    named = os.environ.get("HELMPANEL_TEST_BROWSER")
    if named:
        return named
    done = subprocess.run([sys.executable, str(TOP / "scripts" / "browser.py")], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        pytest.fail("no browser: see the message of scripts/browser.py above", pytrace=False)
    return done.stdout.strip().splitlines()[-1]


# A module, not the session: Playwright's synchronous interface keeps an event loop running on the thread, and the asyncio tests of the
# same worker could not start theirs beside it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium that reaches nothing but loopback."""
    switches = ["--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run", f"--host-resolver-rules={OFFLINE}"]
    if os.geteuid() == 0:
        switches.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path(), args=switches)
        yield started
        started.close()


class Guard:
    """Watches every page of one test: what it asked for, and what it complained of."""

    def __init__(self) -> None:
        self.left: list[str] = []
        """Addresses outside loopback that a page asked for."""
        self.complaints: list[str] = []
        """Console errors and uncaught exceptions."""
        self._allowed: list[re.Pattern[str]] = []
        self._contexts: list[BrowserContext] = []

    def allow_console(self, pattern: str) -> None:
        """Expect console errors that match; say why beside the call."""
        self._allowed.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        """Listen to a context's pages from their first request on."""
        self._contexts.append(context)
        context.on("request", self._requested)
        context.on("page", lambda page: page.on("websocket", self._connected))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))

    def pictures(self, name: str) -> str:
        """Save a picture of every open page; where they are, and the last complaints."""
        FAILED.mkdir(parents=True, exist_ok=True)
        lines = []
        for number, page in enumerate(page for context in self._contexts for page in context.pages):
            path = FAILED / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', name)}-{number}.png"
            try:
                page.screenshot(path=path)
            except Error as cause:  # a page that hangs; raised from here it would end the whole run
                lines.append(f"{page.url}: no picture: {cause}")
            else:
                lines.append(f"{page.url}: {path.relative_to(TOP)}")
        return "\n".join([*lines, *self.complaints[-20:], *self.left[-20:]])

    def problems(self) -> list[str]:
        """What fails the test."""
        bad = [f"left loopback: {url}" for url in self.left]
        return bad + [f"console: {text}" for text in self.complaints if not any(p.search(text) for p in self._allowed)]

    def _requested(self, request: Request) -> None:
        self._check(request.url)

    def _connected(self, socket: WebSocket) -> None:
        self._check(socket.url)

    def _check(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss", "ftp") and address.hostname not in LOOPBACK:
            self.left.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def guard(request: pytest.FixtureRequest) -> Iterator[Guard]:
    """Fails the test when a page left loopback or complained on its console."""
    watching = Guard()
    request.node._guard = watching
    yield watching
    problems = watching.problems()
    assert not problems, "\n".join(problems)


class NewPage(Protocol):
    """How the `new_page` fixture is called."""

    def __call__(self, *, width: int = 1440, height: int = 900, dark: bool = False, moves: bool = False, touch: bool = False) -> Page: ...


@pytest.fixture
def new_page(browser: Browser, guard: Guard, serve: Callable[..., Served]) -> Iterator[NewPage]:
    """Makes pages, each in a context of its own: as many viewers as a test wants. They go before the servers that `serve` started do."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = 1440, height: int = 900, dark: bool = False, moves: bool = False, touch: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            # Without a graphics card each moving skeleton keeps a core busy.
            reduced_motion="no-preference" if moves else "reduce",
            permissions=["clipboard-read", "clipboard-write"],
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(ACTION_TIMEOUT_MS)
        context.set_default_navigation_timeout(LOAD_TIMEOUT_MS)
        contexts.append(context)
        guard.watch(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One viewer, 1440 wide, light."""
    return new_page()


@pytest.fixture
def serve(helm_home: dict[str, str]) -> Iterator[Callable[..., Served]]:
    """Starts `python -m helmpanel ARGS` (or any argv below it) in the private environment and waits for its address."""
    running: list[Served] = []

    def start(*args: str, env: Mapping[str, str] | None = None, argv: list[str] | None = None) -> Served:
        served = Served(argv or [sys.executable, "-m", "helmpanel", *args], {**helm_home, "PYTHONUNBUFFERED": "1", **(env or {})})
        running.append(served)
        served.wait()
        return served

    yield start
    for served in running:
        served.stop()
