const KINDS = { "+": "add", "-": "rem", "…": "skip", " ": "same" }

export function render({ model, el }) {
  const body = h("div.lines", { tabindex: "0", role: "region" })
  const head = h("header")
  const block = h("section.block", {}, head, body)
  const told = h("span.sr", { role: "status" })
  el.append(block, told)
  let real = null, timer = null
  const hide = () => { clearTimeout(timer); real = null; draw() }

  const row = ([sign, old, now, text, from, to, isMasked]) => {
    const code = h("code")
    if (to > from) code.append(text.slice(0, from), h("mark", {}, text.slice(from, to)), text.slice(to))
    else code.append(text)
    if (isMasked && (sign === "+" || sign === "-")) code.append(h("span.changed", {}, sign === "+" ? "changed, masked" : ""))
    return h("div.line." + (KINDS[sign] || "same"), {}, h("span", { "aria-hidden": "true" }, old ? String(old) : ""), h("span", { "aria-hidden": "true" }, now ? String(now) : ""),
      h("i", "+-".includes(sign) && sign ? { role: "img", "aria-label": sign === "+" ? "added" : "removed" } : {}, sign === "+" ? "+" : sign === "-" ? "−" : ""), code)
  }
  const draw = () => {
    const isEmpty = !model.lines.length
    const toggle = h("button.reveal", { type: "button" }, icon("eye"), real ? "Hide" : "Reveal")
    toggle.addEventListener("click", () => (real ? hide() : model.send_msg({ event: "reveal" })))
    head.replaceChildren(
      h("span.cut.grow", {}, h("b", {}, model.title), h("span.muted", {}, "  " + model.hint)),
      ...(model.has_masked_change ? [h("span.lock.muted", {}, icon("lock"), h("span.lbl", {}, real ? "Revealed for 30 s" : "Secrets differ, masked"), toggle)] : []),
      ...(isEmpty ? [] : [h("span.pm", { "aria-label": `${model.added} added, ${model.removed} removed` }, h("span.p", {}, "+" + model.added), h("span.m", {}, "−" + model.removed))]),
    )
    body.setAttribute("aria-label", `Changes of ${model.title}`)
    block.classList.toggle("is-empty", isEmpty)
    if (model.problem) body.replaceChildren(h("p.none", { role: "alert" }, model.problem))
    else if (model.is_loading) body.replaceChildren(h("p.none", { role: "status" }, "Comparing"))
    else if (isEmpty) body.replaceChildren(h("p.none", {}, model.empty_text))
    else body.replaceChildren(...(real || model.lines).map(row), ...(model.more ? [h("p.none", {}, model.more)] : []))
  }
  model.on("msg:custom", (data) => {
    real = data.real
    clearTimeout(timer)
    timer = setTimeout(hide, data.for_s * 1000)
    draw()
    told.textContent = `Revealed for ${data.for_s} seconds`
  })
  model.on(["title", "hint", "lines", "added", "removed", "has_masked_change", "more", "empty_text", "is_loading", "problem"], () => { real = null; draw() })
  model.on("remove", () => clearTimeout(timer))
  draw()
}
