export function render({ model, el }) {
  const summary = h("span.soft.cut.grow")
  const undo = h("button.btn.sm.ghost", { type: "button", "aria-label": "Undo edits", onclick: () => model.send_msg({ event: "undo" }) }, icon("rollback"), h("span.lbl", {}, "Undo edits"))
  const edit = h("button.btn.sm", { type: "button", onclick: () => model.send_msg({ event: "edit" }) }, icon("eye"), "Show and edit")
  const defaults = h("button.btn.sm", { type: "button", "aria-label": "Chart defaults", onclick: () => model.send_msg({ event: "defaults" }) }, icon("file"), h("span.lbl", {}, "Chart defaults"))
  const bar = h("div.toolbar", {}, summary, undo, edit, defaults)
  const note = h("p.note", {}, icon("lock"), h("span", {}, "Credentials are masked. Show and edit puts the real text on the screen."))
  const holder = h("div.holder")
  let parts = []
  const draw = () => {
    summary.textContent = model.summary
    undo.hidden = !model.is_edited
    edit.hidden = model.is_editing || !model.can_edit
    defaults.hidden = !model.has_defaults
    note.hidden = model.is_editing || !model.has_secrets
    parts.forEach((part, at) => { part.hidden = (at === 1) !== model.is_editing })
  }
  const fill = () => {
    parts = model.get_child("content").map((child) => h("div.part", {}, child))
    holder.replaceChildren(...parts)
    draw()
  }
  model.on("content", fill)
  model.on(["summary", "has_secrets", "is_editing", "is_edited", "can_edit", "has_defaults"], draw)
  fill()
  el.append(bar, note, holder)
}
