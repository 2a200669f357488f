"""Releases and revisions as param classes, for those that are being looked at."""

from __future__ import annotations

from datetime import datetime

import param

from helmpanel.model.availability import Availability, AvailabilityState
from helmpanel.model.health import NOT_LOOKED, Health
from helmpanel.model.keys import ReleaseKey


class Release(param.Parameterized):
    """One installed release, as the cluster last said; it changes with the cluster while somebody holds it. Written by the inventory only."""

    key = param.ClassSelector(class_=ReleaseKey, constant=True, doc="Context, namespace and name.")
    namespace = param.String(constant=True, doc="Namespace the release lives in.")
    name = param.String(constant=True, doc="Name, unique in its namespace.")
    revision = param.Integer(default=0, bounds=(0, None), doc="Highest revision stored.")
    status = param.String(doc="Helm's own word, see ReleaseStatus.")
    chart = param.String(doc="Chart name; empty while the payload has not been read, and when it cannot be.")
    version = param.String(doc="Chart version. Never split from `name-version`: both may hold dashes.")
    app_version = param.String(doc="The chart's appVersion; empty when it has none.")
    updated = param.ClassSelector(class_=datetime, allow_None=True, doc="UTC time of the last change; None when not known.")
    description = param.String(doc="Helm's note on the revision. Untrusted text.")
    is_gone = param.Boolean(default=False, doc="The cluster no longer has it; the other parameters are the last known.")
    availability = param.ClassSelector(
        class_=Availability,
        default=Availability(state=AvailabilityState.UNKNOWN),
        doc="Newer version, and the repository that says so.",
    )
    health = param.ClassSelector(class_=Health, default=NOT_LOOKED, doc="Readiness of its workloads.")
    unreadable = param.String(doc="Why the stored payload cannot be read, as a sentence; empty when it can.")

    def __repr__(self) -> str:
        """Which one it is, and what it is now."""
        gone = ", is_gone=True" if self.is_gone else ""
        return f"Release({str(self.key)!r}, status={self.status!r}, version={self.version!r}{gone})"


class Revision(param.Parameterized):
    """One stored revision of a release, as `helm history` tells it."""

    revision = param.Integer(default=1, bounds=(1, None), doc="Number, counting up from 1.")
    updated = param.ClassSelector(class_=datetime, allow_None=True, doc="UTC; None when Helm stored none.")
    status = param.String(doc="Helm's own word.")
    chart = param.String(doc="Chart name.")
    version = param.String(doc="Chart version.")
    app_version = param.String(doc="The chart's appVersion; empty when it has none.")
    description = param.String(doc="Helm's note. Untrusted text.")
