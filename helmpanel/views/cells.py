"""How Tabulator draws the cells of a release: templates that escape whatever comes from outside (`<%- %>`, never `<%= %>`), so any text is safe."""

from __future__ import annotations

from bokeh.models.widgets.tables import HTMLTemplateFormatter

_ICON = '<i class="hp-i" aria-hidden="true" style="--i:var(--hp-icon-{0})"></i>'


def _button(act: str, icon: str, label: str, title: str, more: str = "") -> str:
    """A button of a row; `label` and `title` are expressions of the template."""
    names = f'aria-label="<%- {label} %>" title="<%- {title} %>"'
    return f'<button type="button" class="icon" tabindex="-1" data-act="{act}" {names}{more}>{_ICON.format(icon)}</button>'


_OFF = '<% if (no_upgrade) { %> aria-disabled="true"<% } %>'
# What is not known yet is empty: see `has_changed` in table.js.
_STATE = '<%- group === "deployed" && health === "unknown" ? "" : word %>|<%- revision %>|<%- version %>'
_NAME = f'<button type="button" class="name" tabindex="-1" data-act="name" data-key="<%- key %>" data-state="{_STATE}" title="<%- name %>"><%- name %></button>'
_STATUS = (
    '<span class="st st-<%- group %>" title="<%- [reason && ready_why, description].filter(Boolean).join("\\n") %>">'
    '<i class="hp-i <%- group === "pending" ? "spin" : "" %>" aria-hidden="true"'
    ' style="--i:var(--hp-icon-<%- group === "deployed" ? "minus" : "st-" + group %>)"></i>'
    '<span class="cut"><%- word %><% if (reason) { %><small><%- reason %></small><% } %></span></span>'
)
# The visible words stand in the label as they are: people who speak to their computer say what they see.
_CHIP_HELP = '"Upgrade " + name + " to " + available + (step ? " " + step : "") + ". " + why'
_VERSION = (
    '<span class="ver"><span class="mono" title="<%- version %>"><%- version %></span>'
    '<% if (chip === "newer") { %>'
    f'<button type="button" class="up <%- step %>" tabindex="-1" data-act="chip" title="<%- no_upgrade || {_CHIP_HELP} %>"'
    f' aria-label="<%- {_CHIP_HELP} + (no_upgrade ? ". " + no_upgrade : "") %>"{_OFF}>'
    f'{_ICON.format("st-upgrade")}<span class="v"><%- available %></span><%- step ? " " + step : "" %></button>'
    '<% } else if (chip === "no-source" || chip === "unknown") { %>'
    '<span class="hint" title="<%- why %>"><%- chip === "unknown" ? "Unknown" : "No source" %><span class="sr">. <%- why %></span></span>'
    "<% } %></span>"
)
_ACTIONS = (
    "<div>"
    + _button("details", "eye", '"View details of " + name', '"View details of " + name')
    + _button("upgrade", "upgrade", '"Upgrade " + name + (no_upgrade ? ". " + no_upgrade : "")', 'no_upgrade || "Upgrade " + name', _OFF)
    + _button(
        "more",
        "more",
        '"More actions for " + name',
        '"Roll back, uninstall"',
        ' aria-haspopup="menu" data-upgrade="<%- no_upgrade %>" data-rollback="<%- no_rollback %>" data-uninstall="<%- no_uninstall %>"',
    )
    + "</div>"
)
_PLAIN = '<span title="<%- value %>"><%- value %></span>'

_WAITS = '<span class="wait" aria-label="Being read"></span>'
_CHART = (
    '<% if (unreadable) { %><span class="bad" title="<%- unreadable %>">Unreadable<span class="sr">. <%- unreadable %></span></span>'
    f"<% }} else if (waits) {{ %>{_WAITS}<% }} else {{ %>{_PLAIN}<% }} %>"
)
_APP_VERSION = f"<% if (waits) {{ %>{_WAITS}<% }} else {{ %>{_PLAIN}<% }} %>"
_READY = '<span class="rd rd-<%- health %>" title="<%- ready_why %>"><%- ready %><span class="sr">. <%- ready_why %></span></span>'

TEMPLATES = {
    "status": _STATUS,
    "name": _NAME,
    "namespace": _PLAIN,
    "chart": _CHART,
    "version": f"<% if (waits) {{ %>{_WAITS}<% }} else {{ %>{_VERSION}<% }} %>",
    "app_version": _APP_VERSION,
    "revision": "<%- value %>",
    "ready": _READY,
    # The browser says how long ago that was, and goes on saying it.
    "updated": '<span data-at="<%- value %>" title="<%- exact %>"></span>',
    "actions": _ACTIONS,
}
"""Column to template, in the order shown. A row has all fields of `rows.Row`."""


def formatters() -> dict[str, HTMLTemplateFormatter]:
    """New ones for each table: Panel listens to them, and shared ones would keep every table that ever was."""
    return {column: HTMLTemplateFormatter(template=template) for column, template in TEMPLATES.items()}
