const KINDS = { mono: "span.mono", muted: "span.muted", chip: "span.chip.st-upgrade" }

export function render({ model, el }) {
  const grid = h("div.info")
  const piece = ([kind, text]) => (KINDS[kind] ? h(KINDS[kind], {}, kind === "chip" && icon("st-upgrade"), text) : h("span", {}, text))
  const section = ({ title, rows, link }) => h("section", {},
    h("div.top", {}, h("h3", {}, title), link && h("button.link", { type: "button", onclick: () => model.send_msg({ event: "act", key: link[0] }) }, link[1])),
    h("dl.kv", {}, ...rows.flatMap(([label, pieces]) => [h("dt", {}, label), h("dd", {}, ...pieces.flatMap((part) => [piece(part), " "]))])))
  const wait = () => h("section", { role: "status", "aria-label": "Reading" }, ...[60, 44, 52].map((w) => h("i.sk", { style: `width:${w}%` })))
  drawn(model, ["sections", "is_loading"], () => {
    grid.setAttribute("aria-busy", String(model.is_loading))
    grid.replaceChildren(...model.sections.map(section), ...(model.is_loading ? [wait()] : []))
  })
  el.append(grid)
}
