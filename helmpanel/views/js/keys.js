export function render({ model, el }) {
  const root = shell(el)
  if (!root) return
  root.dataset.lmSuppressShortcuts = "true"  // a notebook keeps its own keys out of here
  const open = new Set()
  root.addEventListener("hp-dialog", (event) => { if (event.detail.isOpen) open.add(event.detail.dialog); else open.delete(event.detail.dialog) })
  const tell = (name, detail) => root.dispatchEvent(new CustomEvent(name, { detail }))
  const on_key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const at = focused()
    const isInside = model.is_page || root.matches(":hover") || root.contains(document.activeElement)
    if (!isInside || isTyping(at) || [...open].some((dialog) => dialog.isConnected) || at?.closest?.(".menu")) return
    const key = event.key
    if (key === "/") tell("hp-search")
    else if (key === "j") tell("hp-row", { step: 1 })
    else if (key === "k") tell("hp-row", { step: -1 })
    else if (key === "x") tell("hp-row", { act: "select" })
    else if (key === "u") tell("hp-row", { act: "upgrade" })
    else if (key === "r") tell("hp-row", { act: "rollback" })
    else if (key === "o") tell("hp-operations")
    else if (key === "?") model.send_msg({ event: "help" })
    else if (/^[1-8]$/.test(key)) model.send_msg({ event: "status", number: Number(key) })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  document.addEventListener("keydown", on_key)
  // A sign of life: see session.Presence and Dashboard._answer. The first comes soon: it is while a page loads that most can go astray.
  const say = saying(model)
  const here = () => say({ event: "here" })
  const first = setTimeout(here, 3000)
  ticking(model, 20000, here)
  // News wait for it in a cell (a page's wait for Bokeh's own "document_ready", see session.held_here). Until it is heard, since there is nothing to see
  // before: Bokeh 3.9 tells the kernel of a change to its own configuration, which the kernel does not know, and what travels in the same message is lost.
  const tell_drawn = () => { if (!model.is_heard) model.send_msg({ event: "drawn" }) }
  if (!model.is_page) { tell_drawn(); ticking(model, 700, tell_drawn) }
  model.on("remove", () => { clearTimeout(first); document.removeEventListener("keydown", on_key) })
}
