"""Releases written into the sandbox as helm would have stored them, without running helm: 40 releases take under a second.

The stored chart, values and manifest are whole, so that the real helm can upgrade, roll back and uninstall what is seeded here.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import yaml

from helmpanel.sandbox.demo.chart import Chart, Rendered
from helmpanel.sandbox.objects import Object

LATER_THAN_STORED = ("pending-install", "pending-upgrade", "pending-rollback")
"""A revision in one of these wrote its Secret, and perhaps nothing else."""


class Store(Protocol):
    """What seeding needs of a sandbox."""

    def put(self, *objects: Object) -> None:
        """Store objects as they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One revision of a release."""

    chart: Chart
    status: str
    deployed: datetime
    """UTC; when this revision was made."""
    values: Mapping[str, object] = field(default_factory=dict)
    """User-supplied values."""
    description: str = ""
    """Empty for helm's own words for the status."""


def seed_namespace(box: Store, name: str) -> None:
    """A namespace to seed releases in."""
    box.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}}})


def seed_release(box: Store, namespace: str, name: str, revisions: Sequence[StoredRevision], *, first: int = 1) -> None:
    """Store a release with its history, and the objects it left in the cluster.

    Args:
        box: The sandbox.
        namespace: Must exist.
        name: Release name.
        revisions: Oldest first.
        first: Number of the oldest revision: helm keeps ten and drops the older ones.
    """
    begun = revisions[0].deployed
    live: tuple[StoredRevision, Rendered] | None = None
    for number, revision in enumerate(revisions, first):
        made = revision.chart.render(name, namespace, number, revision.values)
        box.put(_secret(namespace, name, number, revision, made, begun))
        if revision.status not in LATER_THAN_STORED:
            live = (revision, made)
    if live and live[0].status != "uninstalled":
        box.put(*live_objects(live[1].manifest, namespace, name), *map(_loaded, live[0].chart.crd_texts.values()))


def live_objects(manifest: str, namespace: str, release: str) -> list[Object]:
    """The manifest's objects as the cluster holds them: with a namespace, and marked as helm's own."""
    objects = []
    for document in manifest.split("---\n# Source: ")[1:]:
        obj = _loaded(document.partition("\n")[2])
        metadata = obj["metadata"]
        metadata["namespace"] = namespace
        metadata["annotations"] = {**metadata.get("annotations", {}), "meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace}
        objects.append(obj)
    return objects


def _loaded(text: str) -> Object:
    loaded: Object = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


def _secret(namespace: str, name: str, number: int, revision: StoredRevision, made: Rendered, begun: datetime) -> Object:
    """The Secret that holds one revision, in Helm's storage format."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{number}",
            "namespace": namespace,
            "creationTimestamp": _when(revision.deployed)[:19] + "Z",
            "labels": {
                "name": name,
                "owner": "helm",
                "status": revision.status,
                "version": str(number),
                "modifiedAt": str(int(revision.deployed.timestamp())),
            },
        },
        "data": {"release": encoded(payload(namespace, name, number, revision, made, begun))},
    }


def payload(namespace: str, name: str, number: int, revision: StoredRevision, made: Rendered, begun: datetime) -> Object:
    """The release as helm writes it: the same keys in the same order, since readers decode only the front of it."""
    when = _when(revision.deployed)
    return {
        "name": name,
        "info": {
            "first_deployed": _when(begun),
            "last_deployed": when,
            "deleted": when if revision.status == "uninstalled" else "",
            "description": revision.description or _description(revision.status, number),
            "status": revision.status,
            "notes": made.notes,
        },
        "chart": revision.chart.stored,
        "config": dict(revision.values),
        "manifest": made.manifest,
        "hooks": [
            {
                "name": hook.name,
                "kind": hook.kind,
                "path": hook.path,
                "manifest": hook.manifest,
                "events": [hook.event],
                "last_run": {"started_at": "", "completed_at": "", "phase": ""},
                "weight": 1,
                "delete_policies": ["before-hook-creation", "hook-succeeded"],
            }
            for hook in made.hooks
        ],
        "version": number,
        "namespace": namespace,
    }


def encoded(release: Mapping[str, object]) -> str:
    """The value of the Secret's `release` key: gzip, helm's base64, Kubernetes' base64."""
    packed = gzip.compress(json.dumps(release, separators=(",", ":")).encode(), compresslevel=6)
    return base64.b64encode(base64.b64encode(packed)).decode()


def _description(status: str, number: int) -> str:
    """Helm's own words."""
    words = {
        "failed": "Upgrade failed: resource not ready, and the time was over" if number > 1 else "Release failed: timed out waiting for the condition",
        "pending-install": "Initial install underway",
        "pending-upgrade": "Preparing upgrade",
        "pending-rollback": "Rollback to the last deployed revision",
        "uninstalled": "Uninstallation complete",
        "uninstalling": "Deletion in progress (or silently failed)",
    }
    return words.get(status) or ("Upgrade complete" if number > 1 else "Install complete")


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
