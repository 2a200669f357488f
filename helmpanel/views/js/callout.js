export function render({ model, el }) {
  const box = h("div")
  drawn(model, ["tone", "icon", "title", "text", "actions", "is_alert"], () => {
    box.className = "call st-" + model.tone
    box.setAttribute("role", model.is_alert ? "alert" : "status")
    box.replaceChildren(
      icon(model.icon),
      h("div", {}, model.title && h("b", {}, model.title), model.text && h("p", {}, model.text)),
      ...(model.actions.length ? [h("div.acts", {}, model.actions.map(([key, word]) =>
        h("button.btn.sm", { type: "button", onclick: () => model.send_msg({ event: "act", key }) }, word)))] : []),
    )
  })
  el.append(box)
}
