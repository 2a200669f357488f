"""What is served, as clients ask: aggregated discovery, the resources of one version, and OpenAPI."""

import hashlib

import orjson

from helmpanel.sandbox.answer import Answer, document
from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.request import Request
from helmpanel.sandbox.resources import Resource, Resources
from helmpanel.sandbox.status import UnknownRequest

# The version of the server that the recorded commands ran against.
VERSION = {"major": "1", "minor": "36", "gitVersion": "v1.36.2", "goVersion": "go1.25", "platform": "linux/amd64"}
_VERBS = ("create", "delete", "get", "list", "patch", "update", "watch")
_PART_VERBS = ("get", "patch", "update")
_AGGREGATED = "as=APIGroupDiscoveryList"


def discovered(request: Request, resources: Resources) -> Answer:
    """Answer to a path that is about the server and not about objects."""
    match request.path.strip("/").split("/"):
        case ["version"]:
            return document(VERSION)
        case ["api" | "apis" as root]:
            return _groups(request, [each for each in resources if bool(each.group) is (root == "apis")])
        case ["api" | "apis", *api_version]:
            return document(_resource_list(_of(resources, "/".join(api_version))))
        case ["openapi", "v2"]:
            # Asked for when version 3 does not know a kind, in protobuf only: an empty document of version 2.0.
            return Answer(b"\x0a\x032.0", content_type="application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        case ["openapi", "v3"]:
            return document(_openapi_index(resources))
        case ["openapi", "v3", "api" | "apis", *api_version]:
            return document(_openapi(_of(resources, "/".join(api_version))), headers={"cache-control": "public, immutable, max-age=31536000"})
        case _:
            raise UnknownRequest(request.path)


def is_about_server(path: str) -> bool:
    """Whether a path is about the server and not about objects."""
    parts = path.strip("/").split("/")
    return parts[0] not in ("api", "apis") or len(parts) <= (2 if parts[0] == "api" else 3)


def _of(resources: Resources, api_version: str) -> list[Resource]:
    if found := [each for each in resources if each.api_version == api_version]:
        return found
    raise UnknownRequest(api_version)


def _groups(request: Request, resources: list[Resource]) -> Answer:
    """Aggregated discovery."""
    accept = request.headers.get("accept", "")
    if _AGGREGATED not in accept:
        raise UnknownRequest("discovery that is not aggregated")
    groups: dict[str, dict[str, list[Object]]] = {}
    for each in resources:
        groups.setdefault(each.group, {}).setdefault(each.version, []).append(_aggregated(each))
    items = []
    for group, versions in groups.items():
        listed = [{"version": version, "freshness": "Current", "resources": found} for version, found in versions.items()]
        items.append({"metadata": {"name": group} if group else {}, "versions": listed})
    form = "v2" if "v=v2;" in accept else "v2beta1"
    body = orjson.dumps({"kind": "APIGroupDiscoveryList", "apiVersion": f"apidiscovery.k8s.io/{form}", "metadata": {}, "items": items})
    return Answer(body, content_type=f"application/json;g=apidiscovery.k8s.io;v={form};{_AGGREGATED}")


def _aggregated(resource: Resource) -> Object:
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    return {
        "resource": resource.plural,
        "responseKind": kind,
        "scope": "Namespaced" if resource.is_namespaced else "Cluster",
        "singularResource": resource.kind.lower(),
        "verbs": _VERBS,
        "subresources": [{"subresource": each, "responseKind": kind, "verbs": _PART_VERBS} for each in resource.subresources],
    }


def _resource_list(resources: list[Resource]) -> Object:
    found: list[Object] = []
    for each in resources:
        common = {"namespaced": each.is_namespaced, "kind": each.kind}
        found.append({"name": each.plural, "singularName": each.kind.lower(), **common, "verbs": _VERBS})
        found += [{"name": f"{each.plural}/{part}", "singularName": "", **common, "verbs": _PART_VERBS} for part in each.subresources]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": resources[0].api_version, "resources": found}


def _openapi_index(resources: Resources) -> Object:
    served: dict[str, list[str]] = {}
    for each in resources:
        served.setdefault(f"{'apis' if each.group else 'api'}/{each.api_version}", []).append(each.kind)
    # Clients keep these documents by their hash for a year: it says what is in them, also across servers on one port.
    hashes = {path: hashlib.sha256(repr(kinds).encode()).hexdigest() for path, kinds in sorted(served.items())}
    return {"paths": {path: {"serverRelativeURL": f"/openapi/v3/{path}?hash={each}"} for path, each in hashes.items()}}


def _openapi(resources: list[Resource]) -> Object:
    """The least that lets helm leave validation to the server: operations that take `fieldValidation`."""
    parameters = [{"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}} for name in ("dryRun", "fieldManager", "fieldValidation")]
    paths: Object = {}
    for each in resources:
        base = f"/{'apis' if each.group else 'api'}/{each.api_version}/{'namespaces/{namespace}/' if each.is_namespaced else ''}{each.plural}"
        operation = {
            "x-kubernetes-group-version-kind": _aggregated(each)["responseKind"],
            "parameters": parameters,
            "responses": {"200": {"description": "OK"}},
        }
        paths |= {base: {"post": operation}, f"{base}/{{name}}": {"put": operation, "patch": operation}}
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": VERSION["gitVersion"]}, "paths": paths}
