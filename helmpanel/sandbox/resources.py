"""The resources the server serves: the built-in table, and what CustomResourceDefinitions add to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from helmpanel.sandbox.objects import Object


class Resource(NamedTuple):
    """One kind of object and where it is served."""

    group: str  # empty for the core
    version: str
    plural: str
    kind: str
    is_namespaced: bool
    subresources: tuple[str, ...] = ()
    definition: str = ""  # name of the CustomResourceDefinition it comes from; empty for a built-in one

    @property
    def api_version(self) -> str:
        """Group and version as an object's `apiVersion` has them."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """Plural with its group, as messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def gvk(self) -> tuple[str, str, str]:
        """Group, version and kind."""
        return self.group, self.version, self.kind


def defined_by(definition: Object) -> Resource:
    """The resource a CustomResourceDefinition adds: its storage version, the only one served here."""
    spec, name = definition["spec"], definition["metadata"]["name"]
    version = next(each for each in spec["versions"] if each.get("storage"))
    subresources = ("status",) if "status" in (version.get("subresources") or {}) else ()
    names = spec["names"]
    return Resource(spec["group"], version["name"], names["plural"], names["kind"], spec["scope"] == "Namespaced", subresources, name)


class Resources:
    """All resources, found by path or by kind."""

    def __init__(self) -> None:
        self._by_path: dict[tuple[str, str, str], Resource] = {}
        for line in Path(__file__).with_name("resources.txt").read_text().splitlines()[1:]:
            api_version, plural, kind, scope, parts = line.split()
            group, _, version = api_version.rpartition("/")
            self.add(Resource(group, version, plural, kind, scope == "N", tuple(each for each in parts.split(",") if each != "-")))

    def __iter__(self) -> Iterator[Resource]:
        return iter(tuple(self._by_path.values()))

    def at(self, group: str, version: str, plural: str) -> Resource | None:
        """The resource served at this path."""
        return self._by_path.get((group, version, plural))

    def named(self, kind: str, api_version: str | None = None) -> Resource:
        """The resource of a kind, the first one when no apiVersion is given; a KeyError when nothing of that kind is served."""
        for each in self._by_path.values():
            if each.kind == kind and api_version in (None, each.api_version):
                return each
        raise KeyError(f"no {kind} ({api_version or 'any version'}) is served")

    def add(self, resource: Resource) -> None:
        """Serve one more, unless something is served there."""
        self._by_path.setdefault((resource.group, resource.version, resource.plural), resource)

    def remove(self, definition: str) -> list[Resource]:
        """Serve no longer what a CustomResourceDefinition defined; gives what went."""
        gone = [each for each in self if each.definition == definition]
        for each in gone:
            del self._by_path[each.group, each.version, each.plural]
        return gone
