"""Refusals, in the words of a real API server: helm prints them to its user, so the wording matters."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple

from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.resources import Resource

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"
# Where they are not the words of HTTP without their spaces.
_REASONS = {410: "Expired", 422: "Invalid", 500: "InternalError", 504: "Timeout"}


class ApiError(Exception):
    """An answer that is a failure `Status`; its reason is the usual one of its code unless another is given."""

    def __init__(self, code: int, message: str, details: Object | None = None, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        usual = _REASONS.get(code) or HTTPStatus(code).phrase.replace(" ", "")
        self.reason = usual if reason is None else reason
        self.message = message
        self.details = details or {}

    @property
    def headers(self) -> dict[str, str]:
        """What its answer carries beside the Status."""
        wait = self.details.get("retryAfterSeconds")
        return {} if wait is None else {"retry-after": str(wait)}

    def body(self) -> Object:
        """The Status object that tells it."""
        told = {"message": self.message, "reason": self.reason, "details": self.details, "code": self.code}
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", **told}


class UnknownRequest(ApiError):
    """A request this server does not simulate. It fails loudly, so that nothing is believed that was never built."""

    def __init__(self, what: str) -> None:
        super().__init__(501, f"the sandbox does not simulate {what}; build it in helmpanel.sandbox, or do not ask for it")


class FieldError(NamedTuple):
    """What is wrong with one field."""

    field: str
    text: str


def details_of(resource: Resource, name: str, **more: object) -> Object:
    """What the details of a Status say of the object it is about."""
    return {"name": name, "group": resource.group, "kind": resource.plural, **more}


def refusal(code: int, resource: Resource, name: str | None, text: str, *, reason: str | None = None) -> ApiError:
    """A failure that begins with an object (without a name, a collection): `secrets "web" not found`."""
    subject = f'{resource.qualified} "{name}"' if name else resource.qualified
    return ApiError(code, f"{subject} {text}", details_of(resource, name or ""), reason=reason)


def modified(resource: Resource, name: str) -> ApiError:
    """409 for a change of something that has changed since it was read."""
    return ApiError(409, f'Operation cannot be fulfilled on {resource.qualified} "{name}": {MODIFIED}', details_of(resource, name))


def invalid(resource: Resource, name: str, errors: Sequence[FieldError]) -> ApiError:
    """422, naming each field that is wrong."""
    said = [f"{each.field}: {each.text}" for each in errors]
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    causes = [{"reason": "FieldValueInvalid", "message": each.text, "field": each.field} for each in errors]
    message = f'{kind} "{name}" is invalid: {said[0] if len(said) == 1 else "[" + ", ".join(said) + "]"}'
    return ApiError(422, message, details_of(resource, name, kind=resource.kind, causes=causes))
