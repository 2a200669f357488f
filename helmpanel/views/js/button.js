export function render({ model, el }) {
  const button = h("button", { type: "button" })
  const why = h("span.sr", { id: "why" })
  const draw = () => {
    const isIcon = !model.label
    button.className = isIcon ? "icon" + (model.is_small ? "" : " lg") + (model.is_outlined ? " outlined" : "") : "btn " + model.kind + (model.is_small ? " sm" : "")
    button.replaceChildren(...(model.icon ? [icon(model.icon)] : []), model.label)
    button.title = model.disabled_why || model.help
    if (isIcon) button.setAttribute("aria-label", model.help)
    else button.removeAttribute("aria-label")
    if (model.disabled_why) { button.setAttribute("aria-disabled", "true"); button.setAttribute("aria-describedby", "why") }
    else { button.removeAttribute("aria-disabled"); button.removeAttribute("aria-describedby") }
    why.textContent = model.disabled_why
  }
  let told = null
  button.addEventListener("click", pressable(async () => {
    if (model.copies) {
      let word = "Copied"
      try { await navigator.clipboard.writeText(model.copies) } catch { word = "Not copied: the browser refused" }
      clearTimeout(told)
      button.lastChild.textContent = model.label ? word : ""
      button.title = word
      told = setTimeout(draw, 2000)
    }
    model.send_msg({ event: "press" })
  }))
  drawn(model, ["label", "kind", "icon", "help", "disabled_why", "is_small", "is_outlined"], draw)
  el.append(button, why)
}
