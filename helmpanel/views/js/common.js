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
  for (let at = node; at; at = at.parentNode || at.host) if (at.classList && at.classList.contains("hp")) return at
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
