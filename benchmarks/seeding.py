"""Revisions as large as real ones: the Secrets that Helm leaves, made fast enough for 25,000 of them."""

from __future__ import annotations

import base64
import json
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Object = dict[str, Any]

NAMESPACES = 40
MEAN_GZIP = 27 * 1024
"""Bytes of a mean payload once Helm has compressed it."""
UNSETTLED_SHARE = 0.077
"""Releases whose newest revision failed or hangs, and that keep an older deployed one beside it."""
CHARTS = ("api-gateway", "cert-manager", "grafana", "ingress-nginx", "kafka", "loki", "postgresql", "redis", "web", "worker")
_BLOBS = 24
_AROUND_BLOB = 700  # bytes that the rest of a payload takes
_BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
# gzip, deflate, no name, no time, best compression, unknown system: what Go writes.
_GZIP_HEAD = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
_AFTER_BLOB = b'"}]}'
_HELMS_FIELDS = {
    "f:data": {".": {}, "f:release": {}},
    "f:metadata": {"f:labels": {".": {}, "f:modifiedAt": {}, "f:name": {}, "f:owner": {}, "f:status": {}, "f:version": {}}},
    "f:type": {},
}


@dataclass(frozen=True, slots=True)
class Blob:
    """The part of a payload that many share: templates that do not compress, as text and already compressed."""

    text: bytes
    deflated: bytes
    """Refers to nothing before it, so that it can follow any head."""


def blobs(seed: int = 1) -> list[Blob]:
    """Of a third to five thirds of the mean size, so that their mean is the mean size."""
    chance, made = random.Random(seed), []
    for number in range(_BLOBS):
        size = int((MEAN_GZIP - _AROUND_BLOB) * (1 / 3 + 4 / 3 * number / (_BLOBS - 1)))
        # gzip brings base64 back to the size of the random bytes it stands for, and no further.
        text = base64.b64encode(chance.randbytes(size))
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        made.append(Blob(text, packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)))
    chance.shuffle(made)
    return made


def payload(head: Object, blob: Blob, tail: Object) -> str:
    """A release as Helm stores it: its JSON in one gzip, in base64 twice. The blob is not compressed again."""
    opened = json.dumps(head, separators=(",", ":")).encode()
    # Cut open where the blob goes: `head` ends with a chart whose one template is empty.
    before, after = opened[: -len(_AFTER_BLOB) - 1], _AFTER_BLOB + b"," + json.dumps(tail, separators=(",", ":")).encode()[1:]
    first, last = (zlib.compressobj(6, zlib.DEFLATED, -15) for _ in range(2))
    packed = first.compress(before) + first.flush(zlib.Z_FULL_FLUSH) + blob.deflated + last.compress(after) + last.flush()
    check = zlib.crc32(after, zlib.crc32(blob.text, zlib.crc32(before)))
    size = len(before) + len(blob.text) + len(after)
    return base64.b64encode(base64.b64encode(_GZIP_HEAD + packed + struct.pack("<II", check, size))).decode()


@dataclass(frozen=True)
class Seeds:
    """So many releases with so many revisions each, the same each time."""

    releases: int
    revisions: int
    blobs: list[Blob] = field(default_factory=blobs)

    def name(self, number: int) -> tuple[str, str]:
        """Namespace and name of a release."""
        return f"team-{number % NAMESPACES:02d}", f"{CHARTS[number % len(CHARTS)]}-{number:05d}"

    def is_unsettled(self, number: int) -> bool:
        """Whether the newest revision failed or hangs: spread evenly, exactly UNSETTLED_SHARE of all."""
        return self.revisions > 1 and int((number + 1) * UNSETTLED_SHARE) > int(number * UNSETTLED_SHARE)

    def status(self, number: int, revision: int) -> str:
        """Of one revision."""
        behind = self.revisions - revision
        if not self.is_unsettled(number):
            return "superseded" if behind > 0 else "deployed"
        if behind <= 0:
            return "failed" if number % 2 else "pending-upgrade"
        return "deployed" if behind == 1 else "superseded"

    def secrets(self) -> Iterator[Object]:
        """All of them."""
        for number in range(self.releases):
            for revision in range(1, self.revisions + 1):
                yield self.secret(number, revision, self.status(number, revision))

    def secret(self, number: int, revision: int, status: str) -> Object:
        """The Secret that holds one revision."""
        namespace, name = self.name(number)
        begun = _BEGUN + timedelta(minutes=number)
        when = begun + timedelta(days=revision)
        chart = CHARTS[number % len(CHARTS)]
        head = {
            "name": name,
            "info": {
                "first_deployed": f"{begun:%Y-%m-%dT%H:%M:%S}.123456789Z",
                "last_deployed": f"{when:%Y-%m-%dT%H:%M:%S}.987654321Z",
                "deleted": "",
                "description": "Upgrade complete" if status != "failed" else "Upgrade failed: timed out waiting for the condition",
                "status": status,
                "notes": f"Visit {chart} in {namespace}.",
            },
            "chart": {
                "metadata": {
                    "name": chart,
                    "home": f"https://charts.example.com/{chart}",
                    "sources": [f"https://git.example.com/{chart}"],
                    "version": f"1.{number % 30}.{revision}",
                    "description": f"A chart that runs {chart} for the benchmarks of helmpanel.",
                    "keywords": [chart, "benchmark"],
                    "apiVersion": "v2",
                    "appVersion": f"2.{revision}",
                    "type": "application",
                },
                "lock": None,
                "templates": [{"name": "templates/all.yaml", "data": ""}],
            },
        }
        tail = {"config": {"replicas": 2}, "manifest": "", "version": revision, "namespace": namespace}
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "helm.sh/release.v1",
            "metadata": {
                "name": f"sh.helm.release.v1.{name}.v{revision}",
                "namespace": namespace,
                "labels": {"modifiedAt": str(int(when.timestamp())), "name": name, "owner": "helm", "status": status, "version": str(revision)},
                "managedFields": [
                    {
                        "manager": "helm",
                        "operation": "Update",
                        "apiVersion": "v1",
                        "time": f"{when:%Y-%m-%dT%H:%M:%SZ}",
                        "fieldsType": "FieldsV1",
                        "fieldsV1": _HELMS_FIELDS,
                    }
                ],
            },
            "data": {"release": payload(head, self.blobs[(number + revision) % len(self.blobs)], tail)},
        }
