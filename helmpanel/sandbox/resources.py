"""The resources the server serves: the built-in table, and what CustomResourceDefinitions add to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helmpanel.sandbox.objects import Object

VERBS = ("create", "delete", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of object and where it is served.

    Attributes:
        group: API group; empty for the core.
        definition: Name of the CustomResourceDefinition it comes from; empty for a built-in one.
    """

    group: str
    version: str
    plural: str
    kind: str
    is_namespaced: bool
    subresources: tuple[str, ...] = ()
    definition: str = ""

    @property
    def api_version(self) -> str:
        """Group and version as an object's `apiVersion` has them."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """Plural with its group, as messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        """The kind in lower case."""
        return self.kind.lower()

    @property
    def verbs(self) -> tuple[str, ...]:
        """What can be done with it."""
        return VERBS

    @property
    def gvk(self) -> tuple[str, str, str]:
        """Group, version and kind."""
        return self.group, self.version, self.kind


def _built_in() -> Iterator[Resource]:
    for line in Path(__file__).with_name("resources.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        api_version, plural, kind, scope, subresources = line.split()
        group, _, version = api_version.rpartition("/")
        yield Resource(
            group=group,
            version=version,
            plural=plural,
            kind=kind,
            is_namespaced=scope == "N",
            subresources=() if subresources == "-" else tuple(subresources.split(",")),
        )


def defined_by(definition: Object) -> Iterator[Resource]:
    """The resource a CustomResourceDefinition adds: its storage version, the only one served here."""
    spec = definition["spec"]
    names = spec["names"]
    for version in spec["versions"]:
        if version.get("storage"):
            yield Resource(
                group=spec["group"],
                version=version["name"],
                plural=names["plural"],
                kind=names["kind"],
                is_namespaced=spec["scope"] == "Namespaced",
                subresources=("status",) if "status" in (version.get("subresources") or {}) else (),
                definition=definition["metadata"]["name"],
            )


class Resources:
    """All resources, found by path or by kind."""

    def __init__(self) -> None:
        self._by_path = {(each.group, each.version, each.plural): each for each in _built_in()}

    def __iter__(self) -> Iterator[Resource]:
        return iter(tuple(self._by_path.values()))

    def at(self, group: str, version: str, plural: str) -> Resource | None:
        """The resource served at this path."""
        return self._by_path.get((group, version, plural))

    def named(self, kind: str, api_version: str | None = None) -> Resource:
        """The resource of a kind; the first one when no apiVersion is given.

        Raises:
            KeyError: Nothing of that kind is served.
        """
        for each in self._by_path.values():
            if each.kind == kind and api_version in (None, each.api_version):
                return each
        raise KeyError(f"no {kind} ({api_version or 'any version'}) is served")

    def add(self, resource: Resource) -> bool:
        """Serve one more; False when it is served already."""
        key = resource.group, resource.version, resource.plural
        if key in self._by_path:
            return False
        self._by_path[key] = resource
        return True

    def remove(self, definition: str) -> list[Resource]:
        """Serve no longer what a CustomResourceDefinition defined; the ones that went."""
        gone = [each for each in self if each.definition == definition]
        for each in gone:
            del self._by_path[each.group, each.version, each.plural]
        return gone
