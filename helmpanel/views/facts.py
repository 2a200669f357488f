"""Facts about something: labels and what they are, in one or two columns of sections."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class Facts(Part):
    """Sections of labelled facts. `on("act", handler)` is called with `key=` for a section's link."""

    sections = param.List(
        doc="Dicts: `title`, `rows` ([label, pieces] with pieces [kind, text], kind one of mono, muted, chip or empty) and optionally `link` ([key, word])."
    )
    is_loading = param.Boolean(default=False, doc="More sections are on their way.")

    _esm = esm("facts")
    _stylesheets: ClassVar[list[str]] = [css("shared", "facts")]


class Comparison(Part):
    """A small table of what is now beside what will be."""

    columns = param.List(item_type=str, doc="Headings of the two columns.")
    rows = param.List(doc="[label, now, after, tooltip of now, tooltip of after]; equal pairs are drawn quieter.")

    _esm = esm("comparison")
    _stylesheets: ClassVar[list[str]] = [css("shared", "facts")]


class Timeline(Part):
    """Revisions, newest first. `on("rollback", handler)` is called with `revision=`."""

    revisions = param.List(
        doc="Dicts: `revision`, `at` (milliseconds or None), `exact`, `group` (StatusGroup value), `word`, `what`, `chart`, `is_current`, `is_failed`."
    )
    is_loading = param.Boolean(default=True, doc="On their way.")
    problem = param.String(doc="Why there is no history; empty when there is.")
    disabled_why = param.String(doc="Why nothing can be rolled back now; empty when it can.")

    _esm = esm("timeline")
    _stylesheets: ClassVar[list[str]] = [css("shared", "facts")]


class GoesAndStays(Part):
    """Two columns: what an uninstall takes away, and what it leaves."""

    goes = param.List(doc="[count, what, names] each.")
    stays = param.List(doc="[count, what, names and why] each.")
    is_loading = param.Boolean(default=True, doc="On their way.")
    problem = param.String(doc="Why it is not known; empty when it is.")

    _esm = esm("goes_and_stays")
    _stylesheets: ClassVar[list[str]] = [css("shared", "facts")]
