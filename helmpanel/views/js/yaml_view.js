const CLASSES = { k: "k", s: "s", n: "n", c: "c", m: "masked" }

/** Puts a text on the clipboard, also where the page is not served securely and the browser has no clipboard object. */
async function copy(text) {
  try { await navigator.clipboard.writeText(text); return true } catch { /* not allowed, or not there */ }
  const area = h("textarea", { "aria-hidden": "true", style: "position:fixed;top:0;left:-9999px" })
  area.value = text
  const root = focused()?.getRootNode()
  const home = root?.querySelector?.("dialog[open]") || document.body
  const at = focused()
  home.append(area)
  area.select()
  const done = document.execCommand("copy")
  area.remove()
  at?.focus()
  return done
}

export function render({ model, el }) {
  const summary = h("span.soft.cut.grow")
  const search = h("input", { type: "search", placeholder: "Find", "aria-label": "Find", spellcheck: "false", autocomplete: "off" })
  const found = h("span.num.found", { role: "status" })
  const field = h("label.field.find", {}, icon("search"), search, found)
  const reveal = h("button.btn.sm", { type: "button" }, icon("eye"), h("span.lbl", {}, "Reveal secrets"))
  const copying = h("button.btn.sm", { type: "button", "aria-label": "Copy" }, icon("copy"), h("span.lbl", {}, "Copy"))
  const saving = h("button.btn.sm", { type: "button", "aria-label": "Download" }, icon("download"), h("span.lbl", {}, "Download"))
  const bar = h("div.toolbar", {}, summary, field, reveal, copying, saving)
  const code = h("div.code", { tabindex: "0", role: "region" })
  const told = h("span.sr", { role: "status" })
  el.append(bar, code, told)

  let rows = []          // line number -> row, of the lines that came
  let masked = []        // line number -> segments to fall back to
  let version = -1
  let waiting = false
  let revealedUntil = 0  // all of it
  let timer = null

  // A key over many lines is one value: one button, on its first line.
  const isDots = (segments) => !!segments && segments.some(([kind]) => kind === "m") && segments.every(([kind, text]) => kind === "m" || !text.trim())
  const button = (line) => h("button.reveal", { type: "button", "data-line": line, "aria-label": `Reveal line ${line + 1}` }, icon("eye"), "Reveal")
  const pieces = (segments, line) => {
    const parts = segments.map(([kind, text]) => kind === "m" ? h("span.masked", { role: "img", "aria-label": "Masked" }, text) : CLASSES[kind] ? h("span." + CLASSES[kind], {}, text) : text)
    const isMasked = segments.some(([kind]) => kind === "m")
    return isMasked && !(isDots(segments) && isDots(masked[line - 1])) ? [...parts, button(line)] : parts
  }
  const write = (line, segments) => {
    const at = rows[line]?.lastChild
    if (at) at.replaceChildren(...pieces(segments, line))
  }
  const isRevealed = () => Date.now() < revealedUntil
  const ask = () => {
    if (waiting || rows.length >= model.lines) return
    waiting = true
    // Not inside a render: the document may not know this component yet, and Bokeh would try to send the whole of it along.
    setTimeout(() => model.send_msg({ event: "ask", start: rows.length, revealed: isRevealed() }), 0)
  }
  // Two screens ahead of what is seen.
  const more = () => { if (code.scrollTop + 3 * code.clientHeight > code.scrollHeight || code.scrollHeight <= code.clientHeight) ask() }
  const hide = () => {
    clearTimeout(timer)
    revealedUntil = 0
    for (const row of code.querySelectorAll("[data-bare]")) { write(+row.dataset.bare, masked[+row.dataset.bare]); delete row.dataset.bare }
    label()
  }
  const label = () => {
    const shown = code.querySelector("[data-bare]") !== null
    reveal.hidden = !model.has_secrets
    reveal.lastChild.textContent = shown ? "Hide secrets" : "Reveal secrets"
    reveal.setAttribute("aria-label", shown ? "Hide secrets" : "Reveal secrets")
  }
  const bare = (real) => {
    for (const [line, segments] of Object.entries(real)) {
      if (!rows[line]) continue
      write(+line, segments)
      rows[line].dataset.bare = line
    }
    label()
  }
  const draw = () => {
    const isEmpty = !model.lines
    bar.hidden = !model.has_bar
    summary.textContent = model.summary
    code.setAttribute("aria-label", model.label)
    field.hidden = isEmpty || model.lines < 30
    copying.hidden = saving.hidden = isEmpty
    if (model.is_loading || model.problem || isEmpty) {
      version = -1
      rows = []
      const state = model.is_loading ? h("div.skeleton", { role: "status", "aria-label": "Reading" }, ...[72, 48, 60, 36, 54, 42].map((w) => h("i", { style: `width:${w}%` })))
        : h("p.none" + (model.problem ? ".bad" : ""), { role: model.problem ? "alert" : null }, model.problem && icon("error"), model.problem || model.placeholder)
      code.replaceChildren(state)
    } else if (version !== model.version) {
      version = model.version
      rows = []
      masked = []
      waiting = false
      clearTimeout(timer)
      revealedUntil = 0
      code.replaceChildren()
      code.scrollTop = 0
      code.style.setProperty("--digits", String(model.lines).length + "ch")
      ask()
    }
    // The lines come after the news that there are some.
    code.setAttribute("aria-busy", String(model.is_loading || !(isEmpty || model.problem || rows.length)))
    label()
  }
  model.on("msg:custom", (data) => {
    if (data.version !== model.version) return
    if (data.lines) {
      if (data.start !== rows.length) return
      waiting = false
      const part = document.createDocumentFragment()
      for (const segments of data.lines) {
        const line = rows.length
        const row = h("div.ln", {}, h("span", { "aria-hidden": "true" }, String(line + 1)), h("code", {}, ...pieces(segments, line)))
        rows.push(row)
        masked.push(segments)
        part.append(row)
      }
      code.append(part)
      code.setAttribute("aria-busy", "false")
      if (data.real && isRevealed()) bare(data.real)
      requestAnimationFrame(more)
      if (target >= rows.length) ask()
      else if (target >= 0) seek(target)
    } else if (data.real) {
      bare(data.real)
      clearTimeout(timer)
      timer = setTimeout(hide, data.for_s * 1000)
      told.textContent = `Revealed for ${data.for_s} seconds`
    } else if (data.take === "copy") {
      copy(data.text).then((done) => {
        copying.lastChild.textContent = done ? "Copied" : "Not copied"
        told.textContent = done ? "Copied" : "The browser did not allow copying. Download it instead."
        setTimeout(() => { copying.lastChild.textContent = "Copy" }, 2000)
      })
    } else if (data.take === "download") {
      const link = h("a", { href: URL.createObjectURL(new Blob([data.text], { type: "text/plain" })), download: model.file_name })
      el.append(link)
      link.click()
      link.remove()
      setTimeout(() => URL.revokeObjectURL(link.href), 10000)
    } else if (data.hits) {
      if (data.words !== search.value) return
      hits = data.hits
      hit = -1
      step(1)
    }
  })

  let hits = [], hit = -1, target = -1
  const seek = (line) => {
    code.querySelector(".hit")?.classList.remove("hit")
    if (line >= rows.length) { target = line; ask(); return }
    target = -1
    rows[line].classList.add("hit")
    rows[line].scrollIntoView({ block: "center" })
  }
  const step = (by) => {
    if (hits.length) { hit = (hit + by + hits.length) % hits.length; seek(hits[hit]) }
    else code.querySelector(".hit")?.classList.remove("hit")
    found.textContent = !search.value ? "" : hits.length ? `${hit + 1} of ${hits.length}` : "None"
  }
  let typing = null
  search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => model.send_msg({ event: "find", words: search.value }), 150) })
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1) }
    if (event.key === "Escape" && search.value) { event.preventDefault(); event.stopPropagation(); search.value = ""; hits = []; step(1) }
  })
  reveal.addEventListener("click", () => {
    if (code.querySelector("[data-bare]")) return hide()
    revealedUntil = Date.now() + 30000
    model.send_msg({ event: "reveal", line: -1, upto: rows.length })
  })
  code.addEventListener("click", (event) => {
    const pressed = event.target.closest?.(".reveal")
    if (pressed) { model.send_msg({ event: "reveal", line: +pressed.dataset.line, upto: 0 }); code.focus({ preventScroll: true }) }
  })
  copying.addEventListener("click", () => model.send_msg({ event: "take", how: "copy", revealed: code.querySelector("[data-bare]") !== null && isRevealed() }))
  saving.addEventListener("click", () => model.send_msg({ event: "take", how: "download", revealed: code.querySelector("[data-bare]") !== null && isRevealed() }))
  code.addEventListener("scroll", more, { passive: true })
  const watch = new ResizeObserver(more)
  watch.observe(code)
  model.on("remove", () => { clearTimeout(timer); watch.disconnect() })
  model.on(["summary", "label", "placeholder", "is_loading", "problem", "has_secrets", "has_bar", "lines", "version"], draw)
  draw()
}
