export function render({ model, el }) {
  const label = h("label.label", { for: "field" })
  const select = h("select", { id: "field" })
  const hint = h("p.hint")
  drawn(model, ["label", "is_label_hidden", "hint"], () => {
    label.textContent = model.label
    label.className = model.is_label_hidden ? "sr" : "label"
    hint.textContent = model.hint
    hint.hidden = !model.hint
  })
  drawn(model, ["options"], () => {
    select.replaceChildren(...model.options.map(([key, text]) => h("option", { value: key }, text)))
    select.value = model.value
  })
  model.on("value", () => { select.value = model.value })
  select.addEventListener("change", () => { model.value = select.value })
  el.append(label, h("div.field", {}, select), hint)
}
