"""The dialogs in a real browser, on the demo. Nothing here is carried out but one upgrade at the end: the flows have tests of their own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from helmpanel.sandbox.demo import Demo
from helmpanel.text import DOTS
from tests.conftest import Helm, private_environment
from tests.processes import Served
from tests.ui.pages.dashboard import DashboardPage, FormPage, UpgradeFormPage

HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script> --help"


@dataclass(frozen=True)
class Place:
    """A served dashboard over the demo, and the helm that made its releases."""

    url: str
    helm: Helm
    env: dict[str, str]


@pytest.fixture(scope="module")
def place(helm4_binary: Helm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Releases with believable text, and one whose description and values are hostile."""
    env = {**private_environment(tmp_path_factory.mktemp("dialogs")), "HELMPANEL_HELM": str(helm4_binary.path), "PYTHONUNBUFFERED": "1"}
    with Demo(ready_delay_s=0.3) as demo:
        env.update(demo.environment)
        hostile = f"note: '{HOSTILE}'\nauth:\n  password: s3cr3t-on-stage\n\"<b>key</b>\": 1\n"
        helm4_binary.run(
            "upgrade", "gitea", "infrastructure/gitea", "--version", "12.0.0", "--namespace", "identity", "--reset-values", "-f", "-",
            "--description", HOSTILE, env=env, stdin=hostile,
        )  # fmt: skip
        served = Served([sys.executable, "-m", "helmpanel", "serve", "--port", "0"], env)
        yield Place(served.wait(), helm4_binary, env)
        served.stop()


@pytest.fixture
def dashboard(page: Page, place: Place) -> DashboardPage:
    page.goto(place.url)
    return DashboardPage(page)


def not_hacked(page: Page) -> None:
    assert page.evaluate("() => window.hacked") is None


def discard(form: FormPage) -> None:
    """Cancel, and let typed text go."""
    form.press("Cancel")
    FormPage(form.surface, "Discard your edits?").press("Discard")
    expect(form.dialog).to_have_count(0)


def editor_text(form: UpgradeFormPage) -> str:
    return form.dialog.get_by_role("textbox", name="Your values as YAML").input_value()


def test_hostile_text_shows_as_text_in_every_dialog(page: Page, dashboard: DashboardPage):
    details = dashboard.details("gitea")
    details.expect_text(HOSTILE)
    for tab in ("Manifest", "Values", "History", "Notes"):
        details.dialog.get_by_role("tab", name=tab).click()
        expect(details.dialog.get_by_role("tabpanel", name=tab)).to_be_visible()
    details.dialog.get_by_role("tab", name="History").click()
    expect(details.dialog.get_by_role("tabpanel", name="History").get_by_text(HOSTILE)).to_be_visible()
    details.dismiss()
    form = dashboard.upgrade("gitea")
    form.edit_values(f"a: '{HOSTILE}'\n")
    form.dialog.get_by_role("tab", name="Changes").click()
    expect(form.dialog.get_by_role("tabpanel", name="Changes").get_by_text(HOSTILE).first).to_be_visible()
    form.dialog.get_by_role("textbox", name="Chart", exact=True).fill(HOSTILE)
    form.dialog.get_by_role("tab", name="Command").click()
    expect(form.dialog.get_by_role("tabpanel", name="Command").get_by_text("onerror=window.hacked").first).to_be_visible()
    form.press("Cancel")
    FormPage(page, "Discard your edits?").press("Discard")
    dashboard.expect_no_dialog()
    dashboard.menu("gitea", "Roll back")
    rollback = FormPage(page, re.compile("^Roll back gitea"))
    expect(rollback.dialog.get_by_text("<b>key</b>").first).to_be_visible()
    not_hacked(page)


def test_a_secret_reaches_the_browser_only_when_it_is_revealed_and_goes_again(page: Page, place: Place):
    received: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: received.append(frame if isinstance(frame, str) else frame.decode(errors="replace"))),
    )
    page.clock.install()
    page.goto(place.url)
    details = DashboardPage(page).details("gitea")
    details.dialog.get_by_role("tab", name="Values").click()
    expect(details.dialog.get_by_text(DOTS).first).to_be_visible()
    for tab in ("Manifest", "History", "Info", "Values"):
        details.dialog.get_by_role("tab", name=tab).click()
        expect(details.dialog.get_by_role("tabpanel", name=tab)).to_be_visible()
        page.clock.run_for(500)
    assert not any("s3cr3t-on-stage" in frame for frame in received)
    details.dialog.get_by_role("tabpanel", name="Values").get_by_role("button", name="Reveal secrets").click()
    expect(details.dialog.get_by_text("s3cr3t-on-stage")).to_be_visible()
    assert any("s3cr3t-on-stage" in frame for frame in received)
    page.clock.run_for(31_000)
    expect(details.dialog.get_by_text("s3cr3t-on-stage")).to_have_count(0)


def test_copy_gives_the_masked_text_while_it_is_masked(page: Page, dashboard: DashboardPage):
    details = dashboard.details("gitea")
    details.dialog.get_by_role("tab", name="Values").click()
    panel = details.dialog.get_by_role("tabpanel", name="Values")
    panel.get_by_role("button", name="Copy").first.click()
    expect(panel.get_by_text("Copied").first).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert f"password: {DOTS}" in copied
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download").first.click()
    assert download.value.suggested_filename == "gitea-values.yaml"
    assert "s3cr3t-on-stage" not in download.value.path().read_text()


def test_the_manifest_is_downloaded_masked_while_it_is_masked(page: Page, dashboard: DashboardPage, place: Place):
    stored = place.helm.run("get", "manifest", "gitea", "--namespace", "identity", env=place.env).stdout
    (secret,) = re.findall(r"^  password: \"?([^\s\"]+)", stored, re.MULTILINE)
    panel = dashboard.details("gitea").open_tab("Manifest")
    expect(panel.get_by_text(DOTS).first).to_be_visible()
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download").first.click()
    text = download.value.path().read_text()
    assert download.value.suggested_filename == "gitea-manifest.yaml"
    assert f'password: "{DOTS}"' in text
    assert secret not in text


def test_invalid_yaml_is_told_with_its_place_and_the_text_stays(dashboard: DashboardPage):
    form = dashboard.upgrade("jupyterhub")
    form.edit_values("hub:\n  replicas: [2\nother: 1\n")
    form.expect_text(re.compile(r"line \d+, column \d+"))
    expect(form.dialog.get_by_role("button", name="Upgrade to 4.2.0")).to_be_disabled()
    form.press("Go to line")
    assert editor_text(form) == "hub:\n  replicas: [2\nother: 1\n"
    form.edit_values("- a list\n")
    form.expect_text(re.compile("a list, but helm needs keys"))
    form.edit_values("hub:\n  replicas: 2\n")
    expect(form.dialog.get_by_role("button", name="Upgrade to 4.2.0")).to_be_enabled()
    discard(form)


def test_a_key_that_was_taken_out_is_named_and_the_third_way_offered(dashboard: DashboardPage):
    form = dashboard.upgrade("jupyterhub")
    form.edit_values("onlyThis: 1\n")
    form.expect_text(re.compile(r"removed keys? stays? stored|keys stay stored"))
    form.press("Use exactly the editor")
    expect(form.dialog.get_by_text(re.compile("stays? stored$"))).to_have_count(0)
    form.dialog.get_by_role("tab", name="Command").click()
    expect(form.dialog.get_by_role("tabpanel", name="Command")).to_contain_text("--reset-values")
    discard(form)


@pytest.mark.parametrize("way", ["Escape", "Close", "Cancel"])
def test_no_way_out_throws_typed_values_away_unasked(page: Page, dashboard: DashboardPage, way: str):
    form = dashboard.upgrade("jupyterhub")
    form.edit_values("mine: 1\n")
    if way == "Escape":  # at once: the server has not been told of the text yet
        page.keyboard.press("Escape")
    else:
        form.dialog.get_by_role("button", name=way, exact=True).click()
    question = FormPage(page, "Discard your edits?")
    expect(question.dialog.get_by_role("button", name="Go on editing")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question.dialog).to_have_count(0)
    assert editor_text(form) == "mine: 1\n"
    discard(form)
    dashboard.expect_no_dialog()


def test_a_megabyte_of_values_can_be_typed_and_looked_at(dashboard: DashboardPage):
    big = "".join(f"key{n}: {'x' * 60}\n" for n in range(15_000))
    form = dashboard.upgrade("jupyterhub")
    form.edit_values(big)
    form.expect_text("Your values, 15,000 lines, edited")
    expect(form.dialog.get_by_role("button", name="Upgrade to 4.2.0")).to_be_enabled(timeout=60_000)
    form.dialog.get_by_role("tab", name="Changes").click()
    expect(form.dialog.get_by_text(re.compile("more lines not shown"))).to_be_attached(timeout=60_000)
    form.dialog.get_by_role("tab", name="Values").click()
    assert len(editor_text(form)) == len(big)
    discard(form)


def test_uninstall_starts_at_cancel_and_wants_the_name(page: Page, dashboard: DashboardPage):
    dashboard.menu("harbor", "Uninstall")
    form = FormPage(page, "Uninstall harbor?")
    expect(form.dialog.get_by_role("button", name="Cancel", exact=True)).to_be_focused()
    form.expect_text("What goes")
    form.expect_text("What stays")
    go = form.dialog.get_by_role("button", name="Uninstall harbor")
    expect(go).to_be_disabled()
    form.dialog.get_by_role("textbox", name="Type harbor to confirm").fill("harbo")
    expect(go).to_be_disabled()
    form.dialog.get_by_role("textbox", name="Type harbor to confirm").fill("harbor")
    expect(go).to_be_enabled()
    form.press("Cancel")
    dashboard.expect_no_dialog()


def test_the_details_keep_their_height_on_every_tab(dashboard: DashboardPage):
    details = dashboard.details("jupyterhub")
    heights = set()
    for tab in ("Info", "Manifest", "Values", "History", "Notes"):
        details.dialog.get_by_role("tab", name=tab).click()
        expect(details.dialog.get_by_role("tabpanel", name=tab)).to_be_visible()
        heights.add(details.dialog.bounding_box()["height"])
    assert len(heights) == 1
    details.dismiss()


def test_rolling_back_from_the_history_lies_on_the_details(page: Page, dashboard: DashboardPage):
    details = dashboard.details("airflow")
    details.dialog.get_by_role("tab", name="History").click()
    details.press("Roll back to revision 12")
    rollback = FormPage(page, "Roll back airflow to revision 12?")
    expect(rollback.dialog.get_by_role("columnheader", name="Target, revision 12")).to_be_visible()
    expect(rollback.dialog.get_by_text("logLevel: warning")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rollback.dialog).to_have_count(0)
    details.expect_text("Revision 12")
    page.keyboard.press("Escape")
    dashboard.expect_no_dialog()


def test_another_source_and_version_can_be_named(dashboard: DashboardPage):
    form = dashboard.upgrade("jupyterhub")
    form.dialog.get_by_role("textbox", name="Chart", exact=True).fill("oci://registry.example.org/charts/jupyterhub")
    form.dialog.get_by_role("textbox", name="Version", exact=True).fill("9.9.9")
    form.dialog.get_by_role("tab", name="Command").click()
    expect(form.dialog.get_by_role("tabpanel", name="Command")).to_contain_text("oci://registry.example.org/charts/jupyterhub")
    expect(form.dialog.get_by_role("tabpanel", name="Command")).to_contain_text("--version 9.9.9")
    form.press("Cancel")


def test_what_was_typed_is_what_helm_stores(dashboard: DashboardPage, place: Place):
    """Ctrl Enter runs it, comments and order go to helm as typed, and the secret is on no command line of the log."""
    text = f"# mine\nzeta: 1\nauth:\n  password: new-s3cr3t\nalpha: '{HOSTILE}'\n"
    form = dashboard.upgrade("gitea")
    form.choose_mode("Exactly what is in the editor")
    form.edit_values(text)
    expect(form.primary()).to_be_enabled()
    form.dialog.page.keyboard.press("Control+Enter")
    dashboard.expect_notification(re.compile("gitea upgraded to"))
    stored = place.helm.run("get", "values", "gitea", "--namespace", "identity", env=place.env).stdout
    assert "password: new-s3cr3t" in stored
    assert HOSTILE in stored
    not_hacked(form.dialog.page)
