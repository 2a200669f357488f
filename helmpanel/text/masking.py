"""Masking YAML: its structure says what a credential is, its text keeps every line where it was.

The text is never dumped anew: comments, order and line numbers stay, only the characters of secret scalars are replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from helmpanel.text.depth import DEEPEST
from helmpanel.text.fallback import by_lines_too, holds_secret_key, mask_broken
from helmpanel.text.lines import DOTS, mask_line, mask_text
from helmpanel.text.words import is_about_secret, is_plain_below_secret, is_secret_key

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
# A line of YAML: libyaml breaks at more than a newline.
_LINE = re.compile("[^\n\r\x85\u2028\u2029]+")
_HARMLESS = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})


@dataclass(slots=True)
class _Node:
    """A scalar, an alias or a collection, with its place in the text."""

    start: int
    end: int
    style: str | None = None
    value: str | None = None
    """Text of a scalar, name of an alias; None for collections."""
    anchor: str | None = None
    is_alias: bool = False
    is_mapping: bool = False
    children: list[_Node] = field(default_factory=list)
    """Keys and values by turns for a mapping."""

    def pairs(self) -> list[tuple[_Node, _Node]]:
        """Key and value nodes of a mapping."""
        return list(zip(self.children[::2], self.children[1::2], strict=False))


def _documents(text: str) -> list[_Node]:
    """Root nodes of all documents; an own stack, because deep nesting must not reach Python's recursion limit."""
    roots: list[_Node] = []
    stack: list[_Node] = []
    for event in yaml.parse(text, Loader=_Loader):
        if event.start_mark is None or event.end_mark is None:
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop().end = event.end_mark.index
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _Node(event.start_mark.index, event.end_mark.index, anchor=event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            node.style, node.value = event.style, event.value
        elif isinstance(event, yaml.AliasEvent):
            node.is_alias, node.value, node.anchor = True, event.anchor, None
        (stack[-1].children if stack else roots).append(node)
        if isinstance(event, yaml.CollectionStartEvent):
            node.is_mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append(node)
            if len(stack) > DEEPEST:
                # libyaml's time grows with the square of the depth: 100 KB of opening brackets took it 30 s.
                raise yaml.YAMLError("nested too deeply")
    return roots


def _dotted(text: str) -> str:
    """Each line that holds anything becomes dots, all at the least indentation found; line breaks of every kind stay."""
    filled = [line for line in _LINE.findall(text) if line.strip()]
    indent = min((len(line) - len(line.lstrip(" \t")) for line in filled), default=0)
    return _LINE.sub(lambda line: line[0][:indent] + DOTS if line[0].strip() else line[0], text)


def _masked_scalar(raw: str) -> str:
    """Source of a scalar with its content replaced; anchor, tag, quotes, block header and number of lines stay."""
    properties = _PROPERTIES.match(raw)
    front, body = (raw[: properties.end()], raw[properties.end() :]) if properties else ("", raw)
    if not body:
        return raw
    first = _LINE.match(body)
    end = first.end() if first else 0
    if body[0] in "|>":
        return front + mask_line(body[:end]) + _dotted(body[end:])
    quote = body[0] if body[0] in "\"'" and len(body) > 1 and body[-1] == body[0] else ""
    if quote:
        body, end = body[1:-1], min(end, len(body) - 1) - 1
    if not body.strip():
        return raw
    return front + quote + DOTS + _dotted(body[end:]) + quote


def _masked_comment(line: str) -> str:
    front, mark, comment = line.partition("#")
    return front + mark + mask_line(comment)


class _Masker:
    """Finds the secret scalars of one text and writes it anew."""

    def __init__(self, text: str, *, secrets_too: bool) -> None:
        self.text = text
        self.secrets_too = secrets_too
        self.roots = _documents(text)
        self.secret: set[int] = set()
        """id() of each secret scalar."""
        self.scalars: list[_Node] = []
        self.anchors: dict[str, list[_Node]] = {}
        self.secret_aliases: list[str] = []
        self.is_settled = True
        """False once an unquoted scalar was changed in its middle: the text may now read as another structure."""
        self.is_mistaken = False
        """True once a quoted scalar seems to hold lines that were meant as keys: what follows it is a value, and reads as a comment or a key."""

    def masked(self) -> str:
        """The text, secrets dotted."""
        for root in self.roots:
            self._walk(root)
        done: set[str] = set()
        while self.secret_aliases:
            # `password: *pw` makes the place where the anchor stands secret too.
            name = self.secret_aliases.pop()
            if name not in done:
                done.add(name)
                for node in self.anchors.get(name, ()):
                    self._mark(node, plain_below=False)
        self.scalars.sort(key=lambda node: node.start)
        out: list[str] = []
        at = 0
        for node in self.scalars:
            if node.start < at or node.end <= node.start:
                continue
            out.append(self._between(self.text[at : node.start]))
            raw = self.text[node.start : node.end]
            self.is_mistaken = self.is_mistaken or (node.style in ("'", '"') and holds_secret_key(raw))
            out.append(_masked_scalar(raw) if id(node) in self.secret else self._readable(raw))
            at = node.end
        out.append(self._between(self.text[at:]))
        return "".join(out)

    @staticmethod
    def _between(gap: str) -> str:
        """Indicators, blanks and comments between two scalars."""
        if "#" not in gap:
            return gap
        return _LINE.sub(lambda line: _masked_comment(line[0]), gap)

    def _readable(self, raw: str) -> str:
        """A scalar that is no secret as a whole may still hold one: a URL with a password, a flag, a configuration file."""
        if len(raw) < 7:
            return raw
        if raw[0] in "\"'" and raw[-1] == raw[0]:
            return raw[0] + mask_text(raw[1:-1]) + raw[0]
        masked = mask_text(raw)
        if masked != raw and raw[0] not in "|>":
            self.is_settled = False
        return masked

    def _walk(self, root: _Node) -> None:
        todo = [root]
        while todo:
            node = todo.pop()
            if node.anchor:
                self.anchors.setdefault(node.anchor, []).append(node)
            if node.value is not None:
                if not node.is_alias:
                    self.scalars.append(node)
                continue
            todo.extend(node.children)
            if node.is_mapping:
                self._mapping(node)
            else:
                self._arguments(node)

    def _arguments(self, sequence: _Node) -> None:
        """`args: [--token, abc]`: what follows a secret flag without `=`."""
        for flag, value in zip(sequence.children, sequence.children[1:], strict=False):
            if flag.value is not None and flag.value.startswith("-") and "=" not in flag.value and " " not in flag.value and is_secret_key(flag.value):
                self._mark(value, plain_below=False)

    def _mapping(self, mapping: _Node) -> None:
        pairs = [(key.value if key.value is not None and not key.is_alias else "", value) for key, value in mapping.pairs()]
        texts = {key: value.value for key, value in pairs if value.value is not None and not value.is_alias}
        for key, value in pairs:
            if is_secret_key(key, has_parts=value.value is None):
                self._mark(value, plain_below=True)
            elif is_about_secret(key) and value.value is not None and _is_multiline(self.text, value):
                self._mark(value, plain_below=False)
            elif key == "value" and is_secret_key(texts.get("name") or texts.get("key") or ""):
                # An environment entry: `- name: DB_PASSWORD`, `value: hunter2`.
                self._mark(value, plain_below=False)
        if self.secrets_too and texts.get("kind") == "Secret":
            for key, value in pairs:
                if key in ("data", "stringData"):
                    self._mark(value, plain_below=False, all_of_it=True)
                elif key == "metadata":
                    for inner, annotations in value.pairs():
                        if inner.value == "annotations":
                            for name, annotation in annotations.pairs():
                                if name.value == "kubectl.kubernetes.io/last-applied-configuration":
                                    self._mark(annotation, plain_below=False, all_of_it=True)

    def _mark(self, root: _Node, *, plain_below: bool, all_of_it: bool = False) -> None:
        """Make every value below (and including) a node secret.

        Args:
            root: Value of a secret key.
            plain_below: Leave single-line values whose own key only describes, such as `secretName`.
            all_of_it: Also mask what says nothing, such as `true`.
        """
        todo = [root]
        while todo:
            node = todo.pop()
            if node.is_alias:
                self.secret_aliases.append(node.value or "")
            elif node.value is not None:
                if all_of_it or node.style in ("'", '"', "|", ">") or node.value not in _HARMLESS:
                    self.secret.add(id(node))
            elif node.is_mapping:
                for key, value in node.pairs():
                    describes = plain_below and key.value is not None and value.value is not None and is_plain_below_secret(key.value)
                    if not describes or value.is_alias or _is_multiline(self.text, value):
                        todo.append(value)
            else:
                todo.extend(node.children)


def _is_multiline(text: str, node: _Node) -> bool:
    return len(_LINE.findall(text[node.start : node.end])) > 1


def _mask(text: str, *, secrets_too: bool) -> str:
    if text.startswith("\ufeff"):
        # libyaml does not count a byte order mark: every place would be off by one.
        return "\ufeff" + _mask(text[1:], secrets_too=secrets_too)
    for _ in range(4):
        if not text.strip():
            break
        before = text
        try:
            masker = _Masker(text, secrets_too=secrets_too)
            text = masker.masked()
            if masker.is_mistaken:
                text = by_lines_too(before, text, secrets_too=secrets_too)
            if masker.is_settled:
                break
        except (yaml.YAMLError, ValueError):
            # ValueError: lone surrogates and the like, which no YAML reader takes.
            text = mask_broken(text, secrets_too=secrets_too)
        if text == before:
            break
    return text


def mask_values(text: str) -> str:
    """Values text with what looks like a credential replaced by dots of fixed length.

    Args:
        text: YAML as helm or a person wrote it; may be broken.

    Returns:
        Text of as many lines. Masking it again changes nothing. Empty strings, null and booleans stay readable.
    """
    return _mask(text, secrets_too=False)


def mask_manifest(text: str) -> str:
    """Like `mask_values`, and also everything below `data` and `stringData` of each Secret, in lists of objects too."""
    return _mask(text, secrets_too=True)
