"""What can be said of any screen: nothing serious for axe-core, nothing wider than the window, no heading cut short."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "data" / "axe" / "axe.min.js"
SERIOUS = ("serious", "critical")

_OVERFLOW = """
() => {
  const wide = [], edge = document.documentElement.clientWidth
  // A box that scrolls sideways by itself (a log, a manifest) may hold wider things.
  const scrolls = element => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX)
  const visit = (node, inside) => {
    for (const element of node.children) {
      const box = element.getBoundingClientRect()
      const seen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width > 1 && box.height > 1
      if (seen && !inside && (box.right > edge + 1 || box.left < -1))
        wide.push(`${element.localName}.${element.className} from ${Math.round(box.left)} to ${Math.round(box.right)}: ${element.textContent.slice(0, 40)}`)
      if (seen && element.matches("h1, h2, h3") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
        wide.push(`${element.localName} is cut: ${element.textContent}`)
      const within = inside || (seen && scrolls(element))
      visit(element, within)
      if (element.shadowRoot) visit(element.shadowRoot, within)
    }
  }
  visit(document.body, false)
  const root = document.documentElement
  if (root.scrollWidth > edge + 1) wide.unshift(`the page scrolls sideways: ${root.scrollWidth} in ${edge}`)
  return wide
}
"""

_SMALL = """
least => {
  const small = []
  // The box that a press may hit: a label presses its field, a wrapper drawn around a field belongs to it.
  const target = element => element.matches("input, select, textarea") ? element.closest("label, .field") || element : element
  // For screen readers only, such as the headings of a table drawn as cards.
  const hidden = element => element instanceof Element && (getComputedStyle(element).clipPath !== "none" || hidden(element.parentElement))
  const visit = node => {
    for (const element of node.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot)
      // Within lines of text (a masked value's own Reveal) a control is as high as its line; all of them are revealed above the text.
      if (element.matches(".reveal") || hidden(element)) continue
      if (!element.matches("button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=menuitem]")) continue
      const box = target(element).getBoundingClientRect()
      if (box.width < 2 || box.height < 2 || !element.checkVisibility({ visibilityProperty: true }) || box.right < 0 || box.bottom < 0) continue
      if (Math.round(box.height) < least || Math.round(box.width) < least)
        small.push(`${element.localName}.${element.className} ${Math.round(box.width)}x${Math.round(box.height)}: ${element.ariaLabel || element.textContent}`)
    }
  }
  const open = []
  const dialogs = node => {
    for (const element of node.querySelectorAll("*")) {
      if (element.matches("dialog[open]")) open.push(element)
      if (element.shadowRoot) dialogs(element.shadowRoot)
    }
  }
  dialogs(document)
  visit(open.at(-1) ?? document)
  return [...new Set(small)]
}
"""


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Controls of the open dialog, or else of the page, that a finger misses: narrower or lower than so many pixels."""
    found: list[str] = page.evaluate(_SMALL, least)
    return found


_TOPMOST = """
() => {
  const open = []
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("dialog[open]")) open.push(element)
      if (element.shadowRoot) look(element.shadowRoot)
    }
  }
  look(document)
  return open.at(-1) ?? document.documentElement
}
"""


def serious_faults(page: Page, within: str | None = None) -> list[str]:
    """What axe-core calls serious or critical, shadow roots included; one line each.

    Args:
        page: As it is.
        within: Part of it; None for the open dialog, or else for the whole page: what lies behind a dialog cannot be reached.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    part = page.evaluate_handle(_TOPMOST) if within is None else within
    found = page.evaluate("part => axe.run(part, { resultTypes: ['violations'] })", part)["violations"]
    return [
        f"{fault['id']} ({fault['impact']}) {node['target']}: {node['failureSummary']}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"][:3]
    ]


def overflowing(page: Page) -> list[str]:
    """Elements that stand out of the window on the left or right, headings that are cut, and the page when it scrolls sideways."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def unsound(page: Page) -> list[str]:
    """All of it on the screen as it stands: in both themes, and nothing overflows at 400 px either. The page is left as it was."""
    size = page.viewport_size
    assert size is not None
    found = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("dark => document.documentElement.classList.contains('hp-dark') === dark", arg=theme == "dark")
        found += [f"{theme}: {fault}" for fault in serious_faults(page)]
        for width in (400, size["width"]):
            page.set_viewport_size({"width": width, "height": size["height"]})
            found += [f"{theme}, {width} px: {fault}" for fault in overflowing(page)]
    return found
