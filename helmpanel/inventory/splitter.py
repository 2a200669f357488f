"""A listing cut into its items while it still comes in: 270 MB of payloads are never held, nor parsed as one document. Pure."""

from __future__ import annotations

import re

import orjson

from helmpanel.errors import ServerFault

LARGEST = 8 * 2**20
"""Bytes of one item: etcd takes 1.5 MiB, which as JSON is a few times as much at the most."""

# Whole strings, and the characters that mean something in the list itself.
_OUTER = re.compile(rb'[^"{}\[\]:,]*+("[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,])', re.DOTALL)
# Up to the next bracket, short and plain strings passed over, or to the beginning of another string. Possessive: what cannot be finished yet fails at once.
_INNER = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]{0,200}+")*+([{}\[\]"])', re.DOTALL)
# The rest of a string, with escapes.
_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


class Splitter:
    """Fed the JSON of a Kubernetes List chunk by chunk, gives its items as soon as they are whole.

    Only brackets are looked at one by one, and strings passed over whole, so that a payload of 50 KB costs hardly more than a name. Keys may come in any order.
    """

    def __init__(self) -> None:
        self.version = ""
        """The list's resourceVersion, once it was seen."""
        self._data = b""  # from the beginning of what is not whole yet
        self._at = 0  # looked at up to here
        self._start: int | None = None  # of an item or the metadata that is not whole yet
        self._depth = 0
        self._key = ""  # the last key of the list itself
        self._is_value = False  # behind a colon of the list itself
        self._is_over = False
        self._has_items = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Items that are whole now.

        Raises:
            ServerFault: This is no list, or an item is larger than LARGEST.
        """
        self._data += chunk
        items: list[bytes] = []
        while (found := (_OUTER if self._depth < 2 else _INNER).match(self._data, self._at)) is not None:
            self._at = found.end()
            if self._depth >= 2 and found[1] == b'"':
                if not self._pass_string():
                    break
                continue
            if self._depth == 1 and self._is_value and self._key == "items" and not self._has_items:
                self._check_items(found)
            self._take(found[1], items)
        keep = self._at if self._start is None else self._start
        self._data, self._at = self._data[keep:], self._at - keep
        self._start = None if self._start is None else 0
        if len(self._data) > LARGEST:
            raise ServerFault(f"The API server sent more than {LARGEST // 2**20} MiB for one object of a list, which none has. Check proxies in between.")
        return items

    def _pass_string(self) -> bool:
        """Go behind the string that has just begun; whether it is whole. A payload has no escapes: to find its end costs a twentieth of matching it."""
        end = self._data.find(b'"', self._at)
        if end > self._at and self._data[end - 1 : end] == b"\\":
            rest = _REST.match(self._data, self._at)
            end = rest.end() - 1 if rest is not None else -1
        self._at = end + 1 if end >= 0 else self._at - 1
        return end >= 0

    def end(self) -> None:
        """The listing is said to be over.

        Raises:
            ServerFault: It is not, or it never was one.
        """
        if not self._is_over or not self._has_items:
            raise ServerFault("The API server's answer to a listing is no whole list. It is asked again; if it stays so, check proxies in between.")

    def _take(self, token: bytes, items: list[bytes]) -> None:
        if token in b"{[":
            self._depth += 1
            if self._start is None and ((self._depth == 2 and self._key == "metadata") or (self._depth == 3 and self._key == "items")):
                self._start = self._at - 1
        elif token in b"}]":
            self._depth -= 1
            self._close(items)
        elif token in b":,":
            self._is_value = token == b":"
        elif self._depth == 1:
            self._text(token)

    def _check_items(self, found: re.Match[bytes]) -> None:
        """What stands behind `"items":`. Go writes a list that was never made as null."""
        if found[1] != b"[" and found[0][:-1].strip() != b"null":
            raise _no_list()
        self._has_items = True

    def _close(self, items: list[bytes]) -> None:
        if self._depth == 2 and self._key == "items" and self._start is not None:
            items.append(self._data[self._start : self._at])
            self._start = None
        elif self._depth == 1 and self._key == "metadata" and self._start is not None:
            self._read_metadata(self._data[self._start : self._at])
            self._start = None
        elif self._depth <= 0:
            self._is_over = True

    def _text(self, raw: bytes) -> None:
        """A string of the list itself: a key, or a value such as its kind."""
        text = raw[1:-1].decode(errors="replace")
        if not self._is_value:
            self._key = text
        elif self._key == "kind" and text == "Status":
            raise ServerFault("The API server answered a listing with a failure inside a success. It is asked again by itself.")

    def _read_metadata(self, raw: bytes) -> None:
        try:
            found = orjson.loads(raw)
        except ValueError:
            raise ServerFault("The API server answered a listing with something that is no JSON. Check its address, and proxies in between.") from None
        if not isinstance(found, dict):
            raise _no_list()
        self.version = str(found.get("resourceVersion") or "")


def _no_list() -> ServerFault:
    return ServerFault("The API server answered a listing with something that is no list. Check its address, and proxies in between.")
