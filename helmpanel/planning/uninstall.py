"""What an uninstall will run, what it takes away and what it leaves. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from helmpanel.helm import argv
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import OperationKind, Plan
from helmpanel.model.preview import ObjectGroup, UninstallPreview
from helmpanel.planning.words import checked_timeout, waiting
from helmpanel.text.depth import is_too_deep

Doc = Mapping[str, object]

KEPT = "kept by its resource policy"
CRD = "from the chart's crds folder: helm never removes these"
HOOK = "made by a hook, if that has run: helm does not count it to the release"
VOLUME = "holds the data of a StatefulSet: Kubernetes keeps it"
NAMESPACE = "helm leaves the namespace and whatever else is in it"
UNREADABLE = "Unreadable"
"""Kind under which documents are counted that are no YAML."""


def plan_uninstall(release: ReleaseKey, *, revision: int, keep_history: bool, wait: bool, timeout_s: float, target: argv.Target, major: int) -> Plan:
    """The frozen plan of an uninstall.

    Raises:
        PlanInvalid: A timeout that cannot be.
    """
    timeout_s = checked_timeout(timeout_s)
    history = "keeps its history" if keep_history else "removes its history"
    return Plan(
        kind=OperationKind.UNINSTALL,
        release=release,
        argv=argv.uninstall(release, target, major, keep_history=keep_history, wait=wait, timeout_s=timeout_s),
        revision=revision,
        timeout_s=timeout_s,
        sentence=f"Uninstalls {release.name} from {release.namespace} and {history}" + (f", {waiting(wait, timeout_s)}." if wait else "."),
    )


def uninstall_preview(manifest: str, *, namespace: str, hooks: Sequence[str] = (), crds: Sequence[str] = (), revisions: int) -> UninstallPreview:
    """Objects of a release by fate. Takes 1 s for a 1 MB manifest: call it in a thread.

    Args:
        manifest: What `helm get manifest` says.
        namespace: The release's, for objects that name none.
        hooks: Manifests of the release's hooks.
        crds: Files of the chart's crds folder.
        revisions: Stored revisions.
    """
    goes: list[tuple[str, str, str]] = []
    stays: list[tuple[str, str, str]] = []
    for doc in _objects([manifest]):
        kind, name = _kind(doc), _name(doc, namespace)
        if _annotation(doc, "helm.sh/resource-policy").strip().lower() == "keep":
            stays.append((kind, name, KEPT))
            continue
        goes.append((kind, name, ""))
        if kind == "StatefulSet":
            fate = stays if _keeps_volumes(doc) else goes
            fate.extend(("PersistentVolumeClaim", claim, VOLUME if fate is stays else "") for claim in _claims(doc, namespace))
    for doc in _objects(hooks):
        if "hook-succeeded" not in _annotation(doc, "helm.sh/hook-delete-policy"):
            stays.append((_kind(doc), _name(doc, namespace), HOOK))
    stays.extend((_kind(doc), _name(doc, ""), CRD) for doc in _objects(crds))
    if ("Namespace", namespace, "") not in goes:
        stays.append(("Namespace", namespace, NAMESPACE))
    return UninstallPreview(goes=_groups(goes), stays=_groups(stays), revisions=revisions)


def _groups(items: Iterable[tuple[str, str, str]]) -> tuple[ObjectGroup, ...]:
    """By kind and reason, in the order they came; names sorted and once each."""
    found: dict[tuple[str, str], set[str]] = {}
    for kind, name, reason in items:
        found.setdefault((kind, reason), set()).add(name)
    return tuple(ObjectGroup(kind=kind, names=tuple(sorted(names)), reason=reason) for (kind, reason), names in found.items())


def _objects(texts: Iterable[str]) -> Iterator[Doc]:
    for text in texts:
        # As helm splits them, so that one document that is no YAML does not hide the others.
        for part in re.split(r"(?m)^---[ \t]*(?:#.*)?$", text):
            try:
                doc = {"kind": UNREADABLE, "metadata": {"name": _source(part)}} if is_too_deep(part) else yaml.load(part, yaml.CSafeLoader)
            except (yaml.YAMLError, ValueError):
                yield {"kind": UNREADABLE, "metadata": {"name": _source(part)}}
                continue
            yield from _flat(doc)


def _flat(doc: object) -> Iterator[Doc]:
    if not isinstance(doc, dict):
        return
    items = doc.get("items")
    if str(doc.get("kind", "")).endswith("List") and isinstance(items, list):
        for item in items:
            yield from _flat(item)
    elif doc.get("kind"):
        yield doc


def _source(part: str) -> str:
    match = re.search(r"^# Source: (.+)$", part, re.M)
    return match[1].strip() if match else "a document of the manifest"


def _part(doc: Doc, *path: str) -> object:
    found: object = doc
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _kind(doc: Doc) -> str:
    return str(doc.get("kind"))


def _name(doc: Doc, home: str) -> str:
    name, namespace = str(_part(doc, "metadata", "name") or "?"), _part(doc, "metadata", "namespace")
    return f"{namespace}/{name}" if namespace and namespace != home else name


def _annotation(doc: Doc, name: str) -> str:
    return str(_part(doc, "metadata", "annotations", name) or "")


def _keeps_volumes(doc: Doc) -> bool:
    return _part(doc, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") != "Delete"


def _claims(doc: Doc, home: str) -> Iterator[str]:
    """Names Kubernetes gives the claims of a StatefulSet: template-set-ordinal."""
    templates, replicas = _part(doc, "spec", "volumeClaimTemplates"), _part(doc, "spec", "replicas")
    count = replicas if isinstance(replicas, int) and not isinstance(replicas, bool) else 1
    first = _part(doc, "spec", "ordinals", "start")
    start = first if isinstance(first, int) else 0
    for template in templates if isinstance(templates, list) else ():
        template_name = _part(template, "metadata", "name") if isinstance(template, dict) else None
        for ordinal in range(start, start + min(count, 1000)):
            yield _name({"metadata": {**_metadata(doc), "name": f"{template_name}-{_part(doc, 'metadata', 'name')}-{ordinal}"}}, home)


def _metadata(doc: Doc) -> dict[str, object]:
    metadata = doc.get("metadata")
    return metadata if isinstance(metadata, dict) else {}
