"""Refusals, in the words of a real API server: helm prints them to its user, so the wording matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helmpanel.sandbox.objects import Object
    from helmpanel.sandbox.resources import Resource


class ApiError(Exception):
    """An answer that is a failure `Status`."""

    def __init__(self, code: int, reason: str, message: str, details: Object | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details or {}

    def body(self) -> Object:
        """The Status object that tells it."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "details": self.details,
            "code": self.code,
        }


class UnknownRequest(ApiError):
    """A request this server does not simulate. It fails loudly, so that nothing is believed that was never built."""

    def __init__(self, what: str) -> None:
        super().__init__(501, "NotImplemented", f"the sandbox does not simulate {what}; build it in helmpanel.sandbox, or do not ask for it")


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field."""

    field: str
    text: str


def _details(resource: Resource, name: str, kind: str | None = None) -> Object:
    return {"name": name, "group": resource.group, "kind": kind or resource.plural}


def not_found(resource: Resource, name: str) -> ApiError:
    """404 for an object."""
    return ApiError(404, "NotFound", f'{resource.qualified} "{name}" not found', _details(resource, name))


def already_exists(resource: Resource, name: str) -> ApiError:
    """409 for a create."""
    return ApiError(409, "AlreadyExists", f'{resource.qualified} "{name}" already exists', _details(resource, name))


def conflict(resource: Resource, name: str, why: str) -> ApiError:
    """409 for a change."""
    return ApiError(409, "Conflict", f'Operation cannot be fulfilled on {resource.qualified} "{name}": {why}', _details(resource, name))


def invalid(resource: Resource, name: str, errors: Sequence[FieldError]) -> ApiError:
    """422, naming each field that is wrong."""
    said = [f"{each.field}: {each.text}" for each in errors]
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    message = f'{kind} "{name}" is invalid: {said[0] if len(said) == 1 else "[" + ", ".join(said) + "]"}'
    causes = [{"reason": "FieldValueInvalid", "message": each.text, "field": each.field} for each in errors]
    return ApiError(422, "Invalid", message, {**_details(resource, name, resource.kind), "causes": causes})


def bad_request(message: str) -> ApiError:
    """400."""
    return ApiError(400, "BadRequest", message)


def forbidden(resource: Resource, name: str | None, user: str, verb: str, namespace: str | None, subresource: str | None = None) -> ApiError:
    """403, as the RBAC authorizer says it."""
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    what = f"{resource.plural}/{subresource}" if subresource else resource.plural
    subject = f'{resource.qualified} "{name}"' if name else resource.qualified
    message = f'{subject} is forbidden: User "{user}" cannot {verb} resource "{what}" in API group "{resource.group}" {where}'
    return ApiError(403, "Forbidden", message, _details(resource, name or ""))


def unauthorized() -> ApiError:
    """401."""
    return ApiError(401, "Unauthorized", "Unauthorized")


def unsupported_media_type(content_type: str) -> ApiError:
    """415."""
    return ApiError(
        415, "UnsupportedMediaType", f"the body of the request was in an unknown format ({content_type}) - accepted media types include: application/json"
    )
