export function render({ model, el }) {
  const box = h("div.gs")
  const column = (title, mark, rows, none) => h("section", {}, h("h3", {}, mark, title),
    rows.length ? h("ul", {}, ...rows.map(([count, what, names]) => h("li", {}, h("b", {}, String(count)), h("span", {}, what), names && h("small", { title: names.length > 160 ? names : null }, names.length > 160 ? names.slice(0, 160) + "…" : names)))) : h("p.soft", {}, none))
  drawn(model, ["goes", "stays", "is_loading", "problem"], () => {
    box.setAttribute("aria-busy", String(model.is_loading && !model.problem))
    if (model.problem) box.replaceChildren(h("p.bad.line", { role: "alert" }, model.problem))
    else if (model.is_loading) box.replaceChildren(...["What goes", "What stays"].map((title) => h("section", {}, h("h3", {}, title), ...[70, 50, 60].map((w) => h("i.sk", { style: `width:${w}%` })))))
    else box.replaceChildren(
      column("What goes", h("span.st-failed.mark", {}, icon("uninstall")), model.goes, "No object of this release is known."),
      column("What stays", h("span.st-healthy.mark", {}, icon("lock")), model.stays, "Nothing that is known."),
    )
  })
  el.append(box)
}
