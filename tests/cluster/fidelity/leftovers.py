"""What earlier work had left in the cluster before the first recorded command.

Helm 4 was recorded after Helm 3 in the same cluster, so its `list -A` rows show the releases of the Helm 3 run. They are known by what those rows say of
them, which is also all that `helm list` reads, and are stored again as Secrets. Helm 3 was recorded for the second time: its CRD was there.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import yaml

from .charts import crd
from .recording import Row
from .steps import Manifest

_SHIFT = timedelta(days=-400)
"""The seeded releases are older than whatever the replay installs, whenever it runs. Whole days keep what `list --date` sorts by."""


def leftovers(major: int, recorded: Mapping[str, Row]) -> list[Manifest]:
    """Objects to store before the first step."""
    if major == 3:
        return [yaml.safe_load(crd(3))]
    labelled = {(entry["namespace"], entry["name"]) for entry in _entries(recorded["list-selector"])}
    found = {(entry["namespace"], entry["name"], entry["revision"]): entry for row in recorded.values() for entry in _entries(row)}
    earlier = [entry for entry in found.values() if entry["namespace"].startswith("h3")]
    namespaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in sorted({entry["namespace"] for entry in earlier})]
    return [*namespaces, *(_release(entry, blue=(entry["namespace"], entry["name"]) in labelled) for entry in earlier)]


def _entries(row: Row) -> Iterator[dict[str, str]]:
    """The releases a `list -A -o json` row shows, with a time in Go's own form."""
    if row.argv[:4] == ["list", "-A", "-o", "json"] and "--time-format" not in row.argv and "-q" not in row.argv and row.rc == 0:
        yield from json.loads(row.stdout)


def _release(entry: Mapping[str, str], *, blue: bool) -> Manifest:
    """The Secret of one revision, with as much of the release as `helm list` reads."""
    # A generated name ends in the second of its install: one that is older than any install of the replay, and so sorts before it.
    name = re.sub(r"^cm-\d{10}$", "cm-1000000000", entry["name"])
    chart, _, version = entry["chart"].rpartition("-")
    seconds, _, nanoseconds = entry["updated"].removesuffix(" +0000 UTC").partition(".")
    deployed = (datetime.fromisoformat(seconds) + _SHIFT).isoformat() + f".{nanoseconds}Z"
    release = {
        "name": name,
        "namespace": entry["namespace"],
        "version": int(entry["revision"]),
        "info": {"first_deployed": deployed, "last_deployed": deployed, "deleted": "", "description": "", "status": entry["status"]},
        "chart": {"metadata": {"name": chart, "version": version, "apiVersion": "v2", "appVersion": entry["app_version"]}},
    }
    packed = base64.b64encode(gzip.compress(json.dumps(release).encode()))
    labels = {"owner": "helm", "name": name, "status": entry["status"], "version": entry["revision"]}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{entry['revision']}",
            "namespace": entry["namespace"],
            "labels": labels | ({"team": "blue"} if blue else {}),
        },
        "data": {"release": base64.b64encode(packed).decode()},
    }
