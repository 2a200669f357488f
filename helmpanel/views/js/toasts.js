// The region is an element of its own that moves into the topmost open dialog: what lies outside of a modal dialog is dimmed, not clickable and not read out.

const LEAVES_AFTER = 6000

export function render({ model, el }) {
  const host = h("div.hp-toasts")
  const inside = host.attachShadow({ mode: "open" })
  const polite = h("div.toasts", { role: "status", "aria-live": "polite", "aria-label": "Notifications" })
  const urgent = h("div.toasts", { role: "alert", "aria-live": "assertive", "aria-label": "Errors" })
  inside.append(h("style", {}, model.rules), urgent, h("div", { style: "height:8px" }), polite)
  el.append(host)

  const say = saying(model)
  const shown = new Map()
  const make = (item) => {
    let timer = null
    const leave = () => say({ event: "dismiss", id: item.id })
    const wait = () => { if (!item.stays) timer = setTimeout(leave, LEAVES_AFTER) }
    const toast = h("div.toast." + tone(item.group), { "data-group": item.group },
      item.group === "failed" ? icon("error") : item.group === "upgrade" ? icon("warning") : shape(item.group),
      h("div", {}, h("b", {}, item.title), item.text && h("p", {}, item.text),
        item.actions.length ? h("div.acts", {}, item.actions.map(([key, word], i) => h("button.btn.sm" + (i ? ".ghost" : ""), { type: "button", onclick: () => model.send_msg({ event: "act", id: item.id, key }) }, word))) : null),
      h("button.icon", { type: "button", "aria-label": "Dismiss", onclick: leave }, icon("close")))
    // Reading takes as long as it takes.
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer))
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => { clearTimeout(timer); wait() })
    wait()
    return { toast, stop: () => clearTimeout(timer) }
  }
  drawn(model, ["items"], () => {
    const ids = new Set(model.items.map((item) => item.id))
    for (const [id, part] of shown) if (!ids.has(id)) { part.stop(); part.toast.remove(); shown.delete(id) }
    for (const item of model.items) {
      if (shown.has(item.id)) continue
      shown.set(item.id, make(item))
      ;(item.group === "failed" ? urgent : polite).append(shown.get(item.id).toast)
    }
  })

  const open = []
  const root = shell(el)
  const follow = (event) => {
    const { dialog, isOpen } = event.detail
    const at = open.indexOf(dialog)
    if (at >= 0) open.splice(at, 1)
    if (isOpen) open.push(dialog)
    ;(open[open.length - 1] || el).append(host)
  }
  root?.addEventListener("hp-dialog", follow)
  model.on("remove", () => { root?.removeEventListener("hp-dialog", follow); for (const part of shown.values()) part.stop() })
}
