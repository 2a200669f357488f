"""Servers that misbehave as the sandbox cannot: they never answer, speak no TLS, are no API server, or refuse some tokens."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import inspect
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import trustme
import yaml

Answer: TypeAlias = tuple[int, bytes] | tuple[int, bytes, dict[str, str]] | None

EMPTY = b'{"kind":"SecretList","items":[]}'


@dataclass
class Asked:
    """One request as it came."""

    target: str
    headers: list[tuple[str, str]]

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for key, value in self.headers if key == name.lower()]


@dataclass
class Answering:
    """A small HTTP server of a test; `answer` decides, `asked` remembers."""

    port: int = 0
    ca: str = ""
    """Base64 of the CA's PEM; empty over plain http."""
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http{'s' if self.ca else ''}://127.0.0.1:{self.port}"


@contextlib.asynccontextmanager
async def serving(answer: Callable[[Asked], Answer | Awaitable[Answer]], *, tls: bool = True, clients: trustme.CA | None = None) -> AsyncIterator[Answering]:
    """A server on loopback.

    Args:
        answer: Status and body for a request, perhaps with headers, at once or awaited; None never answers it.
        tls: With a certificate of a CA of its own.
        clients: Takes only clients with a certificate of this CA.
    """
    server = Answering()
    ca = trustme.CA()
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                pairs = [line.split(": ", 1) for line in lines[1:] if line]
                asked = Asked(lines[0].split()[1], [(key.lower(), value) for key, value in pairs])
                server.asked.append(asked)
                given = answer(asked)
                found = await given if inspect.isawaitable(given) else given
                if found is None:
                    await reader.read()
                    break
                status, body, headers = (*found, {})[:3]
                if 300 <= status < 400:
                    headers = {"Location": "http://127.0.0.1:1/"}
                lines = [f"HTTP/1.1 {status} X", *(f"{key}: {value}" for key, value in headers.items()), f"Content-Length: {len(body)}", "", ""]
                writer.write("\r\n".join(lines).encode() + body)
                await writer.drain()
        writer.close()

    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ca.issue_cert("127.0.0.1").configure_cert(context)
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            clients.configure_trust(context)
        server.ca = base64.b64encode(ca.cert_pem.bytes()).decode()
    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks)


@contextlib.asynccontextmanager
async def raw(greeting: bytes = b"") -> AsyncIterator[int]:
    """A port that answers the first bytes it gets with a greeting of its own and ends; without one it never says anything."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read(1)
            if greeting:
                writer.write(greeting)
            else:
                await reader.read()
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def write_kubeconfig(folder: Path, server: str, *, ca: str = "", name: str = "it", user: dict[str, object] | None = None, **cluster: object) -> Path:
    """A kubeconfig with one context."""
    path = folder / f"{name}.kubeconfig"
    document = {
        "current-context": name,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "clusters": [{"name": name, "cluster": {"server": server, **({"certificate-authority-data": ca} if ca else {}), **cluster}}],
        "users": [{"name": name, "user": {"token": "tok-1"} if user is None else user}],
    }
    path.write_text(yaml.safe_dump(document))
    return path
