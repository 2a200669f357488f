"""Counts the bytes that clients get from an API server: they connect to it in its place, TLS and all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

CHUNK = 1 << 18
ENDING_S = 10
_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


class Counter:
    """Bytes received by all clients so far."""

    def __init__(self, host: str, port: int) -> None:
        self.received = 0
        self._server = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="relay", daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Nobody gets in any more; back when those who are in have gone."""
        # A thread that waits in accept() is woken by this and not by close().
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in self._threads:
            each.join(ENDING_S)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._connected, args=(client,), name="relay connection", daemon=True))
            self._threads[-1].start()

    def _connected(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server:
            sending = threading.Thread(target=self._pump, args=(client, server), kwargs={"is_counted": False}, daemon=True)
            sending.start()
            self._pump(server, client, is_counted=True)
            sending.join()

    def _pump(self, source: socket.socket, sink: socket.socket, *, is_counted: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                self.received += len(chunk) if is_counted else 0
                sink.sendall(chunk)
        # Whoever ends it ends it for both.
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def through(config: dict[str, Any], context: str | None, folder: Path, port: int | None = None) -> tuple[dict[str, Any], str, int]:
    """A kubeconfig with one context only that goes through a port of loopback, and the host and port that it went to."""
    by_name = {kind: {each["name"]: each[kind.removesuffix("s")] for each in config.get(kind) or []} for kind in ("contexts", "clusters", "users")}
    name = context or config["current-context"]
    chosen = by_name["contexts"][name]
    cluster, user = dict(by_name["clusters"][chosen["cluster"]]), dict(by_name["users"].get(chosen.get("user"), {}))
    server = urlsplit(cluster["server"])
    if port:
        cluster["server"] = f"{server.scheme}://127.0.0.1:{port}{server.path}"
        if server.hostname != "127.0.0.1":
            cluster.setdefault("tls-server-name", server.hostname)
    for part in (cluster, user):
        # Relative to the original's folder, and the copy lies elsewhere.
        part.update({key: str(folder / part[key]) for key in _FILES if part.get(key)})
    copy = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": chosen}],
        "clusters": [{"name": chosen["cluster"], "cluster": cluster}],
        "users": [{"name": chosen.get("user", ""), "user": user}],
    }
    return copy, server.hostname or "", server.port or (443 if server.scheme == "https" else 80)


@contextmanager
def counted(kubeconfig: Path, context: str | None, copy: Path) -> Iterator[Counter]:
    """Count what goes through `copy`, which is written."""
    config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    _, host, port = through(config, context, kubeconfig.parent.absolute())
    counter = Counter(host, port)
    changed, _, _ = through(config, context, kubeconfig.parent.absolute(), counter.port)
    copy.touch(mode=0o600)
    copy.write_text(yaml.safe_dump(changed), encoding="utf-8")
    try:
        yield counter
    finally:
        counter.close()
        copy.unlink()
