export function render({ model, el }) {
  const text = h("h3"), hint = h("p.hint")
  drawn(model, ["text", "hint"], () => { text.textContent = model.text; hint.textContent = model.hint; hint.hidden = !model.hint })
  el.append(text, hint)
}
