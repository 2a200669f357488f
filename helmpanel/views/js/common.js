// What every component uses. Text reaches the page through textContent and setAttribute only, never as markup.

/** Element: tag with classes ("button.btn.sm"), attributes (null, undefined and false are left out), children (strings become text). */
function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".")
  const element = document.createElement(name || "div")
  if (classes.length) element.className = classes.join(" ")
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value)
    else if (key === "style") element.style.cssText = value
    else element.setAttribute(key, value === true ? "" : String(value))
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""))
  return element
}

/** Decorative icon of icons.css by its name: our own names only, never text from outside. */
function icon(name, more = "") {
  const known = /^[a-z0-9-]+$/.test(name) ? name : "info"
  return h("i.hp-i" + more, { "aria-hidden": "true", style: `--i:var(--hp-icon-${known})` })
}

/** The dashboard's outermost element, through all shadow roots; null outside of one. */
function shell(node) {
  for (let at = node; at; at = at.parentNode || at.host) if (at.classList && at.classList.contains("hp-shell")) return at
  return null
}

/** The element that has focus, through all shadow roots. */
function focused() {
  let at = document.activeElement
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement
  return at
}

/** Whether keys typed there are text. */
function isTyping(element) {
  return !!element && (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) && !["checkbox", "radio", "button"].includes(element.type))
}

/** Calls back unless the control is aria-disabled: such controls stay focusable and say why. */
function pressable(callback) {
  return (event) => {
    if (event.currentTarget.getAttribute("aria-disabled") === "true") event.preventDefault()
    else callback(event)
  }
}

/** Draws now and whenever one of the parameters changes. */
function drawn(model, names, draw) {
  draw()
  model.on(names, draw)
}

/** "18 min ago" for a time in milliseconds; the same words as `ago` in words.py. */
function ago(at, now = Date.now()) {
  const seconds = Math.max(0, (now - at) / 1000)
  if (seconds < 10) return "Just now"
  if (seconds < 60) return `${Math.floor(seconds)} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`
  const days = Math.floor(seconds / 86400)
  return days === 1 ? "1 day ago" : `${days} days ago`
}

/** Calls back every so often until the component goes. */
function ticking(model, milliseconds, tick) {
  const timer = setInterval(tick, milliseconds)
  model.on("remove", () => clearInterval(timer))
}

/** `tell(isLost)` when the page loses its server, and when it has it again. A cell of a notebook has no connection of its own. */
function watching_connection(model, tell) {
  model.document?.on_event?.("connection_lost", () => tell(true))
  model.document?.on_event?.("client_reconnected", () => tell(false))
}

/** Sends what the page says by itself: nothing to a server that is gone, or Bokeh would complain of each message. */
function saying(model) {
  let isLost = false
  watching_connection(model, (lost) => { isLost = lost })
  return (message) => { if (!isLost) model.send_msg(message) }
}

/** The shape of a status group. */
function shape(group) {
  const name = { healthy: "st-healthy", deployed: "minus", failed: "st-failed", pending: "st-pending", upgrade: "st-upgrade", degraded: "st-degraded" }[group] || "st-uninstalled"
  return icon(name, name === "st-pending" ? ".spin" : "")
}

/** Status group as a class: our own words only. */
function tone(group) {
  return "st-" + (/^[a-z]+$/.test(group) ? group : "uninstalled")
}

/** Puts a popover below (or above) the control that opened it, inside the window. */
function place(menu, opener, atEnd) {
  const from = opener.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const left = Math.min(Math.max(8, atEnd ? from.right - width : from.left), Math.max(8, innerWidth - width - 8))
  const isBelow = from.bottom + 4 + height <= innerHeight || from.top < height
  menu.style.left = `${left}px`
  menu.style.top = `${isBelow ? Math.max(8, Math.min(from.bottom + 4, innerHeight - height - 8)) : from.top - height - 4}px`
}

/** Makes a button open and close a popover; the browser closes it on ESC and on a press elsewhere. */
function opens(button, menu, { before, after, atEnd = false } = {}) {
  button.popoverTargetElement = menu
  button.setAttribute("aria-expanded", "false")
  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return
    if (before) before()
    menu.style.visibility = "hidden"
  })
  menu.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open"
    button.setAttribute("aria-expanded", String(isOpen))
    if (!isOpen) return
    place(menu, button, atEnd)
    menu.style.visibility = ""
    if (after) after()
  })
}

// Bokeh 3.9 takes models that came from the server for new ones until something is sent back: the first message of a component in a fresh dialog would
// carry the whole component along (24 KB), or not leave at all ("[object Function] is not serializable"). What the server sent is not new to it.
for (const page of globalThis.Bokeh?.documents ?? []) {
  const kind = Object.getPrototypeOf(page)
  if (kind.hpKnown || typeof kind._apply_json_patch !== "function") continue
  const apply = kind._apply_json_patch
  kind.hpKnown = true
  kind._apply_json_patch = function (...patch) {
    const fresh = new Set(this._new_models)
    try { return apply.apply(this, patch) } finally { for (const model of this._new_models ?? []) if (!fresh.has(model)) this._new_models.delete(model) }
  }
}

/** Makes `children` the children of an element, touching only what differs: one that is taken out and put back loses its focus and its place. */
function arrange(element, children) {
  const wanted = new Set(children)
  for (const child of [...element.children]) if (!wanted.has(child)) child.remove()
  children.forEach((child, i) => { if (element.children[i] !== child) element.insertBefore(child, element.children[i] || null) })
}
