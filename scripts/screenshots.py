"""What `make screenshots` does: a picture of every screen, on the demo, into docs/images. `screenshots.py PATTERN` takes those that match."""

from __future__ import annotations

import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP))

from tests.conftest import private_environment  # noqa: E402  # the folder above is on the path from here on
from tests.processes import Served  # noqa: E402
from tests.relay import Relay  # noqa: E402
from tests.ui.pages.dashboard import DashboardPage  # noqa: E402
from tests.ui.pages.jupyterlab import JupyterLabPage  # noqa: E402
from tests.ui.pictures import CHANGING, NOTEBOOK, STALE, STATES, THEMES, WIDE, all_files, file_name, widths  # noqa: E402
from tests.ui.screens import SCREENS, stands_still  # noqa: E402

if TYPE_CHECKING:
    from helmpanel.sandbox.demo import Demo

IMAGES = TOP / "docs" / "images"
SLOW = 'podAnnotations:\n  fake-kubelet/ready-after: "300"\n'
"""Values with which the sandbox takes its time to make a release ready."""


class Camera:
    """Takes the wanted pictures with one browser."""

    def __init__(self, browser: Browser, wanted: re.Pattern[str]) -> None:
        self._browser = browser
        self._wanted = wanted

    def wants(self, *screens: str, width: int | None = None) -> bool:
        """Whether a picture of these screens is to be taken (in a window of this width)."""
        return any(
            self._wanted.search(file_name(screen, theme, each)) for screen in screens for theme in THEMES for each in widths(screen) if width in (None, each)
        )

    @contextmanager
    def page(self, width: int = WIDE) -> Iterator[Page]:
        """A viewer of its own."""
        context = self._browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        yield context.new_page()
        context.close()

    def take(self, page: Page, screen: str, width: int) -> None:
        """Save what is on the screen once it stands still, in both themes."""
        for theme in THEMES:
            name = file_name(screen, theme, width)
            if self._wanted.search(name):
                page.emulate_media(color_scheme=theme)
                page.wait_for_function("dark => document.documentElement.classList.contains('hp-dark') === dark", arg=theme == "dark")
                self.save(page, name)

    def take_each_width(self, page: Page, screen: str) -> None:
        """The same in windows of all its widths, where getting there again would be dear."""
        for width in widths(screen):
            page.set_viewport_size({"width": width, "height": 900})
            self.take(page, screen, width)
        page.set_viewport_size({"width": WIDE, "height": 900})

    def save(self, page: Page, name: str) -> None:
        """Save the window as it is."""
        page.mouse.move(0, 0)
        stands_still(page)
        # 256 colours hold a screen of ours, and the files are a third as long. Chosen otherwise, they would lose those of the few dots of a status.
        taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        taken.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
        print(name, flush=True)


def screens(camera: Camera, url: str) -> None:
    """Every screen that changes nothing."""
    for name, steps in SCREENS.items():
        for width in widths(name):
            if camera.wants(name, width=width):
                with camera.page(width) as page:
                    page.goto(url)
                    dashboard = DashboardPage(page)
                    dashboard.expect_release("airflow")
                    steps(page, dashboard)
                    camera.take(page, name, width)


def changing(camera: Camera, url: str) -> None:
    """An upgrade that fails, then one that is cancelled."""
    with camera.page() as page:
        page.goto(url)
        dashboard = DashboardPage(page)
        dashboard.search("superset")
        dashboard.upgrade_to("superset", "0.15.0")
        dashboard.expect_notification("superset was not upgraded")
        dashboard.expect_no_dialog()
        dashboard.search("")
        dashboard.expect_text(re.compile("^43 releases$"))
        camera.take_each_width(page, "toast")
        dashboard.notification_action("Open log").click()
        log = dashboard.progress("superset was not upgraded")
        log.expect_text("Error: UPGRADE FAILED")
        camera.take_each_width(page, "log")
        log.dismiss()

        form = dashboard.upgrade("airflow")
        form.choose_version("1.16.0")
        form.edit_values(SLOW)
        form.confirm()
        progress = dashboard.progress("Upgrading airflow")
        progress.expect_text(re.compile("^Waiting for (Deployment|StatefulSet)"))
        camera.take_each_width(page, "progress")
        progress.press("Go on working")
        dashboard.expect_no_dialog()
        camera.take_each_width(page, "strip")
        page.get_by_role("button", name="Cancel: Upgrade airflow").click()
        question = dashboard.confirmation("Cancel the upgrade of airflow?")
        camera.take_each_width(page, "cancel")
        question.press("Cancel the upgrade")
        dashboard.expect_notification("The upgrade of airflow was cancelled")


def states(camera: Camera, env: dict[str, str], folder: Path) -> None:
    """What stands in place of the list when there is none."""
    from helmpanel.sandbox import Sandbox

    with Sandbox(context="demo") as box, socket.socket() as closed:
        box.grant("mara", verbs=["get"], resources=["pods"])
        closed.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        nowhere = folder / "nowhere.yaml"
        nowhere.write_text(box.kubeconfig.read_text(encoding="utf-8").replace(box.host_port, f"127.0.0.1:{closed.getsockname()[1]}"), encoding="utf-8")
        cases = {
            "empty": (box.kubeconfig, "No releases in demo"),
            "forbidden": (box.kubeconfig_for("mara"), "You may not list releases in demo"),
            "unreachable": (nowhere, "demo does not answer"),
        }
        for name, (kubeconfig, title) in cases.items():
            if camera.wants(name):
                with served(["-m", "helmpanel", "serve", "--port", "0", "--kubeconfig", str(kubeconfig)], env) as url, camera.page() as page:
                    page.goto(url)
                    DashboardPage(page).expect_text(title)
                    camera.take_each_width(page, name)


def stale(camera: Camera, cluster: Demo, env: dict[str, str], folder: Path) -> None:
    """The releases as they were when the cluster was heard last."""
    with Relay(cluster.box.host_port) as network:
        kubeconfig = network.kubeconfig(cluster.box.kubeconfig, folder / "away.yaml")
        with served(["-m", "helmpanel", "serve", "--port", "0", "--kubeconfig", str(kubeconfig)], env) as url, camera.page() as page:
            page.goto(url)
            dashboard = DashboardPage(page)
            dashboard.expect_live()
            dashboard.expect_release("airflow")
            with network.away():
                dashboard.expect_stale()
                camera.take_each_width(page, STALE)


def notebook(camera: Camera, env: dict[str, str], folder: Path) -> None:
    """The dashboard in a cell of JupyterLab, whose theme it follows."""
    shutil.copytree(TOP / "notebooks", folder / "notebooks")
    homes = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    settings = folder / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}', encoding="utf-8")
    argv = ["-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0", "--IdentityProvider.token=", "--LabApp.news_url="]
    argv += [f"--ServerApp.root_dir={folder / 'notebooks'}", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with served(argv, {**env, **homes, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}) as url, camera.page() as page:
        lab = JupyterLabPage(page, url).open("01-releases.ipynb").run_all()
        DashboardPage(page).expect_release("airflow")
        # The files beside it say nothing here, and the cell gets their room.
        page.keyboard.press("Control+b")
        for theme in THEMES:
            lab.choose_theme(f"JupyterLab {theme.capitalize()}")
            camera.save(page, file_name(NOTEBOOK, theme, WIDE))


@contextmanager
def served(argv: list[str], env: dict[str, str]) -> Iterator[str]:
    """Address of a server of this Python, which ends with the block."""
    server = Served([sys.executable, *argv], env)
    try:
        yield server.wait()
    finally:
        server.stop()


def main() -> int:
    """All pictures, or those whose name holds the pattern given."""
    from helmpanel.helm import managed
    from helmpanel.sandbox.demo import Demo

    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    expect.set_options(timeout=60_000)
    IMAGES.mkdir(parents=True, exist_ok=True)
    for old in {path.name for path in IMAGES.iterdir()} - set(all_files()):
        (IMAGES / old).unlink()
    browser_path = subprocess.run([sys.executable, str(TOP / "scripts" / "browser.py")], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helmpanel-screenshots-")))
        env = {**private_environment(folder / "home"), "HELMPANEL_HELM": str(managed.fetch(4)), "PYTHONUNBUFFERED": "1"}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"])
        stack.callback(browser.close)
        camera = Camera(browser, wanted)
        if camera.wants(*SCREENS, *CHANGING):
            url = stack.enter_context(served(["-m", "helmpanel", "demo", "--port", "0"], env))
            screens(camera, url)
            if camera.wants(*CHANGING):
                changing(camera, url)
        if camera.wants(*STATES):
            states(camera, env, folder)
        if camera.wants(STALE, NOTEBOOK):
            cluster = stack.enter_context(Demo())
            there = {**env, **cluster.environment}
            if camera.wants(STALE):
                stale(camera, cluster, there, folder)
            if camera.wants(NOTEBOOK):
                notebook(camera, there, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
