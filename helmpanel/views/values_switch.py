"""Values of a release: what the user supplied, or everything the chart was rendered with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import panel as pn
import param
from panel.custom import Children

from helmpanel.errors import HelmPanelError
from helmpanel.model.keys import ReleaseKey
from helmpanel.text import cut, mask_text
from helmpanel.views.assets import css, esm
from helmpanel.views.part import Part
from helmpanel.views.words import count
from helmpanel.views.yaml_view import YamlView

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster


class Switch(Part):
    """A few words of which one is chosen, over the part that belongs to it."""

    value = param.String(doc="Key of the chosen one.")
    options = param.List(doc="[key, word] pairs.")
    label = param.String(doc="What is chosen, for screen readers.")
    parts = Children(doc="One part an option; only the chosen one's shows.")

    _esm = esm("switch")
    _stylesheets: ClassVar[list[str]] = [css("shared", "switch")]


class ValuesSwitch:
    """Both kinds of values, each read when it is first looked at.

    Attributes:
        part: What goes into the layout.
    """

    def __init__(self, cluster: Cluster, key: ReleaseKey) -> None:
        self._cluster, self._key = cluster, key
        self._views = {
            "mine": YamlView(
                label=f"Values of {key.name}",
                file_name=f"{key.name}-values.yaml",
                placeholder="No values are set: the chart's defaults apply.",
                is_loading=True,
            ),
            "computed": YamlView(
                label=f"Computed values of {key.name}", file_name=f"{key.name}-computed-values.yaml", placeholder="The chart has no values.", is_loading=True
            ),
        }
        self.part = Switch(value="mine", options=[["mine", "Mine"], ["computed", "Computed"]], label="Which values", parts=list(self._views.values()))
        self._is_read: set[str] = set()
        self.part.param.watch(lambda _: pn.state.execute(partial(self._read_shown)), "value")

    async def read(self) -> None:
        """Read anew what shows; the other when it is next looked at."""
        self._is_read.clear()
        await self._read_shown()

    def failed(self, why: str) -> None:
        """Say in the view that shows why it is empty."""
        self._views[self.part.value].param.update(is_loading=False, problem=why)

    async def _read_shown(self) -> None:
        which = self.part.value
        if which in self._is_read:
            return
        self._is_read.add(which)
        view = self._views[which]
        try:
            text = await self._cluster.values(self._key, computed=which == "computed")
        except HelmPanelError as error:
            self._is_read.discard(which)
            view.param.update(is_loading=False, problem=cut(mask_text(str(error)), 600))
            return
        words = "Set by the user" if which == "mine" else "Defaults of the chart with the user's on top"
        lines = len(text.splitlines())
        await view.show(text, f"{words} · {count(lines, 'line')}" if lines else "")
