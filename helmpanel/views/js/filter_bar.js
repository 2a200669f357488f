export function render({ model, el }) {
  const input = h("input", { type: "text", inputmode: "search", placeholder: "Search releases", autocomplete: "off", spellcheck: "false", "aria-label": "Search releases by name or chart" })
  const word = h("span.lbl")
  const which = h("button.field.which", { type: "button", "aria-haspopup": "true", "aria-expanded": "false" }, icon("namespace"), word, icon("down"))
  const clear = h("button.btn.ghost.sm.clear", { type: "button", title: "Clear filters", onclick: () => { input.value = ""; model.send_msg({ event: "clear" }) } }, icon("close", ".sm"), h("span.lbl", {}, "Clear filters"))
  const age_word = h("span")
  const age = h("span.age", {}, h("span.lead", {}, "Indexes from "), age_word)
  const turning = h("span", { style: "display:contents" })
  const again = h("button.btn.again", { type: "button", onclick: pressable(() => model.send_msg({ event: "refresh" })) }, turning, h("span.lbl", {}, "Refresh repositories"))
  const find = h("input", { type: "text", placeholder: "Find a namespace", "aria-label": "Find a namespace", autocomplete: "off", spellcheck: "false" })
  const list = h("div", { role: "group", "aria-label": "Namespaces" })
  const every = h("button.mi", { type: "button", onclick: () => choose([]) }, "All namespaces")
  const menu = h("div.menu", { popover: "auto" }, h("div.field", {}, icon("search"), find), list, h("hr"), every)
  const bar = h("section.filters", { role: "group", "aria-label": "Filters" },
    h("label.field.search", {}, icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/")), which, clear, h("span.grow"), age, again)

  const choose = (chosen) => { model.chosen = chosen; model.send_msg({ event: "namespaces", chosen }); draw_menu() }
  const draw_menu = () => {
    const had = list.contains(el.getRootNode().activeElement) ? el.getRootNode().activeElement.value : null
    const words = find.value.trim().toLowerCase()
    const items = model.namespaces.filter(([name]) => name.toLowerCase().includes(words)).map(([name, n]) => {
      const box = h("input", { type: "checkbox", value: name })
      box.checked = model.chosen.includes(name)
      box.addEventListener("change", () => choose(box.checked ? [...model.chosen, name] : model.chosen.filter((other) => other !== name)))
      return h("label.mi", {}, box, h("span.grow.cut", {}, name), h("span.num.muted", {}, String(n)))
    })
    list.replaceChildren(...(items.length ? items : [h("p.none", {}, "No namespace has this in its name")]))
    if (had !== null) [...list.querySelectorAll("input")].find((box) => box.value === had)?.focus()
  }
  opens(which, menu, { before: () => { find.value = ""; draw_menu() }, after: () => find.focus() })
  find.addEventListener("input", draw_menu)
  menu.addEventListener("keydown", (event) => {
    const boxes = [find, ...list.querySelectorAll("input"), every]
    const to = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!to) return
    const at = boxes.indexOf(el.getRootNode().activeElement)
    boxes[(at + to + boxes.length) % boxes.length].focus()
    event.preventDefault()
  })

  let waiting = null
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => model.send_msg({ event: "search", text: input.value }), 60) })
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !input.value) return
    input.value = ""
    clearTimeout(waiting)
    model.send_msg({ event: "search", text: "" })
    event.stopPropagation()
  })
  shell(el)?.addEventListener("hp-search", () => { input.focus(); input.select() })

  model.on("text", () => { if (focused() !== input || !model.text) input.value = model.text })
  drawn(model, ["namespaces", "chosen"], () => {
    const n = model.chosen.length
    word.textContent = n === 0 ? "All namespaces" : n === 1 ? model.chosen[0] : `${n} namespaces`
    word.classList.toggle("any", n === 0)
    which.setAttribute("aria-label", `Namespaces: ${word.textContent}`)
    if (menu.matches(":popover-open")) draw_menu()
  })
  drawn(model, ["is_filtered"], () => { clear.hidden = !model.is_filtered })
  drawn(model, ["is_compact"], () => { bar.classList.toggle("compact", model.is_compact); input.placeholder = model.is_compact ? "Search" : "Search releases" })
  const draw_age = () => {
    const when = model.index_at === null ? "" : ago(model.index_at).replace("Just now", "just now")
    age_word.textContent = when
    age.hidden = !when
    again.setAttribute("aria-label", "Refresh repositories" + (when && `: indexes from ${when}`))
    again.title = (model.is_refreshing ? "Reading the repositories now" : "Refresh repositories") + (when && `: indexes from ${when}`) + `\n${model.sources}`
  }
  drawn(model, ["index_at", "sources", "is_refreshing"], draw_age)
  ticking(model, 15000, draw_age)
  drawn(model, ["sources", "is_refreshing"], () => {
    age.title = model.sources
    again.setAttribute("aria-disabled", String(model.is_refreshing))
    turning.replaceChildren(icon("refresh", model.is_refreshing ? ".spin" : ""))
  })
  input.value = model.text
  el.append(bar, menu)
}
