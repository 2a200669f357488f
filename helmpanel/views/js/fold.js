export function render({ model, el }) {
  const sign = h("span.sign"), title = h("b"), summary = h("span.muted.cut")
  const button = h("button.toggle", { type: "button", "aria-controls": "content" }, sign, title, summary)
  const content = h("div.content", { id: "content" })
  const fill = () => content.replaceChildren(...model.get_child("parts"))
  button.addEventListener("click", () => {
    model.is_open = !model.is_open
    if (model.is_open) requestAnimationFrame(() => content.scrollIntoView({ block: "nearest" }))
  })
  model.on("parts", fill)
  fill()
  drawn(model, ["title", "summary", "is_open"], () => {
    title.textContent = model.title
    summary.textContent = model.is_open ? "" : model.summary
    sign.replaceChildren(icon(model.is_open ? "down" : "right"))
    button.setAttribute("aria-expanded", String(model.is_open))
    content.hidden = !model.is_open
  })
  el.append(h("div", {}, button, content))
}
