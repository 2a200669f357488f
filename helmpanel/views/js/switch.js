export function render({ model, el }) {
  const row = h("div.row", { role: "radiogroup" })
  const holder = h("div.holder")
  let parts = []
  const show = () => {
    parts.forEach((part, at) => { part.hidden = model.options[at]?.[0] !== model.value })
    for (const input of row.querySelectorAll("input")) input.checked = input.value === model.value
  }
  const fill = () => {
    parts = model.get_child("parts").map((child) => h("div.part", {}, child))
    holder.replaceChildren(...parts)
    show()
  }
  drawn(model, ["options", "label"], () => {
    row.setAttribute("aria-label", model.label)
    row.replaceChildren(...model.options.map(([key, word]) => {
      const input = h("input", { type: "radio", name: "which", value: key, onchange: () => { model.value = key; show() } })
      return h("label", {}, input, h("span", {}, word))
    }))
    show()
  })
  model.on("parts", fill)
  model.on("value", show)
  fill()
  el.append(h("div.bar", {}, row), holder)
}
