"""What `make screenshots` does: a picture of every screen, on the demo, into docs/images."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP))

from tests.conftest import private_environment  # noqa: E402  # the folder above is on the path from here on
from tests.processes import Served  # noqa: E402
from tests.ui.pages.dashboard import DashboardPage  # noqa: E402
from tests.ui.pages.jupyterlab import JupyterLabPage  # noqa: E402
from tests.ui.screens import SCREENS, stands_still  # noqa: E402

IMAGES = TOP / "docs" / "images"


NARROW = ("releases", "details-info", "details-history", "upgrade", "uninstall")


@contextmanager
def new_page(browser: Browser, *, dark: bool, width: int) -> Iterator[Page]:
    """A viewer of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", reduced_motion="reduce")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def picture(page: Page, name: str) -> None:
    """Save what is on the screen once it stands still."""
    page.mouse.move(0, 0)
    stands_still(page)
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    print(f"{name}.png", flush=True)


def screens(browser: Browser, url: str, wanted: re.Pattern[str]) -> None:
    """Every screen, light and dark, and some of them narrow."""
    for theme in ("light", "dark"):
        for name, steps in SCREENS.items():
            for width in (1440, 400) if name in NARROW else (1440,):
                full = f"{name}-{theme}{'' if width == 1440 else f'-{width}'}"
                if wanted.search(full):
                    with new_page(browser, dark=theme == "dark", width=width) as page:
                        page.goto(url)
                        dashboard = DashboardPage(page)
                        dashboard.expect_release("airflow")
                        steps(page, dashboard)
                        picture(page, full)


def running(browser: Browser, url: str) -> None:
    """An upgrade on its way, in its dialog and in the strip: the last pictures, since they change the cluster."""
    with new_page(browser, dark=False, width=1440) as page:
        page.goto(url)
        dashboard = DashboardPage(page)
        form = dashboard.upgrade("airflow")
        form.choose_version("1.16.0")
        form.confirm()
        expect(page.get_by_role("progressbar").first).to_be_visible()
        picture(page, "progress-light")
        page.keyboard.press("Escape")
        picture(page, "strip-light")


def notebook(browser: Browser, env: dict[str, str], folder: Path) -> None:
    """The dashboard in a cell of JupyterLab."""
    shutil.copytree(TOP / "notebooks", folder / "notebooks")
    homes = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    settings = folder / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}', encoding="utf-8")
    argv = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0", "--IdentityProvider.token=", "--LabApp.news_url="]
    argv += [f"--ServerApp.root_dir={folder / 'notebooks'}", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    lab = Served(argv, {**env, **homes, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"})
    try:
        address = lab.wait()
        with new_page(browser, dark=False, width=1440) as page:
            JupyterLabPage(page, address).open("01-releases.ipynb").run_all()
            DashboardPage(page).expect_release("airflow")
            # The files beside it say nothing here, and the cell gets their room.
            page.keyboard.press("Control+b")
            picture(page, "notebook-light")
    finally:
        lab.stop()


def main() -> int:
    """All pictures, or those whose name holds the pattern given."""
    from helmpanel.helm import managed
    from helmpanel.sandbox.demo import Demo

    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    IMAGES.mkdir(parents=True, exist_ok=True)
    browser_path = subprocess.run([sys.executable, str(TOP / "scripts" / "browser.py")], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helmpanel-screenshots-")))
        env = {**private_environment(folder / "home"), "HELMPANEL_HELM": str(managed.fetch(4)), "PYTHONUNBUFFERED": "1"}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"])
        stack.callback(browser.close)
        demo = Served([sys.executable, "-m", "helmpanel", "demo", "--port", "0"], env)
        stack.callback(demo.stop)
        url = demo.wait()
        screens(browser, url, wanted)
        if wanted.search("progress-light") or wanted.search("strip-light"):
            running(browser, url)
        if wanted.search("notebook-light"):
            with Demo() as cluster:
                notebook(browser, {**env, **cluster.environment}, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
