"""The browser of the tests is offline and strict: these tests hold the other tests' guard."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page

from .conftest import Guard


@pytest.fixture(scope="module")
def empty_page() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!doctype html><link rel=icon href='data:,'><title>x</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_quiet_page_on_loopback_passes(page: Page, guard: Guard, empty_page: str):
    page.goto(empty_page)
    assert page.evaluate("fetch(location.href).then(r => r.status)") == 200
    assert guard.problems() == []


@pytest.mark.parametrize("url", ["http://elsewhere.invalid/x.js", "https://192.0.2.1/x.js", "http://elsewhere.invalid:8080/"])
def test_a_request_that_leaves_loopback_is_stopped_and_fails_the_test(page: Page, guard: Guard, empty_page: str, url: str):
    page.goto(empty_page)
    outcome = page.evaluate("url => fetch(url, {mode: 'no-cors'}).then(() => 'answered', () => 'stopped')", url)
    assert outcome == "stopped"
    assert guard.left == [url]
    guard.left.clear()
    guard.allow_console("net::ERR_")  # the stopped request itself


def test_a_websocket_that_leaves_loopback_is_stopped_and_fails_the_test(page: Page, guard: Guard, empty_page: str):
    page.goto(empty_page)
    outcome = page.evaluate(
        "new Promise(done => { const s = new WebSocket('ws://elsewhere.invalid/ws'); s.onopen = () => done('open'); s.onerror = () => done('stopped') })"
    )
    assert outcome == "stopped"
    assert guard.left == ["ws://elsewhere.invalid/ws"]
    guard.left.clear()
    guard.allow_console("WebSocket connection")  # the stopped request itself


def test_a_console_error_or_an_uncaught_exception_fails_the_test(page: Page, guard: Guard, empty_page: str):
    page.goto(empty_page)
    page.evaluate("console.error('broken'); setTimeout(() => { throw new Error('lost') })")
    page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 50))")
    broken, lost = guard.problems()
    assert broken.startswith("console: broken (")
    assert lost.startswith("console: uncaught: ")
    assert "lost" in lost
    guard.allow_console("broken|lost")  # what this test is about


def test_a_page_that_gives_no_picture_fails_its_test_only(page: Page, guard: Guard, empty_page: str, monkeypatch: pytest.MonkeyPatch):
    page.goto(empty_page)

    def hangs(**_asked: object) -> bytes:
        raise Error("Timeout 15000ms exceeded.")

    monkeypatch.setattr(page, "screenshot", hangs)
    assert guard.pictures("a-test") == f"{empty_page}: no picture: Timeout 15000ms exceeded."
