"""The relay that counts, and the kubeconfig that leads through it."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import yaml

from benchmarks.relay import counted, through

CONFIG = {
    "current-context": "a",
    "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in ("a", "b")],
    "clusters": [
        {"name": "a", "cluster": {"server": "https://api.example.com/base", "certificate-authority": "ca.pem"}},
        {"name": "b", "cluster": {"server": "https://127.0.0.1:7443"}},
    ],
    "users": [{"name": "a", "user": {"token": "T", "client-key": "/keys/a"}}],
}


def test_the_certificate_is_still_checked_against_the_servers_own_name():
    copy, host, port = through(CONFIG, None, Path("/home/me"), 99)
    assert (host, port) == ("api.example.com", 443)
    assert copy["clusters"] == [
        {
            "name": "a",
            "cluster": {"server": "https://127.0.0.1:99/base", "certificate-authority": "/home/me/ca.pem", "tls-server-name": "api.example.com"},
        }
    ]
    assert copy["users"] == [{"name": "a", "user": {"token": "T", "client-key": "/keys/a"}}]
    assert CONFIG["clusters"][0]["cluster"]["server"] == "https://api.example.com/base"


def test_the_named_context_is_the_only_one():
    copy, host, port = through(CONFIG, "b", Path("/home/me"), 99)
    assert (copy["current-context"], [each["name"] for each in copy["contexts"]], host, port) == ("b", ["b"], "127.0.0.1", 7443)
    assert copy["clusters"][0]["cluster"] == {"server": "https://127.0.0.1:99"}


def test_bytes_that_the_server_sends_are_counted_and_no_others(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            client, _ = server.accept()
            with client:
                assert client.recv(100) == b"question"
                client.sendall(b"x" * 5_000)

        threading.Thread(target=answer, daemon=True).start()
        original, copy = tmp_path / "config", tmp_path / "copy"
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        original.write_text(
            yaml.safe_dump(
                {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c"}}], "clusters": [{"name": "c", "cluster": {"server": address}}]}
            )
        )
        with counted(original, None, copy) as counter:
            (cluster,) = yaml.safe_load(copy.read_text())["clusters"]
            assert cluster["cluster"]["server"] == f"http://127.0.0.1:{counter.port}"
            with socket.create_connection(("127.0.0.1", counter.port)) as client:
                client.sendall(b"question")
                heard = 0
                while chunk := client.recv(65_536):
                    heard += len(chunk)
        assert (heard, counter.received) == (5_000, 5_000)
    assert not copy.exists()
