export function render({ model, el }) {
  const left = h("div.left"), right = h("div.right")
  const fill = () => { left.replaceChildren(...model.get_child("left")); right.replaceChildren(...model.get_child("right")) }
  model.on(["left", "right"], fill)
  fill()
  el.append(left, right)
}
