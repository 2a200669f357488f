"""What Helm writes beside a payload: the labels of a stored revision. Pure; never raises, whatever it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from helmpanel.inventory.kinds import Kind
from helmpanel.text import cut

SELECTOR = "owner=helm,status!=superseded"
"""Leaves out old revisions: at ten a release that is a tenth of what `helm list` fetches. A failed or pending one keeps the deployed one before it."""
OLD = "owner=helm,status=superseded"
"""The rest of them."""
LONGEST = 253
"""Characters of a name or status; Kubernetes allows no more in a name, and no more than 63 in a label."""

EARLIEST, LATEST = datetime(1678, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)
"""Times that the releases frame can hold; any other is as good as none."""

UNKNOWN = "unknown"
"""Status of a record without that label."""

_NAME = re.compile(r"sh\.helm\.release\.v1\.(.+)\.v(\d{1,9})")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_NUMBER = re.compile(r"\d{1,9}")
_SECONDS = re.compile(r"\d{1,11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One stored revision, by its metadata alone."""

    namespace: str
    object_name: str
    """Of the Secret or ConfigMap."""
    name: str
    """Of the release."""
    revision: int
    status: str
    modified: datetime | None
    """UTC, to the second: when the record was last written."""
    version: str
    """resourceVersion: another one, another payload."""

    @property
    def release(self) -> tuple[str, str]:
        """Namespace and name."""
        return self.namespace, self.name


def stored(obj: Mapping[str, object]) -> Stored | None:
    """A stored revision from a Secret's or ConfigMap's metadata; None for an object that names no release."""
    metadata = _mapping(obj.get("metadata") if isinstance(obj, Mapping) else None)
    labels = _mapping(metadata.get("labels"))
    object_name, namespace = _text(metadata.get("name")), _text(metadata.get("namespace"))
    name, number = _text(labels.get("name")), _text(labels.get("version"))
    if (not name or not number) and (by_name := named(object_name)):
        name, number = name or by_name[0], number or str(by_name[1])
    if not name or not object_name or not _NUMBER.fullmatch(number):
        return None
    return Stored(
        namespace=namespace,
        object_name=object_name,
        name=cut(name, LONGEST),
        revision=int(number),
        status=cut(_text(labels.get("status")), LONGEST) or UNKNOWN,
        modified=_moment(labels.get("modifiedAt")) or _moment(labels.get("createdAt")),
        version=_text(metadata.get("resourceVersion")),
    )


def named(object_name: str) -> tuple[str, int] | None:
    """Release and revision that the name of a Secret or ConfigMap tells; None for a name that helm gives none."""
    found = _NAME.fullmatch(object_name)
    return (found[1], int(found[2])) if found else None


def can_select(name: str) -> bool:
    """Whether a labelSelector can ask for this release."""
    return _LABEL.fullmatch(name) is not None


def releases_kind(plural: str, selector: str = SELECTOR) -> Kind[Stored]:
    """Helm's stored revisions as metadata.

    Args:
        plural: secrets or configmaps.
        selector: SELECTOR or OLD.
    """
    return Kind(group_path="/api/v1", plural=plural, selector=selector, convert=stored, is_metadata=True)


def is_newer(version: str, other: str) -> bool:
    """Whether a resourceVersion is later than another. They are numbers on every server there is, and since 1.35 by contract; of others we do not know."""
    return version.isdecimal() and other.isdecimal() and int(version) > int(other)


def _moment(value: object) -> datetime | None:
    """A label of seconds since 1970."""
    if not isinstance(value, str) or not _SECONDS.fullmatch(value):
        return None
    try:
        found = datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if EARLIEST <= found < LATEST else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
