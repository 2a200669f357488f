export function render({ model, el }) {
  const group = h("div.cards", { role: "radiogroup" })
  const warn = (card) => card.warning && card.key === model.value
    ? h("div.call.st-upgrade", { role: "status" }, icon("warning"), h("div", {}, h("b", {}, card.warning[0]), h("p", {}, card.warning[1]),
      card.warning[2] && h("button.btn.sm", { type: "button", onclick: () => model.send_msg({ event: "act", key: card.key }) }, card.warning[2])))
    : null
  const draw = () => {
    const had = group.contains(focused()) || el.getRootNode().activeElement?.type === "radio"
    group.setAttribute("aria-label", model.label)
    group.replaceChildren(...model.cards.flatMap((card) => {
      const input = h("input", { type: "radio", name: "card", value: card.key, "aria-disabled": card.disabled_why ? "true" : null })
      input.checked = card.key === model.value
      input.addEventListener("click", (event) => { if (card.disabled_why) event.preventDefault() })
      input.addEventListener("change", () => { if (!card.disabled_why) model.value = card.key })
      return [
        h("label.card", { title: card.disabled_why || null }, input, h("b", {}, card.title), card.text && h("p", {}, card.text),
          card.disabled_why && h("p", {}, card.disabled_why), card.code && h("code", {}, card.code)),
        warn(card),
      ].filter(Boolean)
    }))
    if (had) group.querySelector("input:checked")?.focus()
  }
  drawn(model, ["cards", "value", "label"], draw)
  el.append(group)
}
