const TONES = { running: "plain", "pre-release": "plain", patch: "", minor: "st-upgrade", major: "st-upgrade strong", downgrade: "st-degraded" }

export function render({ model, el }) {
  const box = h("input", { type: "checkbox" })
  const ask = h("label.ask.soft", {}, box, "Pre-releases")
  const list = h("div.pick", { role: "radiogroup", "aria-label": "Version" })
  el.append(h("div.head", {}, h("h3", {}, "Version"), ask), list)
  box.addEventListener("change", () => { model.prereleases = box.checked })

  const row = (offer, at) => {
    const input = h("input", { type: "radio", name: "version", value: offer.version, id: "v" + at })
    input.checked = offer.version === model.value
    input.addEventListener("change", () => { model.value = offer.version })
    const mark = TONES[offer.mark] === undefined ? null : h("span", { class: "chip " + TONES[offer.mark] }, offer.mark)
    return h("label", {}, input, h("span.mono.v", { title: offer.version }, offer.version), h("small.cut.num", { title: offer.app_version }, offer.app_version || "–"),
      h("small.cut.num", {}, offer.released), mark || h("span"), offer.note && h("span.why", {}, offer.note))
  }
  const draw = () => {
    const had = list.contains(el.getRootNode().activeElement)
    const top = list.scrollTop
    box.checked = model.prereleases
    ask.hidden = !model.has_prereleases
    if (model.is_loading) list.replaceChildren(h("p.none", { role: "status" }, "Reading the versions"))
    else list.replaceChildren(h("div.hd", { "aria-hidden": "true" }, h("span"), h("span", {}, "Version"), h("span", {}, "App"), h("span", {}, "Released")), ...model.offers.map(row))
    list.scrollTop = top
    if (had) list.querySelector("input:checked")?.focus()
  }
  model.on(["offers", "has_prereleases", "prereleases", "is_loading"], draw)
  model.on("value", () => { for (const input of list.querySelectorAll("input")) input.checked = input.value === model.value })
  draw()
  // The chosen one may lie far down.
  requestAnimationFrame(() => list.querySelector("input:checked")?.closest("label").scrollIntoView({ block: "nearest" }))
}
