"""What is served, as clients ask: aggregated discovery, the resources of one version, and OpenAPI."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import orjson

from helmpanel.sandbox.answer import Answer, document
from helmpanel.sandbox.status import UnknownRequest

if TYPE_CHECKING:
    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.request import Request
    from helmpanel.sandbox.resources import Resource, Resources

# The version of the server that the recorded commands ran against.
VERSION = {
    "major": "1",
    "minor": "36",
    "gitVersion": "v1.36.2",
    "gitCommit": "sandbox",
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.25",
    "compiler": "gc",
    "platform": "linux/amd64",
}
_AGGREGATED = "as=APIGroupDiscoveryList"
_YEAR = "public, immutable, max-age=31536000"


def discovered(request: Request, resources: Resources) -> Answer:
    """Answer to a path that is about the server and not about objects."""
    match request.path.strip("/").split("/"):
        case ["version"]:
            return document(VERSION)
        case ["healthz" | "livez" | "readyz"]:
            return Answer(b"ok", content_type="text/plain")
        case ["api" | "apis" as root]:
            return _tagged(request, _groups(request, resources, is_core=root == "api"))
        case ["api", version]:
            return document(_resource_list("", version, resources))
        case ["apis", group, version]:
            return document(_resource_list(group, version, resources))
        case ["openapi", "v2"]:
            # Asked for when version 3 does not know a kind, in protobuf only: an empty document of version 2.0.
            return Answer(b"\x0a\x032.0", content_type="application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        case ["openapi", "v3"]:
            return _tagged(request, document(_openapi_index(resources)))
        case ["openapi", "v3", "api", version]:
            return document(_openapi("", version, resources), headers={"cache-control": _YEAR})
        case ["openapi", "v3", "apis", group, version]:
            return document(_openapi(group, version, resources), headers={"cache-control": _YEAR})
        case _:
            raise UnknownRequest(request.path)


def is_about_server(path: str) -> bool:
    """Whether a path is about the server and not about objects."""
    parts = path.strip("/").split("/")
    return parts[0] not in ("api", "apis") or len(parts) <= (2 if parts[0] == "api" else 3)


def _tagged(request: Request, answer: Answer) -> Answer:
    """With an ETag, which client-go's disk cache sends back: 304 when nothing changed."""
    tag = f'"{_digest(answer.body)}"'
    headers = {"etag": tag, "vary": "Accept", "cache-control": "public"}
    if request.headers.get("if-none-match") == tag:
        return Answer(status=304, headers=headers)
    return Answer(answer.body, answer.status, answer.content_type, headers)


def _groups(request: Request, resources: Resources, *, is_core: bool) -> Answer:
    """Aggregated discovery: the core group stands apart from all others."""
    accept = request.headers.get("accept", "")
    if _AGGREGATED not in accept:
        raise UnknownRequest("discovery that is not aggregated")
    groups: dict[str, dict[str, list[Object]]] = {}
    for each in resources:
        if (each.group == "") is is_core:
            groups.setdefault(each.group, {}).setdefault(each.version, []).append(_aggregated(each))
    items = [
        {
            "metadata": {"name": group} if group else {},
            "versions": [{"version": version, "freshness": "Current", "resources": found} for version, found in versions.items()],
        }
        for group, versions in groups.items()
    ]
    form = "v2" if "v=v2;" in accept else "v2beta1"
    body = orjson.dumps({"kind": "APIGroupDiscoveryList", "apiVersion": f"apidiscovery.k8s.io/{form}", "metadata": {}, "items": items})
    return Answer(body, content_type=f"application/json;g=apidiscovery.k8s.io;v={form};{_AGGREGATED}")


def _aggregated(resource: Resource) -> Object:
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    return {
        "resource": resource.plural,
        "responseKind": kind,
        "scope": "Namespaced" if resource.is_namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": resource.verbs,
        "subresources": [{"subresource": each, "responseKind": kind, "verbs": ["get", "patch", "update"]} for each in resource.subresources],
    }


def _resource_list(group: str, version: str, resources: Resources) -> Object:
    found: list[Object] = []
    for each in resources:
        if (each.group, each.version) == (group, version):
            common = {"namespaced": each.is_namespaced, "kind": each.kind}
            found.append({"name": each.plural, "singularName": each.singular, **common, "verbs": each.verbs})
            found += [{"name": f"{each.plural}/{part}", "singularName": "", **common, "verbs": ["get", "patch", "update"]} for part in each.subresources]
    if not found:
        raise UnknownRequest(f"{group}/{version}")
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/{version}".lstrip("/"), "resources": found}


def _openapi_index(resources: Resources) -> Object:
    served: dict[str, list[str]] = {}
    for each in resources:
        served.setdefault(f"apis/{each.api_version}" if each.group else f"api/{each.version}", []).append(each.kind)
    # Clients keep these documents by their hash for a year: it says what is in them, also across servers on one port.
    return {"paths": {path: {"serverRelativeURL": f"/openapi/v3/{path}?hash={_digest(repr(kinds).encode())}"} for path, kinds in sorted(served.items())}}


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32].upper()


def _openapi(group: str, version: str, resources: Resources) -> Object:
    """The least that lets helm leave validation to the server: operations that take `fieldValidation`."""
    parameters = [{"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}} for name in ("dryRun", "fieldManager", "fieldValidation")]
    paths: Object = {}
    for each in resources:
        if (each.group, each.version) == (group, version):
            kind = {"group": group, "version": version, "kind": each.kind}
            base = f"/{'apis' if group else 'api'}/{each.api_version}/{'namespaces/{namespace}/' if each.is_namespaced else ''}{each.plural}"
            operation = {"x-kubernetes-group-version-kind": kind, "parameters": parameters, "responses": {"200": {"description": "OK"}}}
            paths[base] = {"post": operation}
            paths[f"{base}/{{name}}"] = {"put": operation, "patch": operation}
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": VERSION["gitVersion"]}, "paths": paths}
