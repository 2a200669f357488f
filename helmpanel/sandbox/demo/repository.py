"""Chart repositories on loopback, with an index built here."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from helmpanel.sandbox.demo.chart import Chart

_DAY = timedelta(days=1)


def index_text(charts: Sequence[Chart], *, newest: datetime | None = None, days_between: int = 24) -> str:
    """index.yaml over the charts; those named first of one name count as the newest.

    Args:
        charts: Every version, newest first within one name.
        newest: When the first version of each chart was published; None for five days ago.
        days_between: Days between two versions.
    """
    newest = newest or datetime.now(UTC) - 5 * _DAY
    entries: dict[str, list[dict[str, object]]] = {}
    for chart in charts:
        versions = entries.setdefault(chart.name, [])
        versions.append(
            {
                **chart.metadata,
                "created": _when(newest - len(versions) * days_between * _DAY),
                "digest": hashlib.sha256(chart.archive).hexdigest(),
                "urls": [f"{chart.name}-{chart.version}.tgz"],
            }
        )
    return yaml.dump({"apiVersion": "v1", "entries": entries, "generated": _when(datetime.now(UTC))}, Dumper=yaml.CSafeDumper, sort_keys=False)


class ChartRepository:
    """Serves one or more chart repositories, each below its own name, as a context manager.

    Charts may be added while it runs: `serve` again with the longer list, then `helm repo update`.
    """

    def __init__(self, repositories: Mapping[str, Sequence[Chart]]) -> None:
        self._files: dict[str, bytes] = {}
        for name, charts in repositories.items():
            self.serve(name, charts)
        files = self._files
        self.requests: list[str] = []
        """Paths asked for, oldest first."""
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the name is the base class's
                requests.append(self.path)
                body = files.get(self.path)
                self.send_response(HTTPStatus.OK if body is not None else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:  # the base class names them
                """Say nothing: the caller's terminal is not ours."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="chart-repository", kwargs={"poll_interval": 0.05}, daemon=True)

    def serve(self, name: str, charts: Sequence[Chart]) -> None:
        """Offer these charts, newest first within one name, as the repository `name`."""
        # The archives first: an index must not name what cannot be fetched yet.
        for chart in charts:
            self._files[f"/{name}/{chart.name}-{chart.version}.tgz"] = chart.archive
        self._files[f"/{name}/index.yaml"] = index_text(charts).encode()

    def url(self, name: str) -> str:
        """Address of one repository, as `helm repo add` takes it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def configure(self, config_home: Path, cache_home: Path) -> None:
        """Write what `helm repo add` would have: repositories.yaml and the cached indexes, below HELM_CONFIG_HOME and HELM_CACHE_HOME."""
        names = [path.split("/")[1] for path in self._files if path.endswith("/index.yaml")]
        listed = [{"name": name, "url": self.url(name), "insecure_skip_tls_verify": False, "pass_credentials_all": False} for name in names]
        config_home.mkdir(parents=True, exist_ok=True)
        (config_home / "repositories.yaml").write_text(
            yaml.safe_dump({"apiVersion": "", "generated": "0001-01-01T00:00:00Z", "repositories": listed}, sort_keys=False), encoding="utf-8"
        )
        cache = cache_home / "repository"
        cache.mkdir(parents=True, exist_ok=True)
        for name in names:
            (cache / f"{name}-index.yaml").write_bytes(self._files[f"/{name}/index.yaml"])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _when(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
