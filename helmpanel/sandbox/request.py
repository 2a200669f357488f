"""One HTTP request, read: what it wants to do, to what, in which form the answer is wanted."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
import yaml

from helmpanel.sandbox import protobuf
from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.resources import Resource, Resources
from helmpanel.sandbox.status import ApiError, UnknownRequest

# A parameter that is not listed would be ignored in silence: it is refused instead.
_READING = {"fieldSelector", "includeObject", "labelSelector", "limit", "pretty", "resourceVersion", "resourceVersionMatch", "timeout", "hash"}
_WATCHING = {"allowWatchBookmarks", "sendInitialEvents", "timeoutSeconds", "watch"}
_WRITING = {"fieldManager", "fieldValidation", "force", "propagationPolicy"}
PARAMETERS = _READING | _WATCHING | _WRITING
# What Go's ParseBool takes; the Python clients send True.
_TRUE = {"1", "t", "T", "true", "TRUE", "True"}
_WRITES = {"POST": "create", "PUT": "update", "PATCH": "patch"}


class Target(NamedTuple):
    """The object or collection a path names."""

    resource: Resource
    namespace: str | None = None
    name: str | None = None
    subresource: str | None = None


class Request:
    """One request."""

    def __init__(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> None:
        self.method = method
        self.path = path.rstrip("/") or "/"
        self.line = f"{path}?{query}" if query else path  # as it was sent
        self.query = dict(parse_qsl(query, keep_blank_values=True))
        self.headers = headers
        self.body = body
        self.user_agent = headers.get("user-agent", "")  # such as Helm/4.3.1
        # Who owns the fields that are written.
        self.manager = self.query.get("fieldManager") or self.user_agent.partition("/")[0] or "unknown"
        self.content_type = headers.get("content-type", "application/json").partition(";")[0].strip()

    def flag(self, name: str) -> bool:
        """A parameter that is true or false."""
        return self.query.get(name) in _TRUE

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
        """The object in the body."""
        found = self.operations()
        if not isinstance(found, dict):
            raise ApiError(400, "the body of the request is no object")
        return found

    def operations(self) -> Any:
        """What the body holds, such as the operations of a JSON patch; a 400 or 415 when it cannot be read."""
        kind = self.content_type
        try:
            if kind == "application/vnd.kubernetes.protobuf":
                return protobuf.decoded(self.body)
            if kind in ("application/yaml", "application/apply-patch+yaml") and not self.body.lstrip().startswith(b"{"):
                return yaml.load(self.body, Loader=yaml.CSafeLoader)
            if kind in ("application/json", "application/yaml", "application/apply-patch+yaml") or kind.endswith("-patch+json"):
                return orjson.loads(self.body or b"{}")
        except (ValueError, yaml.YAMLError) as cause:
            raise ApiError(400, f"the body of the request cannot be read: {cause}") from cause
        raise ApiError(415, f"the body of the request was in an unknown format ({kind}) - accepted media types include: application/json")


def target_of(path: str, resources: Resources) -> Target:
    """What a path under /api or /apis names; an UnknownRequest when nothing is served there."""
    parts = path.strip("/").split("/")
    group, version, rest = ("", parts[1], parts[2:]) if parts[0] == "api" else ("/".join(parts[1:2]), "/".join(parts[2:3]), parts[3:])
    namespace = None
    # /namespaces/x is the namespace itself, /namespaces/x/pods is in it, /namespaces/x/status is a part of it.
    if rest[:1] == ["namespaces"] and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    resource = resources.at(group, version, rest[0]) if rest else None
    if resource is None or len(rest) > 3 or (namespace and not resource.is_namespaced) or (rest[2:] and rest[2] not in resource.subresources):
        raise UnknownRequest(path)
    return Target(resource, namespace, *rest[1:])
