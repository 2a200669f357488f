"""One HTTP request, read: what it wants to do, to what, in which form the answer is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson
import yaml

from helmpanel.sandbox import protobuf
from helmpanel.sandbox.status import UnknownRequest, bad_request, unsupported_media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource, Resources

# A parameter that is not listed would be ignored in silence: it is refused instead.
_READING = {"fieldSelector", "includeObject", "labelSelector", "limit", "pretty", "resourceVersion", "resourceVersionMatch", "timeout", "hash"}
_WATCHING = {"allowWatchBookmarks", "sendInitialEvents", "timeoutSeconds", "watch"}
_WRITING = {"fieldManager", "fieldValidation", "force", "propagationPolicy"}
PARAMETERS = _READING | _WATCHING | _WRITING
# What Go's ParseBool takes; the Python clients send True.
_TRUE = {"1", "t", "T", "true", "TRUE", "True"}
_WRITES = {"POST": "create", "PUT": "update", "PATCH": "patch"}


@dataclass(frozen=True, slots=True)
class Target:
    """The object or collection a path names."""

    resource: Resource
    namespace: str | None
    name: str | None
    subresource: str | None


class Request:
    """One request.

    Attributes:
        line: Path and query as sent.
        query: Parameters; the last one counts.
        user_agent: The client, as `Helm/4.3.1`.
    """

    def __init__(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> None:
        self.method = method
        self.path = path.rstrip("/") or "/"
        self.line = f"{path}?{query}" if query else path
        self.query = dict(parse_qsl(query, keep_blank_values=True))
        self.headers = headers
        self.body = body
        self.user_agent = headers.get("user-agent", "")

    def flag(self, name: str) -> bool:
        """A parameter that is true or false."""
        return self.query.get(name) in _TRUE

    @property
    def manager(self) -> str:
        """Who owns the fields this request writes: named, or the first part of the user agent."""
        return self.query.get("fieldManager") or self.user_agent.partition("/")[0] or "unknown"

    @property
    def content_type(self) -> str:
        """Media type of the body, without parameters."""
        return self.headers.get("content-type", "application/json").partition(";")[0].strip()

    @property
    def form(self) -> str:
        """`full`, `table` or `partial`: the first form in the Accept header that is known here."""
        for accepted in self.headers.get("accept", "*/*").split(","):
            if "as=Table" in accepted:
                return "table"
            if "as=PartialObjectMetadata" in accepted:
                return "partial"
            if accepted.partition(";")[0].strip() in ("application/json", "*/*", "application/*"):
                return "full"
        raise UnknownRequest(f"answers as {self.headers.get('accept')}")

    def verb(self, target: Target | None) -> str:
        """What it wants to do, in the words of roles and audit logs."""
        if self.method == "GET":
            if target is None or target.name:
                return "get"
            return "watch" if self.flag("watch") else "list"
        if self.method == "DELETE":
            return "delete" if target and target.name else "deletecollection"
        return _WRITES.get(self.method, self.method.lower())

    def decoded(self) -> Object:
        """The object in the body.

        Raises:
            ApiError: 400 or 415.
            UnknownRequest: A protobuf message that is not read here.
        """
        if self.content_type == "application/vnd.kubernetes.protobuf":
            try:
                return protobuf.decoded(self.body)
            except protobuf.UnknownMessage as cause:
                raise UnknownRequest(str(cause)) from cause
            except ValueError as cause:
                raise bad_request(str(cause)) from cause
        if self.content_type not in ("application/json", "application/yaml", "application/apply-patch+yaml") and not self.content_type.endswith("-patch+json"):
            raise unsupported_media_type(self.content_type)
        found = self._parsed()
        if not isinstance(found, dict):
            raise bad_request("the body of the request is no object")
        return found

    def operations(self) -> list[Object]:
        """The operations of a JSON patch."""
        found = self._parsed()
        if not isinstance(found, list):
            raise bad_request("the body of a JSON patch is a list")
        return found

    def _parsed(self) -> Any:
        try:
            if "yaml" in self.content_type and not self.body.lstrip().startswith(b"{"):
                return yaml.load(self.body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are the safe one
            return orjson.loads(self.body) if self.body else {}
        except (ValueError, yaml.YAMLError) as cause:
            raise bad_request(f"the body of the request cannot be read: {cause}") from cause


def target_of(path: str, resources: Resources) -> Target:
    """What a path under /api or /apis names.

    Raises:
        UnknownRequest: Nothing served here.
    """
    parts = path.strip("/").split("/")
    group, version, rest = ("", parts[1], parts[2:]) if parts[0] == "api" else ("/".join(parts[1:2]), "/".join(parts[2:3]), parts[3:])
    namespace = None
    # /namespaces/x is the namespace itself, /namespaces/x/pods is in it, /namespaces/x/status is a part of it.
    if rest[:1] == ["namespaces"] and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    resource = resources.at(group, version, rest[0]) if rest else None
    if resource is None or len(rest) > 3 or (namespace and not resource.is_namespaced):
        raise UnknownRequest(path)
    name = rest[1] if len(rest) > 1 else None
    subresource = rest[2] if len(rest) > 2 else None
    if subresource and subresource not in resource.subresources:
        raise UnknownRequest(path)
    return Target(resource, namespace, name, subresource)
