export function render({ model, el }) {
  const input = h("input", { type: "checkbox", id: "box" })
  const text = h("span")
  const hint = h("span.hint", { id: "hint" })
  const label = h("label.opt", {}, input, text, hint)
  drawn(model, ["value", "label", "hint", "disabled_why"], () => {
    input.checked = model.value
    text.textContent = model.label
    hint.textContent = model.disabled_why || model.hint
    hint.hidden = !hint.textContent
    input.setAttribute("aria-disabled", String(!!model.disabled_why))
    label.title = model.disabled_why
  })
  input.addEventListener("click", (event) => { if (model.disabled_why) event.preventDefault() })
  input.addEventListener("change", () => { model.value = input.checked })
  el.append(label)
}
