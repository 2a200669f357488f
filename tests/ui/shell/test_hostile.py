"""Whatever a cluster holds is text: nothing of it runs in the browser. The dialogs are driven in tests/ui/dialogs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from helmpanel.sandbox import Sandbox
from tests.processes import Served
from tests.ui.shell.screen import Screen
from tests.ui.shell.storage import secret

HOSTILE = "<img src=x onerror=window.hacked=1>"


def stored(name: str) -> dict[str, object]:
    """A release whose every word is an attack, as the cluster would hold it."""
    release = {
        "name": name,
        "namespace": "default",
        "version": 1,
        "info": {"status": HOSTILE, "description": HOSTILE, "first_deployed": "2026-11-01T10:00:00Z", "last_deployed": "2026-11-01T10:00:00Z"},
        "chart": {"metadata": {"name": HOSTILE, "version": HOSTILE, "appVersion": HOSTILE, "apiVersion": "v2"}, "templates": [], "values": {}},
        "config": {HOSTILE: HOSTILE},
        "manifest": f"# {HOSTILE}\n",
    }
    return secret(release)


def test_hostile_text_in_the_table_is_shown_and_never_runs(page: Page, serve: Callable[..., Served], sandbox: Sandbox, helm4: Path):
    sandbox.put(stored("one"), stored("two"))
    screen = Screen(page, serve("serve", "--port", "0", env={"HELMPANEL_HELM": str(helm4)}).url)
    expect(page.get_by_role("button", name="one", exact=True)).to_be_visible()
    expect(screen.rows.filter(has_text=HOSTILE).first).to_be_visible()
    screen.search(HOSTILE)
    expect(page.get_by_text("2 releases")).to_be_visible()
    screen.search(HOSTILE + "nowhere")
    screen.says("No release matches")
    assert page.evaluate("() => window.hacked") is None
