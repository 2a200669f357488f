// Somebody is in the releases table: Python is told, and its rows keep their places. See still.py.

const BEAT_MS = 2000

/** Says `hold` while pointer or focus is in the card, a row's menu is open or a dialog is, and `free` after. */
function holding({ model, el, card, menu, home }) {
  let isHeld = false
  const say = saying(model)
  const dialogs = new Set()
  const is_in = () => {
    if ([...dialogs].some((dialog) => dialog.isConnected) || menu.matches(":popover-open")) return true
    return !document.hidden && (card.matches(":hover") || (document.hasFocus() && card.contains(el.getRootNode().activeElement)))
  }
  const beat = () => {
    const isNow = is_in()
    if (isNow) say({ event: "hold" })
    else if (isHeld) say({ event: "free" })
    isHeld = isNow
  }
  // At once on coming and going, but for a control that is drawn anew: it has lost the focus for a moment only.
  const look = () => setTimeout(() => { if (el.isConnected && is_in() !== isHeld) beat() }, 60)
  const on_dialog = (event) => { dialogs[event.detail.isOpen ? "add" : "delete"](event.detail.dialog); look() }
  for (const name of ["pointerenter", "pointerleave", "focusin", "focusout"]) card.addEventListener(name, look)
  menu.addEventListener("toggle", look)
  document.addEventListener("visibilitychange", look)
  for (const name of ["blur", "focus"]) window.addEventListener(name, look)
  home?.addEventListener("hp-dialog", on_dialog)
  ticking(model, BEAT_MS, beat)
  say({ event: "free" })  // who was in the page before this one is not there any more
  model.on("remove", () => {
    document.removeEventListener("visibilitychange", look)
    for (const name of ["blur", "focus"]) window.removeEventListener(name, look)
    home?.removeEventListener("hp-dialog", on_dialog)
  })
}
