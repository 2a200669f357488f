"""The API server as an ASGI application: who asks, whether they may, what goes wrong on purpose, and a record of it all."""

import asyncio
import dataclasses
import itertools
import logging
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any

import orjson

from helmpanel.sandbox import verbs
from helmpanel.sandbox.answer import Answer
from helmpanel.sandbox.discovery import discovered, is_about_server
from helmpanel.sandbox.faults import Faults, Trouble
from helmpanel.sandbox.request import PARAMETERS, Request, Target, target_of
from helmpanel.sandbox.status import ApiError, UnknownRequest, refusal
from helmpanel.sandbox.store import Store
from helmpanel.sandbox.users import User, Users, is_allowed
from helmpanel.sandbox.watch import Watches

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

GZIP_FROM_BYTES = 128 * 1024
SAMPLE_BYTES = 64 * 1024
SLOW_PIECES = 20

_log = logging.getLogger(__name__)


@dataclasses.dataclass(slots=True)
class Record:
    """One request in the log."""

    verb: str  # get, list, watch, create, update, patch, delete or deletecollection
    request: str  # path and query
    user: str = "-"  # who asked; `-` for a token that is nobody's
    status: int | None = None  # HTTP status; None while it is not answered
    agent: str = ""  # the client's name of itself


class Application:
    """What uvicorn runs."""

    def __init__(self, store: Store, users: Users, faults: Faults, requests: list[Record], unknown: list[Record], bookmark_every_s: float) -> None:
        self._store = store
        self._users = users
        self._faults = faults
        self._requests = requests
        self._unknown = unknown
        self._watches = Watches(store, bookmark_every_s)
        self._stopping = asyncio.Event()

    def end(self) -> None:
        """Let watches and hanging requests finish. Called on the server's loop."""
        self._watches.end()
        self._stopping.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {key.decode().lower(): value.decode("latin1") for key, value in scope["headers"]}
        request = Request(scope["method"], scope["path"], scope["query_string"].decode(), headers, await _body(receive))
        record = Record(request.verb(None), request.line, agent=request.user_agent)
        self._requests.append(record)
        try:
            await self._serve(request, record, receive, send)
        except ApiError as cause:
            if isinstance(cause, UnknownRequest):
                self._unknown.append(record)
                _log.error("%s %s: %s", request.method, request.line, cause)
            record.status = cause.code
            await _send(send, request, Answer(orjson.dumps(cause.body()), cause.code, headers=cause.headers))
        except _Broken:
            pass  # Returning in the middle of an answer makes uvicorn close the connection: the client sees it break.

    async def _serve(self, request: Request, record: Record, receive: Receive, send: Send) -> None:
        user = self._users.identified(request.headers.get("authorization", ""))
        record.user = user.name
        target = None if is_about_server(request.path) else target_of(request.path, self._store.resources)
        record.verb = verb = request.verb(target)
        if stray := request.query.keys() - PARAMETERS:
            raise UnknownRequest(f"the parameter {', '.join(sorted(stray))}")
        trouble = self._faults.met_by(verb, request.line, user.name) or Trouble()
        if trouble.hang:
            await _first(_gone(receive), self._stopping.wait())
            return
        if trouble.delay_s:
            await _first(asyncio.sleep(trouble.delay_s), self._stopping.wait())
        if (refused := trouble.refusal()) and not trouble.inside:
            raise refused
        if target:
            self._authorize(user, target, verb)
        if trouble.reset_after_bytes is not None:
            send = _breaking(send, trouble.reset_after_bytes)
        if refused:
            answer = Answer(orjson.dumps({"type": "ERROR", "object": refused.body()}) + b"\n")
        elif target and verb == "watch":
            await self._watch(request, target, record, receive, send, trouble)
            return
        else:
            answer = verbs.answered(self._store, request, target, verb) if target else discovered(request, self._store.resources)
        record.status = answer.status
        await _first(_send(send, request, answer, trouble.slow_s), _gone(receive))

    def _authorize(self, user: User, target: Target, verb: str) -> None:
        if is_allowed(self._store, user, verb, target):
            return
        resource = target.resource
        where = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
        what = f"{resource.plural}/{target.subresource}" if target.subresource else resource.plural
        why = f'User "{user.name}" cannot {verb} resource "{what}" in API group "{resource.group}" {where}'
        raise refusal(403, resource, target.name, f"is forbidden: {why}")

    async def _watch(self, request: Request, target: Target, record: Record, receive: Receive, send: Send, trouble: Trouble) -> None:
        events = self._watches.events(request, target)
        lines = await anext(events)
        record.status = 200
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": lines, "more_body": True})

        async def stream() -> None:
            async for lines in events:
                await send({"type": "http.response.body", "body": lines, "more_body": True})

        async def broken() -> None:
            await asyncio.sleep(trouble.cut_after_s or 0)
            raise _Broken

        ends = [stream(), _gone(receive)]
        ends += [broken()] if trouble.cut_after_s is not None else []
        ends += [asyncio.sleep(trouble.end_after_s)] if trouble.end_after_s is not None else []
        try:
            await _first(*ends)
        finally:
            await events.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Broken(Exception):
    """The connection is to break in the middle of an answer."""


async def _first(*ways: Any) -> None:
    """Wait until one of these is done; the others are given up."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _gone(receive: Receive) -> None:
    """Until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _breaking(send: Send, after_bytes: int) -> Send:
    left = after_bytes

    async def limited(message: Message) -> None:
        nonlocal left
        body = message.get("body", b"")
        if len(body) > left:
            await send({**message, "body": body[:left], "more_body": True})
            raise _Broken
        left -= len(body)
        await send(message)

    return limited


async def _send(send: Send, request: Request, answer: Answer, slow_s: float = 0) -> None:
    body, more = answer.body, answer.more
    headers = {"content-type": answer.content_type, "cache-control": "no-cache, private", **answer.headers}
    if slow_s:
        whole = b"".join([body, *(more or ())])
        size = len(whole) // SLOW_PIECES + 1
        body, more = b"", iter([whole[at : at + size] for at in range(0, len(whole), size)])
    # As a real server: what is larger than 128 KiB is compressed for whom takes it.
    elif "gzip" in request.headers.get("accept-encoding", "") and len(body) > GZIP_FROM_BYTES:
        headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        body, more = b"", _zipped(body, more or ())
    if more is None:
        headers["content-length"] = str(len(body))
    await send({"type": "http.response.start", "status": answer.status, "headers": [(key.encode(), value.encode()) for key, value in headers.items()]})
    for piece in more or ():
        await send({"type": "http.response.body", "body": body, "more_body": True})
        body = piece
        await asyncio.sleep(slow_s / SLOW_PIECES)  # others have their turn, and it is noticed when the client has gone
    await send({"type": "http.response.body", "body": body})


def _zipped(first: bytes, more: Iterable[bytes]) -> Iterator[bytes]:
    # Stored releases, which are gzip in base64, hold no repetition: not looking for it packs them just as well and four times as fast, which is Go's speed.
    does_repeat = len(zlib.compress(first[:SAMPLE_BYTES], 1)) < SAMPLE_BYTES / 2
    packing = zlib.compressobj(level=1, wbits=31, strategy=zlib.Z_DEFAULT_STRATEGY if does_repeat else zlib.Z_HUFFMAN_ONLY)
    for piece in itertools.chain([first], more):
        yield packing.compress(piece)
    yield packing.flush()
