export function render({ model, el }) {
  const table = h("table.cmp")
  drawn(model, ["columns", "rows"], () => table.replaceChildren(
    h("thead", {}, h("tr", {}, h("th", {}, h("span.sr", {}, "What")), ...model.columns.map((word) => h("th", { scope: "col" }, word)))),
    h("tbody", {}, ...model.rows.map(([label, now, after, now_title, after_title]) => h("tr", {}, h("th", { scope: "row" }, label),
      h("td", { title: now_title || null }, now || "–"), h("td", { title: after_title || null }, now === after ? after || "–" : h("b", {}, after || "–"))))),
  ))
  el.append(table)
}
