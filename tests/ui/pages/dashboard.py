"""The dashboard as a person uses it, whether it stands on a page of its own, in a notebook or in an iframe.

Controllers speak in words and roles, never in CSS classes: what a test reads is what a person, or a screen reader, finds.
"""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.waiting import eventually

OPERATION_TIMEOUT_MS = 120_000
"""An operation on the sandbox takes a few seconds; on a busy machine, many."""
LOAD_TIMEOUT_MS = 90_000
"""A page of a server that has just started, beside everything else that starts."""

Surface = Page | FrameLocator | Locator
"""Where a dashboard stands: a page of its own, an iframe in one, a cell's output."""


class FormPage:
    """An open dialog."""

    def __init__(self, surface: Surface, title: str | re.Pattern[str]) -> None:
        self.surface = surface
        self.dialog = surface.get_by_role("dialog", name=title, exact=isinstance(title, str))
        expect(self.dialog).to_be_visible(timeout=LOAD_TIMEOUT_MS)

    def press(self, button: str | re.Pattern[str]) -> None:
        """Press a button by its name."""
        self.dialog.get_by_role("button", name=button).first.click()

    def dismiss(self) -> None:
        """Close it with its cross."""
        self.dialog.get_by_role("button", name="Close", exact=True).first.click()
        expect(self.dialog).to_have_count(0)

    def expect_text(self, text: str | re.Pattern[str]) -> None:
        """A text stands in the dialog."""
        expect(self.dialog.get_by_text(text).first).to_be_visible()


class UpgradeFormPage(FormPage):
    """Upgrade: versions, values, options."""

    def choose_version(self, version: str) -> None:
        """Choose a version of the list."""
        _choose(self.dialog.get_by_role("radiogroup", name="Version").get_by_role("radio", name=re.compile(rf"^{re.escape(version)}\b")))

    def choose_mode(self, card: str) -> None:
        """Choose a card of the values."""
        _choose(self.dialog.get_by_role("radiogroup", name="Values").get_by_role("radio", name=re.compile(f"^{re.escape(card)}")))

    def edit_values(self, text: str) -> None:
        """Replace the editor's text as typing would."""
        show = self.dialog.get_by_role("button", name="Show and edit")
        expect(show.or_(self.editor()).first).to_be_visible(timeout=LOAD_TIMEOUT_MS)
        if show.count():
            show.click()
        editor = self.dialog.get_by_role("textbox", name=re.compile("values", re.IGNORECASE))
        editor.focus()
        page = editor.page
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)

    def values(self) -> str:
        """The text of the editor, shown first when it was masked."""
        show = self.dialog.get_by_role("button", name="Show and edit")
        expect(show.or_(self.editor()).first).to_be_visible(timeout=LOAD_TIMEOUT_MS)
        if show.count():
            show.click()
        return self.editor().input_value()

    def editor(self) -> Locator:
        """The editor of the values."""
        return self.dialog.get_by_role("textbox", name=re.compile("values", re.IGNORECASE))

    def primary(self) -> Locator:
        """The button that carries the plan out."""
        return self.dialog.get_by_role("button", name=re.compile("^Upgrade to|^Upgrade "))

    def confirm(self) -> None:
        """Carry it out."""
        expect(self.primary()).to_be_enabled()
        self.primary().click()


def _choose(choice: Locator) -> None:
    expect(choice).to_be_enabled(timeout=LOAD_TIMEOUT_MS)  # what it is about may still be read
    choice.check(force=True)  # its own circle is drawn by its label


class RollbackFormPage(FormPage):
    """Roll back: now and target side by side."""

    def confirm(self) -> None:
        """Carry it out."""
        button = self.dialog.get_by_role("button", name=re.compile("^Roll back to revision"))
        expect(button).to_be_enabled(timeout=LOAD_TIMEOUT_MS)
        button.click()


class UninstallFormPage(FormPage):
    """Uninstall: what goes, what stays, the name to type."""

    def type_name(self, text: str) -> None:
        """Type into the confirmation."""
        self.dialog.get_by_role("textbox", name=re.compile("^Type ")).press_sequentially(text)

    def primary(self) -> Locator:
        """The button that uninstalls."""
        return self.dialog.get_by_role("button", name=re.compile("^Uninstall "))

    def confirm(self) -> None:
        """Carry it out."""
        expect(self.primary()).to_be_enabled(timeout=LOAD_TIMEOUT_MS)
        self.primary().click()


class DetailsPage(FormPage):
    """Details: five tabs."""

    def open_tab(self, name: str) -> Locator:
        """Open a tab; its panel."""
        self.dialog.get_by_role("tab", name=re.compile(f"^{name}")).click()
        panel = self.dialog.get_by_role("tabpanel", name=re.compile(f"^{name}"))
        expect(panel).to_be_visible()
        return panel


class DashboardPage:
    """The whole dashboard."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface

    # The table.

    def row(self, name: str) -> Locator:
        """A release's row."""
        return self.surface.get_by_role("row").filter(has=self.surface.get_by_role("button", name=name, exact=True))

    def names(self) -> list[str]:
        """Names of the releases on this page of the table, in order."""
        labels = self.surface.get_by_role("button", name=re.compile("^View details of ")).evaluate_all(
            "all => all.map(e => e.getAttribute('aria-label') || e.title)"
        )
        return [label.removeprefix("View details of ") for label in labels]

    def expect_release(self, name: str) -> None:
        """It is listed."""
        expect(self.row(name)).to_be_visible(timeout=LOAD_TIMEOUT_MS)

    def expect_no_release(self, name: str) -> None:
        """It is not listed (any more); while the pointer or the focus is in the table its row may still stand there and say that it is gone."""
        expect(self.row(name).filter(has_not=self.surface.get_by_role("gridcell", name="Gone", exact=True))).to_have_count(0, timeout=OPERATION_TIMEOUT_MS)

    def expect_names(self, *names: str) -> None:
        """Exactly these releases are on this page of the table, in this order."""
        eventually(lambda: self.names() == list(names))

    def expect_version(self, name: str, version: str) -> None:
        """The row shows a chart version."""
        expect(self.row(name).get_by_role("gridcell", name=re.compile(rf"^{re.escape(version)}\b"))).to_be_visible(timeout=OPERATION_TIMEOUT_MS)

    def expect_status(self, name: str, word: str) -> None:
        """The row's status word."""
        expect(self.row(name).get_by_role("gridcell").nth(1)).to_have_text(word, timeout=OPERATION_TIMEOUT_MS)

    def expect_ready(self, name: str, words: str) -> None:
        """The row's cell in the column Ready, as a screen reader has it; a regular expression."""
        expect(self.row(name).locator(".c-ready")).to_have_text(re.compile(words))

    def expect_revision(self, name: str, revision: int) -> None:
        """The row's revision."""
        expect(self.row(name).get_by_role("gridcell", name=str(revision), exact=True)).to_be_visible(timeout=OPERATION_TIMEOUT_MS)

    # How fresh it is.

    def live_state(self, words: str) -> Locator:
        """The state of what is shown, when it begins with one of these words; pressing it reads anew."""
        return self.surface.get_by_role("button", name=re.compile(rf"^(?:{words})\b"))

    def expect_live(self) -> None:
        """The rows are those of the cluster, now."""
        expect(self.live_state("Live")).to_be_visible(timeout=LOAD_TIMEOUT_MS)

    def expect_stale(self) -> None:
        """The cluster cannot be read, and the screen says so."""
        expect(self.live_state("Stale")).to_be_visible(timeout=LOAD_TIMEOUT_MS)

    def stale_s(self) -> int:
        """Seconds for which changes may be missing, as the screen counts them; 0 when it does not call itself stale."""
        told = self.live_state("Stale")
        found = re.match(r"Stale (\d+) (s|min)\b", told.inner_text()) if told.count() else None
        return int(found[1]) * (60 if found[2] == "min" else 1) if found else 0

    def checkbox(self, name: str) -> Locator:
        """What selects a release."""
        return self.surface.get_by_role("checkbox", name=f"Select {name}", exact=True)

    def expect_selected(self, *names: str) -> None:
        """Exactly these releases of this page are selected: ticked, and said to be to a screen reader."""
        ticked = self.surface.get_by_role("checkbox", name=re.compile("^Select (?!all)"), checked=True)
        eventually(lambda: [label.removeprefix("Select ") for label in ticked.evaluate_all("all => all.map(e => e.ariaLabel)")] == list(names))
        expect(self.surface.get_by_role("grid", name="Releases").locator("[role=row][aria-selected=true]")).to_have_count(len(names))

    # Filters.

    def search(self, text: str) -> None:
        """Type into the search field."""
        self.surface.get_by_role("textbox", name=re.compile("^Search releases")).fill(text)

    def press_status(self, word: str) -> None:
        """Press a tile of the summary."""
        self.surface.get_by_role("group", name="Filter by status").get_by_role("button", name=re.compile(f"^{word}")).click()

    def expect_count(self, word: str, count: int) -> None:
        """A tile's number."""
        tile = self.surface.get_by_role("group", name="Filter by status").get_by_role("button", name=re.compile(f"^{word}"))
        expect(tile).to_have_text(re.compile(rf"{count}\s*$"))

    # Actions.

    def upgrade_button(self, name: str) -> Locator:
        """Upgrade in a release's row."""
        return self.row(name).get_by_role("button", name=re.compile(rf"^Upgrade {re.escape(name)}$"))

    def upgrade(self, name: str) -> UpgradeFormPage:
        """Open the upgrade dialog from the row."""
        self.expect_release(name)
        self.upgrade_button(name).click()
        return UpgradeFormPage(self.surface, f"Upgrade {name}")

    def upgrade_to(self, name: str, version: str) -> None:
        """Upgrade to a version of the list, with everything else as the form proposes it."""
        form = self.upgrade(name)
        form.choose_version(version)
        form.confirm()

    def details(self, name: str) -> DetailsPage:
        """Open the details by the name."""
        self.expect_release(name)
        self.row(name).get_by_role("button", name=name, exact=True).click()
        return DetailsPage(self.surface, name)

    def rollback_form(self, name: str) -> RollbackFormPage:
        """The rollback dialog that something opened."""
        return RollbackFormPage(self.surface, re.compile(f"^Roll back {re.escape(name)}"))

    def progress(self, title: str) -> FormPage:
        """The dialog of a running operation."""
        return FormPage(self.surface, title)

    def confirmation(self, title: str) -> FormPage:
        """A question."""
        return FormPage(self.surface, title)

    def roll_back(self, name: str) -> RollbackFormPage:
        """Open the rollback dialog from the row's menu."""
        self.menu(name, "^Roll back")
        return RollbackFormPage(self.surface, re.compile(f"^Roll back {re.escape(name)}"))

    def uninstall(self, name: str) -> UninstallFormPage:
        """Open the uninstall dialog from the row's menu."""
        self.menu(name, "^Uninstall")
        return UninstallFormPage(self.surface, re.compile(f"^Uninstall {re.escape(name)}"))

    def menu(self, name: str, item: str) -> None:
        """Choose from a row's menu."""
        self.expect_release(name)
        self.row(name).get_by_role("button", name=f"More actions for {name}").click()
        self.surface.get_by_role("menuitem", name=re.compile(item)).click()

    # What ended.

    @property
    def notifications(self) -> Locator:
        """Notifications on the screen, of every kind."""
        return self.surface.get_by_role("status", name="Notifications").or_(self.surface.get_by_role("alert", name="Errors"))

    def expect_notification(self, text: str | re.Pattern[str]) -> None:
        """A notification with this text appears."""
        expect(self.notifications.filter(has_text=text).first).to_be_visible(timeout=OPERATION_TIMEOUT_MS)

    def expect_no_dialog(self) -> None:
        """Nothing covers the table."""
        expect(self.surface.get_by_role("dialog")).to_have_count(0)

    def notification(self, text: str | re.Pattern[str]) -> Locator:
        """Single notifications that say this."""
        return self.notifications.get_by_text(text)

    def notification_action(self, word: str) -> Locator:
        """What a notification offers."""
        return self.notifications.get_by_role("button", name=word).first

    def expect_text(self, text: str | re.Pattern[str]) -> None:
        """A text is on the screen."""
        expect(self.surface.get_by_text(text).first).to_be_visible(timeout=OPERATION_TIMEOUT_MS)

    def expect_operation(self, name: str) -> None:
        """A running operation in the strip."""
        expect(self.surface.get_by_role("region", name="Operations").get_by_text(name).first).to_be_visible(timeout=OPERATION_TIMEOUT_MS)
