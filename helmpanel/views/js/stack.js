export function render({ model, el }) {
  const list = h("div.stack")
  const fill = () => list.replaceChildren(...model.get_child("parts"))
  model.on("parts", fill)
  fill()
  el.append(list)
}
