"""JupyterLab, as a person drives it: open a notebook, run its cells."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.ui.looks import serious_faults

KERNEL_TIMEOUT_MS = 90_000


class JupyterLabPage:
    """One notebook in a real JupyterLab."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address.split("/lab")[0].rstrip("/")

    def open(self, notebook: str) -> JupyterLabPage:
        """Open a notebook of the served folder and wait for its kernel."""
        self.page.goto(f"{self.address}/lab/tree/{notebook}?reset")
        self.page.locator(".jp-Notebook").wait_for(timeout=KERNEL_TIMEOUT_MS)
        return self._has_kernel()

    def load_anew(self) -> JupyterLabPage:
        """Load the page again without saving; the kernel goes on."""
        self.page.reload()
        self.page.locator(".jp-Notebook").wait_for(timeout=KERNEL_TIMEOUT_MS)
        expect(self.page.locator(".jp-OutputArea-output")).to_have_count(0)
        return self._has_kernel()

    def _has_kernel(self) -> JupyterLabPage:
        # On a machine that is busy, the lab asks which kernel before it knows that there is one.
        asked = self.page.get_by_role("button", name="Select Kernel")
        self.page.add_locator_handler(asked, lambda: asked.click())
        # The status bar's word is the kernel's own; the toolbar shows an idle ring before there is a kernel.
        expect(self.page.get_by_text(re.compile(r"\| Idle$"))).to_be_visible(timeout=KERNEL_TIMEOUT_MS)
        return self

    def run_all(self) -> JupyterLabPage:
        """Run > Run All Cells."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        return self

    def choose_theme(self, name: str) -> None:
        """Settings > Theme > NAME, and wait until the page has it."""
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        for entry in ("Theme", name):
            self.page.get_by_text(entry, exact=True).last.click()
        expect(self.page.locator(f"body[data-jp-theme-name='{name}']")).to_have_count(1)

    def save(self) -> None:
        """File > Save Notebook, and wait until it is."""
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url):
            self.page.get_by_role("menuitem", name="File", exact=True).click()
            self.page.get_by_text("Save Notebook", exact=True).click()

    @property
    def cells(self) -> Locator:
        """Code cells, in order."""
        return self.page.locator(".jp-CodeCell")

    def expect_no_error(self) -> None:
        """No cell shows a traceback."""
        expect(self.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)

    def faults_of_output(self) -> list[str]:
        """What is wrong with what the cells show, in a light and in a dark notebook; the lab around it is not ours. It is left light."""
        found = []
        for is_light in ("false", "true"):
            # What JupyterLab's own themes say.
            self.page.evaluate("is_light => { document.body.dataset.jpThemeLight = is_light }", is_light)
            expect(self.page.locator(".jp-OutputArea-output .hp-dark")).to_have_count(int(is_light == "false"))
            found += [f"light={is_light}: {fault}" for fault in serious_faults(self.page, ".jp-OutputArea-output")]
        return found
