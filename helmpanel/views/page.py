"""The page around a dashboard: nothing from outside, the right theme from the first paint."""

from __future__ import annotations

import re

import panel as pn
from panel.viewable import Viewable

from helmpanel.views.assets import css
from helmpanel.views.design import Plain

# Before anything is drawn: the theme chosen here earlier, else the system's.
_EARLY = """
(() => {
  let kept = null
  try { kept = localStorage.getItem("helmpanel-theme") } catch {}
  const isDark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.classList.add("hp-page")
  document.documentElement.classList.toggle("hp-dark", isDark)
})()
"""

_RULES = """
html, body { height: 100%; margin: 0; background: var(--hp-canvas); color: var(--hp-text); font: var(--hp-type-md); }
body::before { content: ""; position: fixed; inset: 0 0 auto; height: 48px; background: var(--hp-panel); border-bottom: 1px solid var(--hp-line); z-index: -1; }
"""

_PAGE = """
{% extends base %}
{% block title %}{{ tab | e }}{% endblock %}
{% block inner_head %}
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>{{ early }}</script>
<style>{{ tokens }}</style>
{{ super() }}
{% endblock %}
{% block contents %}{{ embed(roots.dashboard) }}{% endblock %}
"""


def _favicon() -> str:
    """The mark of icons.css as an address of its own, readable on light and dark tabs."""
    found = re.search(r'--hp-icon-mark: url\("([^"]+)"\)', css("icons"))
    return found[1].replace("%23000", "%235a50e0") if found else "data:,"


def page_around(dashboard: Viewable, title: str = "helmpanel") -> pn.Template:
    """A page that holds a dashboard and nothing else.

    Args:
        dashboard: Made with `brings_tokens=False`: the page has them.
        title: Of the browser's tab.
    """
    page = pn.Template(_PAGE, items={"dashboard": dashboard}, design=Plain)
    page.add_variable("tab", title)
    page.add_variable("early", _EARLY)
    page.add_variable("tokens", css("tokens", "icons") + _RULES)
    page.add_variable("app_favicon", _favicon())
    page.add_variable("apple_icon", "")
    return page
