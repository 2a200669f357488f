// One native <dialog>: the browser's top layer covers a notebook and an iframe alike, keeps Tab inside and hands ESC to the topmost.

const FIELDS = "input:not([type=hidden]), textarea, select"

/** First element below `node` that matches and may take focus, through shadow roots, in reading order. */
function first(node, selector) {
  for (const child of node.children || []) {
    if (child.matches(selector) && child.getAttribute("aria-disabled") !== "true" && !child.disabled && child.getClientRects().length) return child
    const found = (child.shadowRoot && first(child.shadowRoot, selector)) || first(child, selector)
    if (found) return found
  }
  return null
}

export function render({ model, el }) {
  const title = h("h2", { id: "hp-title" })
  const status = h("span.chip", { hidden: true })
  const sub = h("div.sub.dots")
  const head = h("div.acts.slot")
  const close = h("button.icon.lg", { type: "button", "aria-label": "Close", title: "Close  Esc" }, icon("close"))
  const header = h("header", {}, h("div.grow", {}, h("div.name", {}, title, status), sub), head, close)
  const body = h("div.body", { tabindex: "-1" })
  const note = h("p", { role: "status" })
  const cancel = h("button.btn", { type: "button" })
  const foot = h("div.acts.slot")
  const footer = h("footer", {}, note, cancel, foot)
  const dialog = h("dialog", { "aria-labelledby": "hp-title", "aria-modal": "true", "data-lm-suppress-shortcuts": "true", tabindex: "-1" }, header, body, footer)

  drawn(model, ["title", "where", "facts", "context", "status"], () => {
    title.textContent = model.title
    const [group, word] = model.status.length === 2 ? model.status : ["", ""]
    status.hidden = !word
    status.className = "chip st-" + (/^[a-z]+$/.test(group) ? group : "uninstalled")
    status.replaceChildren(...(word ? [icon(group === "deployed" ? "minus" : "st-" + group, group === "pending" ? ".spin" : ""), word] : []))
    sub.replaceChildren(
      ...(model.where ? [h("span", {}, icon("namespace"), model.where)] : []),
      ...model.facts.map((fact) => h("span", {}, fact)),
      ...(model.context ? [h("span.ctx.sm", { title: "Context " + model.context }, icon("context"), h("span.cut", {}, model.context))] : []),
    )
    sub.hidden = !sub.childElementCount
  })
  drawn(model, ["size", "is_tall", "is_flush", "dismissable", "cancel", "note", "note_is_problem"], () => {
    dialog.dataset.size = model.size
    dialog.classList.toggle("tall", model.is_tall)
    body.classList.toggle("flush", model.is_flush)
    close.hidden = !model.dismissable
    cancel.hidden = !model.cancel
    cancel.textContent = model.cancel
    note.classList.toggle("bad", model.note_is_problem)
    note.replaceChildren(...(model.note_is_problem && model.note ? [icon("error")] : []), model.note)
  })
  const put = (slot, name) => {
    arrange(slot, model.get_child(name))
    head.hidden = !head.childElementCount
    footer.hidden = !foot.childElementCount && !model.cancel && !model.note
  }
  for (const [slot, name] of [[head, "head"], [body, "body"], [foot, "foot"]]) drawn(model, [name], () => put(slot, name))
  model.on(["cancel", "note"], () => { footer.hidden = !foot.childElementCount && !model.cancel && !model.note })

  let opener = null
  let home = null
  // Told on the dashboard's own element: when a dialog goes, its own may be out of the page already.
  let root = null
  const tell = (isOpen) => {
    if (isOpen) root = shell(el)
    root?.dispatchEvent(new CustomEvent("hp-dialog", { detail: { dialog, isOpen } }))
    if (!isOpen) root = null
  }
  // Parts render one after the other: look for the first field again for a moment, unless the person was quicker.
  const settle = (tries) => {
    if (!dialog.open || !dialog.isConnected) return
    const at = focused()
    if (at && at !== dialog && at !== document.body && at !== close && at !== opener && at !== cancel) return
    const target = model.start_at === "cancel" ? cancel : model.start_at === "first" ? first(body, FIELDS) : null
    if (target) target.focus({ preventScroll: true })
    else if (at !== dialog) dialog.focus({ preventScroll: true })
    if (!target && tries > 0) setTimeout(() => settle(tries - 1), 50)
  }
  const give_back = () => {
    if (opener && opener.isConnected) opener.focus({ preventScroll: true })
    else if (opener) home?.dispatchEvent(new CustomEvent("hp-refocus"))
    opener = null
  }
  const sync = () => {
    if (model.open && !dialog.open && dialog.isConnected) {
      opener = focused()
      home = shell(el)
      dialog.showModal()
      tell(true)
      settle(20)
    } else if (!model.open && dialog.open) { tell(false); dialog.close(); give_back() }
  }
  model.on("open", sync)
  model.on("after_render", sync)

  // A guarded form decides on the server, which knows what was typed; it then closes the dialog by `open`.
  const give_up = () => { if (model.is_guarded) model.send_msg({ event: "leave" }); else dialog.close() }
  const leave = () => { if (model.dismissable) give_up() }
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog || (model.dismissable && !model.is_guarded)) return
    event.preventDefault()
    leave()
  })
  dialog.addEventListener("close", () => { tell(false); model.open = false; give_back() })
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation()  // the dashboard's own keys, and a notebook's, do not reach through a dialog
    // Chrome closes on the second ESC whatever `cancel` says; a prevented keydown it does honour.
    if (event.key === "Escape" && (!model.dismissable || model.is_guarded) && !event.defaultPrevented) {
      event.preventDefault()
      leave()
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const primary = first(foot, ".btn.primary, .btn.danger")
      if (primary) { event.preventDefault(); primary.click() }
    }
  })
  let pressed = null
  dialog.addEventListener("pointerdown", (event) => { pressed = event.composedPath()[0] })
  dialog.addEventListener("click", (event) => { if (event.composedPath()[0] === dialog && pressed === dialog) leave() })
  close.addEventListener("click", leave)
  cancel.addEventListener("click", give_up)
  model.on("remove", () => { if (dialog.open) { dialog.close(); tell(false); give_back() } })
  el.append(dialog)
}
