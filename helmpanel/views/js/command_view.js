export function render({ model, el }) {
  const lead = h("p.soft")
  const heading = h("span.grow.soft")
  const copy = h("button.btn.sm", { type: "button" }, icon("copy"), h("span", {}, "Copy"))
  const pre = h("pre", { tabindex: "0", "aria-label": "Command" })
  const box = h("div.box", {}, h("header", {}, heading, copy), pre)
  const note_text = h("div")
  const note = h("div.call.st-uninstalled", {}, icon("lock"), note_text)
  el.append(h("div.stack", {}, lead, box, note))
  copy.addEventListener("click", async () => {
    let done = true
    try { await navigator.clipboard.writeText(model.command) } catch {
      // A page that is not served securely has no clipboard: select the text and use the old way.
      const selection = getSelection()
      selection.selectAllChildren(pre)
      done = document.execCommand("copy")
    }
    copy.lastChild.textContent = done ? "Copied" : "Press Ctrl C"
    setTimeout(() => { copy.lastChild.textContent = "Copy" }, 2000)
  })
  drawn(model, ["command", "heading", "lead", "note", "problem"], () => {
    lead.textContent = model.command ? model.lead : model.problem
    heading.textContent = model.heading
    pre.textContent = model.command
    box.hidden = !model.command
    note.hidden = !model.note || !model.command
    note_text.textContent = model.note
  })
}
