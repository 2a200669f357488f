"""The shell of the dashboard as a person finds it: by roles and words."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.ui.pages.dashboard import LOAD_TIMEOUT_MS

FLASHES = """
() => {
  window.flashed = []
  const visit = node => {
    for (const element of node.querySelectorAll("*")) if (element.shadowRoot) visit(element.shadowRoot)
    new MutationObserver(changes => {
      for (const { target } of changes) if (target.classList.contains("flash")) window.flashed.push(target.querySelector(".name").textContent)
    }).observe(node, { subtree: true, attributes: true, attributeFilter: ["class"] })
  }
  visit(document)
}
"""


class Screen:
    """One page with the dashboard on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        expect(page.get_by_role("heading", name="helmpanel")).to_be_visible(timeout=LOAD_TIMEOUT_MS)

    def listed(self) -> Screen:
        """Wait for the releases."""
        expect(self.rows.first).to_be_visible(timeout=LOAD_TIMEOUT_MS)
        return self

    @property
    def rows(self) -> Locator:
        """Rows of releases on this page of the table."""
        return (
            self.page.get_by_role("grid", name="Releases").get_by_role("row").filter(has=self.page.get_by_role("button", name=re.compile("^View details of ")))
        )

    def names(self) -> list[str]:
        """Names on this page of the table, in order."""
        return [text.strip() for text in self.page.locator("[role=gridcell].c-name").all_inner_texts()]

    def tile(self, word: str) -> Locator:
        """A count of the summary."""
        return self.page.get_by_role("group", name="Filter by status").get_by_role("button", name=re.compile(rf"^{word}"))

    def count(self, word: str) -> int:
        """Its number."""
        return self.counts()[word]

    def counts(self) -> dict[str, int]:
        """The numbers of all tiles, as they stood at one moment."""
        tiles = self.page.get_by_role("group", name="Filter by status").get_by_role("button").all_inner_texts()
        found = [re.search(r"^(\w+)[^\d]*([\d,]+)\s*$", text) for text in tiles]
        return {one[1]: int(one[2].replace(",", "")) for one in found if one}

    def watch_flashes(self) -> None:
        """From now on: which rows flash."""
        self.page.evaluate(FLASHES)

    def flashed(self) -> set[str]:
        """Names of those that did."""
        return set(self.page.evaluate("() => window.flashed"))

    def search(self, text: str) -> None:
        """Type into the search."""
        self.page.get_by_role("textbox", name=re.compile("^Search releases")).fill(text)

    def header(self, word: str) -> Locator:
        """A column's heading."""
        return self.page.get_by_role("columnheader", name=word, exact=True)

    def sort_by(self, word: str) -> None:
        """Press a column's heading."""
        self.header(word).get_by_role("button").click()

    def footer(self, text: str) -> None:
        """The table's foot says this."""
        expect(self.page.get_by_text(text, exact=True)).to_be_visible()

    def says(self, *texts: str) -> None:
        """All of this stands on the screen."""
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible(timeout=LOAD_TIMEOUT_MS)

    def focused(self) -> str:
        """Name of what has the focus."""
        return self.page.evaluate(
            """() => {
              let at = document.activeElement
              while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement
              return at ? at.getAttribute("aria-label") || at.textContent.trim() : ""
            }"""
        )

    def background(self) -> str:
        """Colour behind everything."""
        return self.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
