export function render({ model, el }) {
  let isFresh = false
  let calm = null
  const label = h("label.label", { for: "field" })
  const mark = h("span")
  const input = h("input", { id: "field", type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off" })
  const suffix = h("span.muted")
  const field = h("div.field", {}, mark, input, suffix)
  const below = h("p", { id: "below" })
  drawn(model, ["label", "is_label_hidden", "placeholder", "hint", "problem", "icon", "suffix", "is_mono", "is_number"], () => {
    label.textContent = model.label
    label.className = model.is_label_hidden ? "sr" : "label"
    input.placeholder = model.placeholder
    input.classList.toggle("mono", model.is_mono)
    input.inputMode = model.is_number ? "numeric" : "text"
    mark.replaceChildren(...(model.icon ? [icon(model.icon)] : []))
    mark.hidden = !model.icon
    suffix.textContent = model.suffix
    suffix.hidden = !model.suffix
    field.classList.toggle("bad", !!model.problem)
    input.setAttribute("aria-invalid", String(!!model.problem))
    below.className = model.problem ? "problem" : "hint"
    below.textContent = model.problem || model.hint
    below.hidden = !below.textContent
    if (below.hidden) input.removeAttribute("aria-describedby")
    else input.setAttribute("aria-describedby", "below")
  })
  // What comes back from the server is what was typed a moment ago: it must not undo the keys since.
  drawn(model, ["value"], () => { if (input.value !== model.value && (!isFresh || focused() !== input)) input.value = model.value })
  input.addEventListener("input", () => { isFresh = true; model.value = input.value; clearTimeout(calm); calm = setTimeout(() => { isFresh = false }, 600) })
  input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) model.send_msg({ event: "enter" }) })
  el.append(label, field, below)
}
