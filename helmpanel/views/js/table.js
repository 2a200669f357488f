// Rows keep their elements as long as they stay on the page: news change cells, never the place of focus or pointer.

const COLUMNS = [["status", "Status"], ["name", "Name"], ["namespace", "Namespace"], ["chart", "Chart"], ["version", "Version"], ["app_version", "App version"], ["revision", "Revision"], ["updated", "Updated"]]

export function render({ model, el }) {
  const act = (what, key) => model.send_msg({ event: "act", what, key })
  const body = h("tbody")
  const heads = COLUMNS.map(([key, word]) => {
    const mark = h("span", { style: "display:contents" })
    const button = h("button", { type: "button", onclick: () => model.send_msg({ event: "sort", column: key, descending: model.sort === key && !model.descending }) }, word, mark)
    return { key, mark, cell: h("th.c-" + key, { scope: "col" }, button) }
  })
  const table = h("table", { role: "grid", "aria-label": "Releases" }, h("thead", {}, h("tr", {}, heads.map((head) => head.cell), h("th.c-act", { scope: "col" }, h("span.sr", {}, "Actions")))), body)
  const count = h("span.grow.num", { role: "status" })
  const before = h("button.icon", { type: "button", "aria-label": "Previous page", onclick: pressable(() => model.send_msg({ event: "page", number: model.page - 1 })) }, icon("left"))
  const after = h("button.icon", { type: "button", "aria-label": "Next page", onclick: pressable(() => model.send_msg({ event: "page", number: model.page + 1 })) }, icon("right"))
  const where = h("span.num")
  const per = h("span.per.num")
  const menu = h("div.menu", { popover: "auto", role: "menu", "aria-label": "Actions" })
  const card = h("div", {}, table, h("footer.pager", {}, count, per, before, where, after), menu)

  /* one row */
  const made = new Map()
  let cursor = null  // key of the row that Tab reaches
  let place_of = 0
  const button = (what, name, help) => h("button.icon", { type: "button", "data-act": what }, icon(name), h("span.sr", {}, help))
  const make = (key) => {
    const cell = Object.fromEntries(COLUMNS.map(([name]) => [name, h("td.c-" + name)]))
    const name = h("button.name", { type: "button", "data-act": "details" })
    cell.name.append(name)
    const details = button("details", "eye", "")
    const upgrade = button("upgrade", "upgrade", "")
    const more = h("button.icon", { type: "button", "data-act": "more", "aria-haspopup": "menu" }, icon("more"))
    const row = h("tr", { "data-key": key }, COLUMNS.map(([column]) => cell[column]), h("td.c-act", {}, h("div", {}, details, upgrade, more)))
    name.addEventListener("click", () => act("details", key))
    details.addEventListener("click", () => act("details", key))
    upgrade.addEventListener("click", pressable(() => act("upgrade", key)))
    more.addEventListener("click", () => open_menu(key, more))
    return { row, cell, name, details, upgrade, more, data: null }
  }
  const label = (control, help, why) => {
    control.title = why || help
    control.setAttribute("aria-label", why ? `${help}. ${why}` : help)
    if (why) control.setAttribute("aria-disabled", "true")
    else control.removeAttribute("aria-disabled")
  }
  const chip = (data, part) => {
    if (data.chip === "newer") {
      const known = ["patch", "minor", "major", "pre-release"].includes(data.step) ? data.step : ""
      const up = h("button.up" + (known ? "." + known : ""), { type: "button", "data-act": "chip" }, icon("st-upgrade"), h("span.v", {}, data.available), known && " " + known)
      // The visible words stand in the label as they are: people who speak to their computer say what they see.
      label(up, `Upgrade ${data.name} to ${data.available}${known ? " " + known : ""}. ${data.why}`, data.no_upgrade)
      up.addEventListener("click", pressable(() => act("upgrade", data.key)))
      return up
    }
    const word = { "no-source": "No source", unknown: "Unknown" }[data.chip]
    return word ? h("span.hint", { title: data.why }, word, h("span.sr", {}, ". " + data.why)) : null
  }
  const fill = (part, data) => {
    const old = part.data || {}
    const changed = (...names) => names.some((name) => old[name] !== data[name])
    if (changed("group", "word", "description")) {
      part.cell.status.replaceChildren(h("span.st." + tone(data.group), { title: data.description || null }, shape(data.group), h("span.cut", {}, data.word)))
    }
    if (changed("name")) {
      part.name.textContent = data.name
      part.name.title = data.name
      label(part.details, `View details of ${data.name}`, "")
      part.more.setAttribute("aria-label", `More actions for ${data.name}`)
      part.more.title = "Roll back, uninstall"
    }
    for (const column of ["namespace", "chart", "app_version"]) {
      if (changed(column)) { part.cell[column].textContent = data[column]; part.cell[column].title = data[column] }
    }
    if (changed("version", "chip", "available", "step", "why", "no_upgrade")) {
      part.cell.version.replaceChildren(h("span.ver", {}, h("span.mono", { title: data.version }, data.version), chip(data, part)))
    }
    if (changed("revision")) part.cell.revision.textContent = String(data.revision)
    if (changed("updated")) { part.cell.updated.textContent = data.updated === null ? "" : ago(data.updated); part.cell.updated.title = data.exact }
    if (changed("name", "no_upgrade")) label(part.upgrade, `Upgrade ${data.name}`, data.no_upgrade)
    if (part.data && changed("word", "revision", "version")) {
      part.row.classList.remove("flash")
      void part.row.offsetWidth  // starts the animation anew
      part.row.classList.add("flash")
      setTimeout(() => part.row.classList.remove("flash"), 2000)
    }
    part.data = data
  }

  /* roving focus: one row is reached by Tab, arrows move */
  const controls = (part) => [...part.row.querySelectorAll("[data-act]")].filter((control) => control.getClientRects().length)
  const reach = () => {
    const keys = model.rows.map((row) => row.key)
    if (keys.includes(cursor)) place_of = keys.indexOf(cursor)
    else cursor = keys[Math.min(place_of, keys.length - 1)] ?? null  // its row is gone: the one that moved up
    for (const [key, part] of made) for (const control of part.row.querySelectorAll("[data-act]")) control.tabIndex = key === cursor ? 0 : -1
  }
  const go = (step) => {
    const keys = model.rows.map((row) => row.key)
    if (!keys.length) return
    const had = card.contains(el.getRootNode().activeElement) && made.has(cursor)
    const at = had ? keys.indexOf(cursor) + step : step > 0 ? Math.max(0, keys.indexOf(cursor)) : keys.indexOf(cursor)
    cursor = keys[Math.min(Math.max(at, 0), keys.length - 1)]
    reach()
    made.get(cursor).name.focus()
    made.get(cursor).row.scrollIntoView({ block: "nearest" })
  }
  body.addEventListener("focusin", (event) => {
    const key = event.target.closest("tr")?.dataset.key
    if (key && key !== cursor) { cursor = key; reach() }
  })
  table.addEventListener("keydown", (event) => {
    const part = made.get(cursor)
    if (event.key === "ArrowDown") go(1)
    else if (event.key === "ArrowUp") go(-1)
    else if (["ArrowRight", "ArrowLeft"].includes(event.key) && part && part.row.contains(event.target)) {
      const all = controls(part)
      all[Math.min(Math.max(all.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1), 0), all.length - 1)]?.focus()
    } else return
    event.preventDefault()
  })
  const root = shell(el)
  const on_row = (event) => {
    const data = made.get(cursor)?.data
    if (event.detail.step) go(event.detail.step)
    else if (data && event.detail.act && !data["no_" + event.detail.act]) act(event.detail.act, cursor)
  }
  // A row that was redrawn while a dialog was open: focus goes to the same release again.
  const on_refocus = () => made.get(cursor)?.name.focus({ preventScroll: true })
  root?.addEventListener("hp-row", on_row)
  root?.addEventListener("hp-refocus", on_refocus)
  model.on("remove", () => { root?.removeEventListener("hp-row", on_row); root?.removeEventListener("hp-refocus", on_refocus) })

  /* the menu of a row */
  let menu_of = null
  const open_menu = (key, opener) => {
    const data = made.get(key).data
    menu_of = opener
    const item = (what, name, word, why, bad) => [
      h("button.mi" + (bad ? ".bad" : ""), { type: "button", role: "menuitem", "aria-disabled": why ? "true" : null, onclick: pressable(() => { menu.hidePopover(); act(what, key) }) }, icon(name), word),
      why && h("div.why", {}, why),
    ]
    menu.replaceChildren(...[...item("details", "eye", "View details", ""), ...item("upgrade", "upgrade", "Upgrade", data.no_upgrade), ...item("rollback", "rollback", "Roll back", data.no_rollback),
      h("hr"), ...item("uninstall", "uninstall", "Uninstall", data.no_uninstall, true)].filter(Boolean))
    menu.showPopover()
    place(menu, opener, true)
    menu.querySelector("button").focus()
  }
  menu.addEventListener("toggle", (event) => { if (event.newState === "closed" && menu_of?.isConnected && !focused()?.closest?.("dialog") && menu.contains(el.getRootNode().activeElement)) menu_of.focus() })
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")]
    const to = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === "Escape") { menu.hidePopover(); menu_of?.focus() }
    else if (event.key === "Tab") menu.hidePopover()
    else if (to) items[(items.indexOf(el.getRootNode().activeElement) + to + items.length) % items.length].focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  })

  /* drawing */
  const skeleton = (n) => Array.from({ length: n }, (_, i) => h("tr", { "aria-hidden": "true" }, COLUMNS.map(([name], c) => h("td.c-" + name, {}, h("span.sk", { style: `width:${40 + ((i * 37 + c * 53) % 60)}px` }))), h("td.c-act")))
  const draw_rows = () => {
    table.setAttribute("aria-busy", String(model.is_loading))
    if (model.is_loading) { made.clear(); body.replaceChildren(...skeleton(12)); return }
    const keys = new Set(model.rows.map((row) => row.key))
    for (const [key, part] of made) if (!keys.has(key)) { if (part.row.contains(el.getRootNode().activeElement)) queueMicrotask(on_refocus); made.delete(key) }
    const rows = model.rows.map((data) => {
      if (!made.has(data.key)) made.set(data.key, make(data.key))
      fill(made.get(data.key), data)
      return made.get(data.key).row
    })
    arrange(body, rows)
    reach()
  }
  drawn(model, ["rows", "is_loading"], draw_rows)
  drawn(model, ["sort", "descending"], () => {
    for (const head of heads) {
      const isOn = head.key === model.sort
      if (isOn) head.cell.setAttribute("aria-sort", model.descending ? "descending" : "ascending")
      else head.cell.removeAttribute("aria-sort")
      head.mark.replaceChildren(...(isOn ? [icon(model.descending ? "down" : "up", ".sm")] : []))
    }
  })
  drawn(model, ["page", "pages", "footer", "size", "is_compact"], () => {
    card.className = "card" + (model.is_compact ? " compact" : "")
    count.textContent = model.footer
    per.textContent = `${model.size} per page`
    where.textContent = `${model.page} of ${model.pages}`
    before.setAttribute("aria-disabled", String(model.page <= 1))
    after.setAttribute("aria-disabled", String(model.page >= model.pages))
  })
  ticking(model, 15000, () => { for (const part of made.values()) if (part.data?.updated !== null) part.cell.updated.textContent = ago(part.data.updated) })
  el.append(card)
}
