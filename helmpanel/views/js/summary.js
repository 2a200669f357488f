const TILES = [["all", "All"], ["healthy", "Healthy"], ["degraded", "Degraded"], ["failed", "Failed"], ["pending", "Pending"], ["deployed", "Deployed"], ["uninstalled", "Uninstalled"], ["newer", "Upgrade", " available"]]

export function render({ model, el }) {
  const box = h("section", { role: "group", "aria-label": "Filter by status" })
  const tiles = TILES.map(([key, word, more]) => {
    const number = h("span.n")
    const group = key === "newer" ? "upgrade" : key
    const tile = h("button.tile." + tone(group), { type: "button", "data-key": key }, h("span.k", {}, key !== "all" && icon({ deployed: "minus", newer: "st-upgrade" }[key] || "st-" + key), h("span", {}, word, more && h("span.more", {}, more))), number)
    tile.addEventListener("click", (event) => model.send_msg({ event: "press", key, more: event.shiftKey || event.ctrlKey || event.metaKey }))
    return { key, tile, number }
  })
  box.append(h("div.tiles", {}, tiles.slice(0, -1).map((t) => t.tile)), h("div.tiles.one", {}, tiles.at(-1).tile))
  // One stop for Tab, arrows inside.
  box.addEventListener("keydown", (event) => {
    const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!to) return
    const at = tiles.findIndex((t) => t.tile === event.target.closest("button"))
    const next = tiles[(at + to + tiles.length) % tiles.length]
    for (const t of tiles) t.tile.tabIndex = t === next ? 0 : -1
    next.tile.focus()
    event.preventDefault()
  })
  drawn(model, ["counts", "pressed", "is_compact"], () => {
    box.className = model.is_compact ? "pills" : "wide"
    const isKnown = "all" in model.counts
    tiles.forEach((t, i) => {
      const n = model.counts[t.key]
      t.tile.setAttribute("aria-pressed", String(model.pressed.includes(t.key)))
      t.tile.classList.toggle("zero", n === 0)
      t.number.replaceChildren(isKnown ? n.toLocaleString("en") : h("span.sk"))
      if (!box.contains(el.getRootNode().activeElement)) t.tile.tabIndex = i === 0 ? 0 : -1
    })
  })
  el.append(box)
}
