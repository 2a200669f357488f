"""The chart's own values, to look at while deciding."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from helmpanel.errors import HelmPanelError
from helmpanel.text import cut, mask_text
from helmpanel.views.dialog import Dialogs, Form
from helmpanel.views.words import count
from helmpanel.views.yaml_view import YamlView

if TYPE_CHECKING:
    from helmpanel.cluster import Cluster


async def show_defaults(cluster: Cluster, host: Dialogs, chart: str, version: str) -> None:
    """Show what `helm show values` says of a chart, in a dialog on top, until it is closed."""
    view = YamlView(label="Chart defaults", file_name="chart-defaults.yaml", is_loading=True, placeholder="The chart sets no values.")
    form = Form(
        title=cut(f"Defaults of {chart} {version}".strip(), 200),
        facts=["What the chart sets by itself"],
        context=cluster.context,
        size="xl",
        is_tall=True,
        is_flush=True,
        cancel="Close",
        start_at="none",
        body=[view],
    )
    asked = asyncio.ensure_future(host.ask(form))
    try:
        text = await cluster.chart_defaults(chart, version)
        await view.show(text, count(len(text.splitlines()), "line"))
    except HelmPanelError as error:
        view.param.update(is_loading=False, problem=cut(mask_text(str(error)), 600))
    await asked
