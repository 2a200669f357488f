// Selection in the releases table: ticked at once, and from then on as Python says.

/** Puts a text that is on its way on the clipboard. The browser is asked at once: it listens only while a press is fresh. */
async function to_clipboard(coming) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": coming.then((text) => new Blob([text], { type: "text/plain" })) })])
    return true
  } catch { /* not allowed, or a page that is not served securely has none */ }
  const was = focused()
  const box = h("textarea", { style: "position:fixed;opacity:0", "aria-hidden": "true", tabindex: "-1" })
  box.value = await coming
  document.body.append(box)
  box.select()
  const done = document.execCommand("copy")
  box.remove()
  was?.focus({ preventScroll: true })
  return done
}

/** What a table needs to select its rows; `rows` gives those that are drawn, with their keys. */
function selecting({ model, rows }) {
  const choice = asking((key, on) => model.selected.includes(key) === on, () => tick())
  const is_on = (key) => choice.get(key, model.selected.includes(key))
  const there = () => rows().filter((row) => !row.classList.contains("gone")).map((row) => row.dataset.key)
  const box = h("input", { type: "checkbox", "aria-label": "Select all on this page", onchange: () => select(there(), box.checked) })
  const all = h("label.tick", {}, box)
  const tick = () => {
    for (const row of rows()) {
      const its = row.querySelector("[data-act=select]")
      const on = is_on(row.dataset.key) && !its.disabled
      if (its.checked !== on) its.checked = on
      if (row.getAttribute("aria-selected") !== String(on)) row.setAttribute("aria-selected", String(on))
    }
    const keys = there(), number = keys.filter(is_on).length
    box.checked = number > 0 && number === keys.length
    box.indeterminate = number > 0 && number < keys.length
  }
  const select = (keys, on) => {
    choice.ask(keys.map((key) => [key, on]))
    model.send_msg({ event: "select", keys, is_on: on })
    tick()
  }
  model.on(["selected"], () => { choice.answered(); tick() })

  /** The foot of a table with selected rows; `go` takes the focus when it would be lost with what is hidden. */
  const batch = ({ el, go }) => {
    const chosen = h("b.num", { role: "status" })
    const copy = h("button.btn.sm", { type: "button", title: "Copy as table" }, icon("copy"), h("span.lbl", {}, "Copy as table"))
    const clear = h("button.btn.sm.ghost", { type: "button", onclick: () => { choice.clear(); model.send_msg({ event: "clear" }) } }, "Clear")
    const foot = h("div.batch", { role: "group", "aria-label": "Selected releases" }, chosen, copy, clear)
    drawn(model, ["chosen"], () => {
      chosen.textContent = `${model.chosen.toLocaleString("en")} selected`
      if (!model.chosen && foot.contains(el.getRootNode().activeElement)) go()
      foot.hidden = !model.chosen
    })
    let take = null  // hands on the text that was asked for
    model.on("msg:custom", (message) => { if (typeof message?.copied === "string") take?.(message.copied) })
    copy.addEventListener("click", async () => {
      const coming = new Promise((resolve) => { take = resolve })
      model.send_msg({ event: "copy" })
      const done = await to_clipboard(coming)
      const word = done ? "Copied" : "Not copied: the browser refused"
      copy.lastChild.textContent = copy.title = word
      setTimeout(() => { copy.lastChild.textContent = copy.title = "Copy as table" }, 2000)
    })
    return foot
  }
  return { all, tick, select, toggle: (key) => select([key], !is_on(key)), batch }
}
