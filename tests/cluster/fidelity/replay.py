"""Carries a scenario out: the recorded commands again, with the same helm, against the sandbox."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.waiting import eventually

from .calls import Call
from .charts import write_charts
from .recording import Row
from .server import BACKGROUND, Server
from .steps import Ask, Begin, End, NextSecond, Prepare, Recorded, Step

COMMAND_DEADLINE_S = 90.0


class Replay:
    """One helm major, its folder, its homes and the server it talks to."""

    def __init__(self, helm: Path, major: int, folder: Path, server: Server, repository: str, recorded: Mapping[str, Row]) -> None:
        self._helm, self._major, self._server, self._repository, self._recorded = helm, major, server, repository, recorded
        self._charts = folder / "charts"
        self._files = folder / "files"
        for path in (self._charts / "repo", self._files):
            path.mkdir(parents=True)
        self._env = {
            "PATH": os.environ["PATH"],
            "TZ": "UTC",
            "NO_PROXY": "*",
            "HOME": str(folder / "home"),
            **{f"HELM_{kind}_HOME": str(folder / "helm" / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")},
        }
        self._kubeconfigs = {f"<kubeconfig.{user}>": str(server.kubeconfig_for(user)) for user in ("viewer", "nobody")}
        self._kubeconfigs["<badtok.kubeconfig>"] = str(self._with_wrong_token(server.kubeconfig_for("viewer")))
        self._words = {"ns": f"h{major}", "x": f"x{major}", "repo": repository}
        self._background: subprocess.Popen[str] | None = None
        self._background_calls: list[Call] = []
        self.paths = {str(self._charts): "<charts>"}
        self.replayed: dict[str, Row] = {}
        self.beside: dict[str, list[Call]] = {}

    def carry_out(self, steps: Iterable[Step]) -> None:
        """Run every step; what the recorded commands said is in `replayed` afterwards.

        `beside` then holds, for each row that ran while helm was busy in the background, the calls of that helm.
        """
        self._run(["create", "demo"])
        write_charts(self._charts, self._major)
        try:
            for step in steps:
                self._step(step)
        finally:
            if self._background is not None:
                self._background.kill()
                self._background.communicate()

    def _step(self, step: Step) -> None:
        match step:
            case Recorded():
                self._again(step)
            case Prepare():
                self._run(self._arguments(step.command.split()))
            case Begin():
                self._begin(step)
            case End():
                assert self._background is not None
                self._background.send_signal(step.signal)
                self._finish()
            case Ask():
                self._ask(step)
            case NextSecond():
                time.sleep(1 - time.time() % 1)

    def _again(self, step: Recorded) -> None:
        row = self._recorded[step.name]
        argv = self._arguments(step.args) if step.args else row.argv
        env = {name: self._kubeconfigs.get(value, value) for name, value in row.env.items()}
        mark = self._server.mark()
        done = self._run(argv, env, step.stdin)
        calls = self._server.calls_since(mark)
        self.replayed[step.name] = Row(
            name=step.name,
            command=row.command,
            env=row.env,
            rc=done.returncode,
            stdout=done.stdout,
            stderr=done.stderr,
            calls=tuple(call for call in calls if call.user != BACKGROUND),
        )
        if self._background is not None:
            self.beside[step.name] = self._background_calls

    def _arguments(self, args: Iterable[str]) -> list[str]:
        return [argument.format(**self._words) for argument in args]

    def _run(self, argv: list[str], env: Mapping[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._helm), *argv],
            cwd=self._charts,
            env=self._environment("admin") | dict(env or {}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_DEADLINE_S,
            check=False,
        )

    def _environment(self, user: str) -> dict[str, str]:
        return self._env | {"KUBECONFIG": str(self._server.kubeconfig_for(user))}

    def _begin(self, step: Begin) -> None:
        """Start helm as a user of its own, so that its calls can be told from those of the commands beside it."""
        mark = self._server.mark()
        self._background_calls = []
        self._background = subprocess.Popen(
            [str(self._helm), *self._arguments(step.command.split())],
            cwd=self._charts,
            env=self._environment(BACKGROUND),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._background_mark = mark
        helm = self._background

        def has_called() -> bool:
            assert helm.poll() is None, f"helm {step.command} ended before it waited: {helm.communicate()}"
            return any(call.verb == step.verb and f"/{step.resource}" in call.target for call in self._calls_of_background())

        eventually(has_called, f"helm {step.command} makes a {step.verb} of {step.resource}")

    def _calls_of_background(self) -> list[Call]:
        calls = self._server.calls_since(self._background_mark)
        return [call.by("admin") for call in calls if call.user == BACKGROUND]

    def _finish(self) -> None:
        assert self._background is not None
        self._background.communicate(timeout=COMMAND_DEADLINE_S)
        self._background_calls += self._calls_of_background()
        self._background = None

    def _ask(self, step: Ask) -> None:
        """A request as the administrator, as kubectl made it."""
        config = yaml.safe_load(Path(self._server.kubeconfig_for("admin")).read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        request = urllib.request.Request(
            cluster["server"] + step.path.format(**self._words),
            method=step.method,
            data=json.dumps(step.body).encode() if step.body else None,
            headers={"Authorization": f"Bearer {user['token']}", "Content-Type": step.content_type, "User-Agent": "kubectl"},
        )
        with urllib.request.urlopen(request, context=_tls(cluster), timeout=COMMAND_DEADLINE_S) as answer:
            answer.read()

    def _with_wrong_token(self, kubeconfig: Path) -> Path:
        config = yaml.safe_load(kubeconfig.read_text())
        config["users"][0]["user"]["token"] = "wrong"
        wrong = self._files / "badtok.kubeconfig"
        wrong.write_text(yaml.safe_dump(config))
        return wrong


def _tls(cluster: Mapping[str, str]) -> ssl.SSLContext:
    if "certificate-authority" in cluster:
        return ssl.create_default_context(cafile=cluster["certificate-authority"])
    return ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())


@contextmanager
def chart_repository(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback as a chart repository; gives its URL."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{web.server_address[1]}"
        finally:
            web.shutdown()
            thread.join()
