export function render({ model, el }) {
  const list = h("ol.tl")
  const row = (one) => {
    const off = model.disabled_why
    const button = h("button.btn.sm" + (one.is_failed ? ".ghost" : ""), {
      type: "button", "aria-label": `Roll back to revision ${one.revision}`, "aria-disabled": off ? "true" : null, title: off || (one.is_failed ? "This revision failed: the next step says so" : null),
      onclick: pressable(() => model.send_msg({ event: "rollback", revision: one.revision })),
    }, icon("rollback"), h("span.lbl", {}, "Roll back"))
    const when = h("small", { title: one.exact, "data-at": one.at }, one.at === null ? "" : ago(one.at))
    return h("li", { class: tone(one.group) }, h("span.o", {}, shape(one.group)),
      h("div.rev", {}, `Revision ${one.revision}`, when),
      h("div.said", {}, h("div.what", {}, one.what, one.is_current && h("span.chip.plain", {}, "Current")), h("div.sub", {}, h("span", { class: one.is_failed ? "bad" : "" }, one.word), one.chart && `, ${one.chart}`)),
      one.is_current ? h("span") : button)
  }
  drawn(model, ["revisions", "is_loading", "problem", "disabled_why"], () => {
    if (model.problem) list.replaceChildren(h("p.bad.line", { role: "alert" }, model.problem))
    else if (model.is_loading) list.replaceChildren(h("p.soft.line", { role: "status" }, "Reading the history"))
    else list.replaceChildren(...model.revisions.map(row))
  })
  ticking(model, 30000, () => { for (const when of list.querySelectorAll("[data-at]")) when.textContent = ago(+when.dataset.at) })
  el.append(list)
}
