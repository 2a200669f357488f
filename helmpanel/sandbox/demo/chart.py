"""Believable Helm charts: as files, as an archive, and rendered as helm would render them."""

from __future__ import annotations

import base64
import copy
import gzip
import io
import json
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from helmpanel.sandbox.demo.template import rendered

# The order in which helm writes the kinds used here into a manifest (its InstallOrder).
_KINDS = ("ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim", "Service", "Deployment", "StatefulSet")
_PARTS = Path(__file__).parent / "parts"
_KIND = re.compile(r"^kind: (\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One workload of a chart."""

    name: str
    port: int = 8080
    stateful: bool = False
    """A StatefulSet with a volume claim instead of a Deployment."""
    replicas: int = 1

    @property
    def key(self) -> str:
        """Its key in the values: `web-server` is `webServer`."""
        first, *rest = self.name.split("-")
        return first + "".join(part.capitalize() for part in rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedHook:
    """A template that carries a hook annotation: kept out of the manifest."""

    name: str
    kind: str
    path: str
    manifest: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What helm stores of a chart's templates."""

    manifest: str
    hooks: tuple[RenderedHook, ...]
    notes: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One version of one chart."""

    name: str
    version: str
    app_version: str
    description: str = ""
    image: str = ""
    """Repository of the container image; empty for the chart's own name."""
    components: tuple[Component, ...] = (Component(name="server"),)
    has_schema: bool = False
    has_migration: bool = False
    """A pre-upgrade hook job."""
    migration_fails: bool = False
    """It ends with an error, as a database does that is not as the chart thinks."""
    keeps_claim: bool = False
    """A volume claim with `helm.sh/resource-policy: keep`."""
    has_metrics: bool = False
    """Newer charts bring a `metrics` section in the values."""
    crds: tuple[str, ...] = ()
    """Kinds defined under crds/, such as `Certificate.example.io`."""

    @cached_property
    def metadata(self) -> dict[str, object]:
        """Chart.yaml."""
        return {
            "name": self.name,
            "version": self.version,
            "description": self.description or f"{self.name} for Kubernetes",
            "keywords": [self.name],
            "apiVersion": "v2",
            "appVersion": self.app_version,
            "type": "application",
        }

    @cached_property
    def values_text(self) -> str:
        """values.yaml, comments included."""
        blocks = [
            f"image:\n  repository: {self.image or self.name}\n  # The chart's appVersion when empty\n  tag: ''\n  pullPolicy: IfNotPresent\n",
            *(
                f"{c.key}:\n  # Pods to run\n  replicas: {c.replicas}\n  resources:\n    limits:\n      memory: 512Mi\n"
                f"    requests:\n      cpu: 100m\n      memory: 256Mi\n"
                for c in self.components
            ),
            "service:\n  type: ClusterIP\n",
            "config:\n  logLevel: info\n  timezone: UTC\n",
            "auth:\n  username: admin\n  # Set your own\n  password: change-me\n",
            "podAnnotations: {}\n",
        ]
        if self.keeps_claim or any(c.stateful for c in self.components):
            blocks.append("persistence:\n  size: 8Gi\n")
        if self.has_metrics:
            blocks.append("metrics:\n  enabled: true\n  port: 9090\n")
        return f"# Default values of {self.name}.\n\n" + "\n".join(blocks)

    @cached_property
    def values(self) -> dict[str, object]:
        """values.yaml, read."""
        loaded: dict[str, object] = yaml.load(self.values_text, Loader=yaml.CSafeLoader)
        return loaded

    @cached_property
    def templates(self) -> dict[str, str]:
        """Template texts by path inside the chart, sorted."""
        first = self.components[0]
        found = {
            "NOTES.txt": _for_component(_part("NOTES.txt"), first),
            "config.yaml": _part("config.yaml"),
            "credentials.yaml": _part("credentials.yaml"),
            "serviceaccount.yaml": _part("serviceaccount.yaml"),
        }
        for c in self.components:
            found[f"{c.name}.yaml"] = _for_component(_part("statefulset.yaml" if c.stateful else "deployment.yaml"), c)
            found[f"{c.name}-service.yaml"] = _for_component(_part("service.yaml"), c)
        if self.has_migration:
            command = "run-migrations" if not self.migration_fails else "echo 'relation dashboards does not exist' >&2; exit 1"
            found["migration.yaml"] = _part("migration.yaml").replace("@command@", command)
        if self.keeps_claim:
            found["shared-claim.yaml"] = _part("shared-claim.yaml")
        if self.has_metrics:
            found["metrics.yaml"] = _part("metrics.yaml")
        return {f"templates/{path}": found[path] for path in sorted(found)}

    @cached_property
    def crd_texts(self) -> dict[str, str]:
        """Custom resource definitions by path inside the chart."""
        return {f"crds/{name.partition('.')[0].lower()}.yaml": _crd(name) for name in self.crds}

    @cached_property
    def schema_text(self) -> str:
        """values.schema.json; empty when the chart has none."""
        return _part("values.schema.json") if self.has_schema else ""

    @property
    def files(self) -> dict[str, str]:
        """Every file of the chart by path."""
        found = {"Chart.yaml": yaml.safe_dump(self.metadata, sort_keys=False), "values.yaml": self.values_text, **self.templates, **self.crd_texts}
        if self.schema_text:
            found["values.schema.json"] = self.schema_text
        return found

    def write(self, folder: Path) -> Path:
        """The chart as a directory below `folder`; gives that directory."""
        top = folder / self.name
        for path, text in self.files.items():
            target = top / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return top

    @cached_property
    def archive(self) -> bytes:
        """The packaged chart, the same bytes every time."""
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w") as tar:
            for path, text in self.files.items():
                data = text.encode()
                entry = tarfile.TarInfo(f"{self.name}/{path}")
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
        return gzip.compress(plain.getvalue(), compresslevel=6, mtime=0)

    @cached_property
    def stored(self) -> dict[str, object]:
        """The chart as helm puts it into a stored release."""
        return {
            "metadata": self.metadata,
            "lock": None,
            "templates": [{"name": path, "data": _b64(text)} for path, text in self.templates.items()],
            "values": self.values,
            "schema": _b64(self.schema_text) if self.schema_text else None,
            "files": [{"name": path, "data": _b64(text)} for path, text in self.crd_texts.items()],
        }

    def render(self, release: str, namespace: str, revision: int, values: Mapping[str, object]) -> Rendered:
        """What `helm template` would give for these user-supplied values; made once a process, since tests fill many sandboxes."""
        made_before: dict[str, Rendered] = self.__dict__.setdefault("_rendered", {})
        key = json.dumps([release, namespace, revision, values])
        if key not in made_before:
            made_before[key] = self._render(release, namespace, revision, values)
        return made_before[key]

    def _render(self, release: str, namespace: str, revision: int, values: Mapping[str, object]) -> Rendered:
        scope = {
            "Release": {"Name": release, "Namespace": namespace, "Service": "Helm", "Revision": revision},
            "Chart": {"Name": self.name, "Version": self.version, "AppVersion": self.app_version},
            "Values": merged(self.values, values),
        }
        documents: list[tuple[int, str]] = []
        hooks: list[RenderedHook] = []
        notes = ""
        for path, template in self.templates.items():
            text = rendered(template, scope)
            source = f"{self.name}/{path}"
            found = _KIND.search(text)
            if path.endswith("NOTES.txt"):
                notes = text
            elif not found:
                continue
            elif "helm.sh/hook:" in text:
                name = str(yaml.load(text, Loader=yaml.CSafeLoader)["metadata"]["name"])
                hooks.append(RenderedHook(name=name, kind=found[1], path=source, manifest=text.strip(), event="pre-upgrade"))
            else:
                documents.append((_KINDS.index(found[1]), f"---\n# Source: {source}\n{text.strip()}\n"))
        documents.sort(key=lambda pair: pair[0])
        return Rendered(manifest="".join(text for _, text in documents), hooks=tuple(hooks), notes=notes)


def merged(defaults: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """Defaults with the given values laid over them: maps are merged, all else is replaced."""
    result = copy.deepcopy(dict(defaults))
    for key, value in given.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


@cache
def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _for_component(text: str, component: Component) -> str:
    return text.replace("@name@", component.name).replace("@key@", component.key).replace("@port@", str(component.port))


def _crd(name: str) -> str:
    kind, _, group = name.partition(".")
    singular = kind.lower()
    text = _part("crd.yaml").replace("@group@", group).replace("@kind@", kind)
    return text.replace("@plural@", f"{singular}s").replace("@singular@", singular)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
