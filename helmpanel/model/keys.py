"""What names a release."""

from __future__ import annotations

from dataclasses import dataclass

from helmpanel.errors import PlanInvalid


@dataclass(frozen=True, slots=True, order=True)
class ReleaseKey:
    """A release is (context, namespace, name): names repeat across namespaces, namespaces across contexts."""

    context: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @classmethod
    def parse(cls, context: str, text: str) -> ReleaseKey:
        """Key from `namespace/name`.

        Raises:
            PlanInvalid: The text has no slash, or an empty part.
        """
        namespace, slash, name = text.partition("/")
        if not slash or not namespace or not name or "/" in name:
            raise PlanInvalid(f"{text!r} does not name a release. Write it as namespace/name, such as team-a/web.")
        return cls(context, namespace, name)
