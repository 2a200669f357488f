// Around Tabulator: it draws the rows anew on every change, so what a person holds on to (focus, a press under way, a flash) is kept here by key, not by element.

const COLUMNS = ["select", "status", "name", "namespace", "chart", "version", "app_version", "revision", "ready", "updated", "actions"]
const SORTED = COLUMNS.slice(1, -1)
const GONE = "Gone: it is not in the cluster any more"

export function render({ model, el, view }) {
  const act = (what, key) => model.send_msg({ event: "act", what, key })
  const arrangement = asking((name, value) => model[name] === value)
  const wanted = (name) => arrangement.get(name, model[name])
  const ask = (told, message) => { arrangement.ask(Object.entries(told)); model.send_msg(message) }
  model.on(["sort", "descending", "page"], arrangement.answered)
  const turn = (step) => {
    const page = Math.min(Math.max(wanted("page") + step, 1), model.pages)
    ask({ page }, { event: "page", number: page })
  }
  const order = (sort) => {
    const descending = wanted("sort") === sort && !wanted("descending")
    arrangement.drop("page")  // a new order begins at its first page
    ask({ sort, descending }, { event: "sort", column: sort, descending })
  }
  const grid = [model.get_child("grid")].flat()[0]
  const root = grid.shadowRoot
  // See common.js: in a notebook the first message of any part would carry the whole table along, which holds functions by then and cannot leave.
  // Only the table's: what the browser made itself is new to the kernel.
  for (const part of view.model.references()) view.model.document?._new_models?.delete(part)
  const count = h("span.grow.num", { role: "status" })
  const before = h("button.icon", { type: "button", "aria-label": "Previous page", onclick: pressable(() => turn(-1)) }, icon("left"))
  const after = h("button.icon", { type: "button", "aria-label": "Next page", onclick: pressable(() => turn(1)) }, icon("right"))
  const where = h("span.num")
  const per = h("span.per.num")
  const menu = h("div.menu", { popover: "auto", role: "menu", "aria-label": "Actions" })
  const skeleton = h("div.skeleton", { "aria-hidden": "true" })
  const waits = h("button.btn.sm.ghost.waits", { type: "button", onclick: () => model.send_msg({ event: "let_in" }) })
  const footer = h("footer.pager", {}, count, h("span.news", { role: "status" }, waits), per, before, where, after)
  const card = h("div", {}, grid, skeleton, footer, menu)

  /* the rows that are there */
  let cursor = null  // key of the row that Tab reaches
  let place_of = 0
  let held = null  // the control that has focus: { key, act, element }
  let last = null  // the control that had it last: what a dialog was opened from
  let pressed = null  // the control that a press began on
  let known = new Map()  // key to what flashes when it changes
  const all_rows = () => [...root.querySelectorAll(".tabulator-table .tabulator-row")].filter((row) => row.dataset.key)
  const row_of = (key) => all_rows().find((row) => row.dataset.key === key)
  const control_of = (element) => {
    const control = element?.closest?.("[data-act]")
    return control ? { element: control, act: control.dataset.act, key: control.closest(".tabulator-row")?.dataset.key } : null
  }
  const find = ({ key, act }) => { const row = row_of(key); return row?.querySelector(`[data-act=${act}]`) ?? row?.querySelector(".name") }
  const controls = (row) => [...row.querySelectorAll("[data-act]")].filter((control) => control.getClientRects().length)
  const refused = (row, what) => row.querySelector("[data-act=more]").dataset[what]

  const selection = selecting({ model, rows: all_rows })

  /* what Tabulator has just drawn */
  const head = (cell, column) => {
    const title = cell.querySelector(".tabulator-col-title")
    if (column === "select") { if (!title.contains(selection.all)) title.replaceChildren(selection.all); return }
    if (!SORTED.includes(column)) { if (!title.querySelector(".sr")) title.replaceChildren(h("span.sr", {}, title.textContent)); return }
    let button = title.querySelector("button")
    if (!button) {
      button = h("button", { type: "button", "data-sort": column }, title.textContent, h("span", { style: "display:contents" }))
      title.replaceChildren(button)
    }
    const isOn = column === model.sort
    const mark = isOn ? (model.descending ? "down" : "up") : ""
    if (isOn) cell.setAttribute("aria-sort", model.descending ? "descending" : "ascending")
    else cell.removeAttribute("aria-sort")
    if (button.dataset.mark !== mark) { button.dataset.mark = mark; button.lastChild.replaceChildren(...(mark ? [icon(mark, ".sm")] : [])) }
  }
  const times = () => { for (const span of root.querySelectorAll("[data-at]")) { const word = span.dataset.at && ago(Number(span.dataset.at)); if (span.textContent !== word) span.textContent = word } }
  // That a chart or a health comes into a row that was there before is no change of its release.
  const has_changed = (was, now) => { const old = was.split("|"); return now.split("|").some((part, at) => part && old[at] && part !== old[at]) }
  const flash = (row) => { row.classList.add("flash"); setTimeout(() => row.classList.remove("flash"), 2000) }
  const reach = () => {
    const rows = all_rows(), keys = rows.map((row) => row.dataset.key)
    if (keys.includes(cursor)) place_of = keys.indexOf(cursor)
    else if (keys.length) cursor = keys[Math.min(place_of, keys.length - 1)]  // its row is gone: the one that moved up
    for (const row of rows) for (const control of row.querySelectorAll("[data-act]")) control.tabIndex = row.dataset.key === cursor ? 0 : -1
  }
  // Panel 1.9.4 drops what arrives while Tabulator is being built, and Tabulator 6.4 draws no rows while it is hidden.
  const built = new WeakSet()
  const tabulator = () => [...view._child_views.values()].find((child) => child.tabulator)
  const mend = () => {
    const its = tabulator()
    if (!its?.tabulator.initialized || its._building) return
    if (JSON.stringify(its.getData()) !== JSON.stringify(its.tabulator.getData())) its.setData()
    else if (its.tabulator.getDataCount() && !root.querySelector(".tabulator-table .tabulator-row") && grid.clientWidth) its.tabulator.redraw(true)
  }
  const settle = () => {
    const table = root.querySelector(".tabulator")
    if (!table) return
    const its = tabulator()?.tabulator
    if (its && !built.has(its)) { built.add(its); its.on("tableBuilt", () => setTimeout(mend)) }
    table.setAttribute("aria-label", "Releases")
    table.setAttribute("aria-busy", String(model.is_loading))
    root.querySelector(".tabulator-tableholder")?.removeAttribute("tabindex")
    for (const cell of root.querySelectorAll(".tabulator-col[tabulator-field]")) if (COLUMNS.includes(cell.getAttribute("tabulator-field"))) head(cell, cell.getAttribute("tabulator-field"))
    const now = new Map()
    for (const row of root.querySelectorAll(".tabulator-table .tabulator-row")) {
      const name = row.querySelector(".name")
      if (!name) continue
      const { key, state } = name.dataset
      row.dataset.key = key
      const isGone = !!row.querySelector("[data-gone]")
      row.classList.toggle("gone", isGone)
      if (isGone) for (const control of row.querySelectorAll("[data-act]")) { control.setAttribute("aria-disabled", "true"); control.title = GONE }
      now.set(key, state)
      if (known.has(key) && has_changed(known.get(key), state)) flash(row)
    }
    // Between taking rows out and putting the new ones in there are none: nothing is known of them then.
    if (now.size || model.is_loading) known = now
    times()
    reach()
    selection.tick()
    // What had the focus was drawn anew and nobody else has taken it.
    if (held && !held.element.isConnected && now.size) {
      const at = focused()
      const again = (!at || at === document.body || at.shadowRoot) && (find(held) ?? find({ key: cursor, act: "name" }))
      held = null
      if (again) again.focus({ preventScroll: true })
    }
    watch.takeRecords()
  }
  const watch = new MutationObserver(settle)
  watch.observe(root, { childList: true, subtree: true })
  const sized = new ResizeObserver(mend)
  sized.observe(grid)
  model.on("remove", () => { watch.disconnect(); sized.disconnect() })

  /* roving focus: one row is reached by Tab, arrows move */
  const go = (step) => {
    const keys = all_rows().map((row) => row.dataset.key)
    if (!keys.length) return
    const had = root.activeElement && keys.includes(cursor)
    const at = had ? keys.indexOf(cursor) + step : step > 0 ? Math.max(0, keys.indexOf(cursor)) : keys.indexOf(cursor)
    cursor = keys[Math.min(Math.max(at, 0), keys.length - 1)]
    reach()
    const row = row_of(cursor)
    row.querySelector(".name").focus()
    row.scrollIntoView({ block: "nearest" })
  }
  root.addEventListener("focusin", (event) => {
    const control = control_of(event.target)
    if (!control?.key) return
    held = last = control
    if (control.key !== cursor) { cursor = control.key; reach() }
  })
  root.addEventListener("focusout", (event) => { if (event.relatedTarget || event.target.isConnected) { const left = event.target; queueMicrotask(() => { if (held?.element === left && left.isConnected && root.activeElement !== left) held = null }) } })
  root.addEventListener("keydown", (event) => {
    const row = event.target.closest(".tabulator-row")
    if (event.key === "ArrowDown") go(1)
    else if (event.key === "ArrowUp") go(-1)
    else if (["ArrowRight", "ArrowLeft"].includes(event.key) && row) {
      const all = controls(row)
      all[Math.min(Math.max(all.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1), 0), all.length - 1)]?.focus()
    } else return
    event.preventDefault()
  })

  /* presses */
  root.addEventListener("click", (event) => {
    const sort = event.target.closest("[data-sort]")?.dataset.sort
    if (sort) order(sort)
    const control = control_of(event.target)
    if (!control?.key || control.element.getAttribute("aria-disabled") === "true") return
    if (control.act === "select") selection.select([control.key], control.element.checked)
    else if (control.act === "more") open_menu(control.key, control.element)
    else act({ name: "details", chip: "upgrade" }[control.act] ?? control.act, control.key)
  })
  // Drawn anew between down and up: the browser makes no click of it.
  root.addEventListener("pointerdown", (event) => { pressed = control_of(event.target) })
  root.addEventListener("pointerup", (event) => {
    const control = control_of(event.target)
    if (pressed && control && !pressed.element.isConnected && pressed.key === control.key && pressed.act === control.act) control.element.click()
    pressed = null
  })
  const home = shell(el)
  const on_row = (event) => {
    const row = row_of(cursor)
    if (event.detail.step) go(event.detail.step)
    else if (row && event.detail.act === "select") { if (!row.classList.contains("gone")) selection.toggle(cursor) }
    else if (row && event.detail.act && !refused(row, event.detail.act)) act(event.detail.act, cursor)
  }
  // A row that was redrawn while a dialog was open: focus goes to the same control of the same release again.
  const on_refocus = () => (last?.key === cursor ? find(last) : find({ key: cursor, act: "name" }))?.focus({ preventScroll: true })
  home?.addEventListener("hp-row", on_row)
  home?.addEventListener("hp-refocus", on_refocus)
  model.on("remove", () => { home?.removeEventListener("hp-row", on_row); home?.removeEventListener("hp-refocus", on_refocus) })

  holding({ model, el, card, menu, home })

  /* the menu of a row */
  let menu_of = null
  const open_menu = (key, opener) => {
    const why = opener.dataset
    menu_of = { key, act: "more" }
    const item = (what, name, word, why, bad) => [
      h("button.mi" + (bad ? ".bad" : ""), { type: "button", role: "menuitem", "aria-disabled": why ? "true" : null, onclick: pressable(() => { menu.hidePopover(); act(what, key) }) }, icon(name), word),
      why && h("div.why", {}, why),
    ]
    menu.replaceChildren(...[...item("details", "eye", "View details", ""), ...item("upgrade", "upgrade", "Upgrade", why.upgrade), ...item("rollback", "rollback", "Roll back", why.rollback),
      h("hr"), ...item("uninstall", "uninstall", "Uninstall", why.uninstall, true)].filter(Boolean))
    menu.showPopover()
    place(menu, opener, true)
    menu.querySelector("button").focus()
  }
  menu.addEventListener("toggle", (event) => { if (event.newState === "closed" && menu_of && !focused()?.closest?.("dialog") && menu.contains(el.getRootNode().activeElement)) find(menu_of)?.focus() })
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")]
    const to = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === "Escape") { menu.hidePopover(); find(menu_of)?.focus() }
    else if (event.key === "Tab") menu.hidePopover()
    else if (to) items[(items.indexOf(el.getRootNode().activeElement) + to + items.length) % items.length].focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  })

  /* drawing */
  const bar = (i, c) => h("div.c-" + SORTED[c], {}, h("span.sk", { style: `width:${40 + ((i * 37 + c * 53) % 60)}px` }))
  drawn(model, ["is_loading"], () => {
    skeleton.replaceChildren(...(model.is_loading ? Array.from({ length: 12 }, (_, i) => h("div.row", {}, h("div.c-select"), SORTED.map((_name, c) => bar(i, c)))) : []))
    settle()
  })
  drawn(model, ["sort", "descending"], settle)
  footer.prepend(selection.batch({ el, go: () => go(1) }))
  drawn(model, ["chosen"], () => footer.classList.toggle("has-batch", model.chosen > 0))
  drawn(model, ["waits"], () => {
    waits.hidden = !model.waits
    waits.textContent = model.waits && `${model.waits}, show`
  })
  drawn(model, ["page", "pages", "footer", "size", "is_compact"], () => {
    card.className = "card" + (model.is_compact ? " compact" : "")
    count.textContent = model.footer
    per.textContent = `${model.size} per page`
    where.textContent = `${model.page} of ${model.pages}`
    before.setAttribute("aria-disabled", String(model.page <= 1))
    after.setAttribute("aria-disabled", String(model.page >= model.pages))
  })
  ticking(model, 15000, settle)
  el.append(card)
}
