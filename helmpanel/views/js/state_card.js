export function render({ model, el }) {
  const box = h("div.empty", { role: "status" })
  const press = async (button, key, word) => {
    if (key in model.copies) {
      try { await navigator.clipboard.writeText(model.copies[key]); button.textContent = "Copied" } catch { button.textContent = "Not copied: the browser refused" }
      setTimeout(() => { button.textContent = word }, 2000)
    } else model.send_msg({ event: "act", key })
  }
  drawn(model, ["icon", "title", "text", "raw", "actions", "copies"], () => {
    box.replaceChildren(
      icon(model.icon), h("h2", {}, model.title), h("p", {}, model.text),
      ...(model.raw ? [h("pre.raw", { tabindex: "0", "aria-label": "What was answered" }, model.raw)] : []),
      ...(model.actions.length ? [h("div.acts", {}, model.actions.map(([key, word], i) =>
        h("button.btn" + (i ? "" : ".primary"), { type: "button", onclick: (event) => press(event.currentTarget, key, word) }, word)))] : []),
    )
  })
  el.append(h("section.card", { "aria-label": "Releases" }, box))
}
