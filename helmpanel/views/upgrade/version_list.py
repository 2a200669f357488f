"""Versions to choose from."""

from __future__ import annotations

from typing import ClassVar

import param

from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part


class VersionList(Part):
    """A radio group in table form: version, app version, date, and what it would be."""

    value = param.String(doc="Chosen version; empty for none.")
    offers = param.List(doc="Dicts: `version`, `app_version`, `released`, `mark`, `note`.")
    has_prereleases = param.Boolean(default=False, doc="There are pre-releases to ask for.")
    prereleases = param.Boolean(default=False, doc="Pre-releases are asked for. Written by the browser.")
    is_loading = param.Boolean(default=True, doc="On their way.")

    _esm = esm("version_list")
    _stylesheets: ClassVar[list[str]] = [css("shared", "version_list")]
