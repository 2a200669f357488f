// A textarea over a coloured copy of its text. Colours are drawn for what a person reads, not for 1 MB.
const MOST_COLOURED = 120000
const LINE = /^(\s*(?:- +)*)(?:("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"[\]{},&*!|>%@`-][^#:]*?|[^\s#'"[\]{},&*!|>%@`][^#:\s]*?)(:)(?=\s|$))?(.*)$/

function colour(line) {
  const code = h("code")
  const put = (kind, text) => { if (text) code.append(kind ? h("span." + kind, {}, text) : text) }
  const comment = line.match(/(^|\s)#.*$/)
  const quoted = comment && (line.slice(0, comment.index).match(/["']/g) || []).length % 2
  const body = comment && !quoted ? line.slice(0, comment.index) : line
  const [, lead, key, colon, rest] = (body.length < 2000 && body.match(LINE)) || [null, "", "", "", body]
  put("", lead)
  put("k", key)
  put("", colon)
  const value = rest.trim()
  put(/^["']/.test(value) ? "s" : /^([-+]?[\d.]+(e[-+]?\d+)?|true|false|null|yes|no|on|off|~)$/i.test(value) ? "n" : "", rest)
  if (comment && !quoted) put("c", line.slice(comment.index))
  return code
}

export function render({ model, el }) {
  const numbers = h("div.numbers"), text = h("div.text")
  const gutter = h("div.gutter", { "aria-hidden": "true" }, numbers)
  const paper = h("div.paper", { "aria-hidden": "true" }, text)
  const area = h("textarea", { spellcheck: "false", autocomplete: "off", autocapitalize: "off", autocorrect: "off", wrap: "off", "aria-describedby": "problem", "data-gramm": "false" })
  const words = h("span.cut", {})
  const go = h("button.btn.sm.ghost", { type: "button" }, "Go to line")
  const foot = h("div.foot", { id: "problem", role: "status" }, icon("error"), words, h("span.grow"), go)
  el.append(h("div.sheet", {}, gutter, paper, area), foot)

  // One bar behind the faulty line, in the gutter and on the paper; both scroll with the text.
  const bars = [h("div.mark"), h("div.mark")]
  gutter.append(bars[0])
  paper.append(bars[1])
  let sent = "", timer = null, isReady = false
  const scroll = () => { paper.scrollTop = gutter.scrollTop = area.scrollTop; paper.scrollLeft = area.scrollLeft }
  const marks = () => {
    for (const bar of bars) {
      bar.hidden = !model.problem_line
      bar.style.top = `${8 + (model.problem_line - 1) * 20}px`
    }
  }
  let drawnLines = [], numbered = 0
  const paint = () => {
    const lines = area.value.split("\n")
    const isColoured = area.value.length <= MOST_COLOURED
    el.classList.toggle("coloured", isColoured)
    area.classList.toggle("clear", isColoured)
    if (lines.length !== numbered) {
      // One text, not an element a line: 1 MB of values has 15,000 of them.
      numbered = lines.length
      numbers.textContent = Array.from({ length: numbered }, (_, i) => i + 1).join("\n")
    }
    if (!isColoured) { text.replaceChildren(); drawnLines = []; marks(); scroll(); return }
    // Only what changed between the same start and the same end.
    let start = 0
    while (start < lines.length && start < drawnLines.length && lines[start] === drawnLines[start]) start++
    let end = 0
    while (end < lines.length - start && end < drawnLines.length - start && lines[lines.length - 1 - end] === drawnLines[drawnLines.length - 1 - end]) end++
    for (let i = drawnLines.length - end - 1; i >= start; i--) text.children[i].remove()
    const before = text.children[start] || null
    const fresh = document.createDocumentFragment()
    for (const line of lines.slice(start, lines.length - end)) fresh.append(h("div", {}, line ? colour(line) : "\u200b"))
    text.insertBefore(fresh, before)
    drawnLines = lines
    marks()
    scroll()
  }
  const flush = () => {
    clearTimeout(timer)
    timer = null
    if (isReady && area.value !== sent) { sent = area.value; model.send_msg({ event: "text", text: sent }) }
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(flush, area.value.length > 100000 ? 1500 : 300) }
  const cursor = (line, column) => {
    const at = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + Math.max(column - 1, 0)
    area.focus()
    area.setSelectionRange(at, at)
    area.scrollTop = Math.max(0, (line - 5) * 20)
    area.scrollLeft = 0
    scroll()
  }
  area.addEventListener("input", () => { paint(); later() })
  // Chromium's own insertion takes 40 s for 3,000 pasted lines (measured, in an empty page too). Its undo does not reach back over this; Undo edits does.
  area.addEventListener("beforeinput", (event) => {
    const pasted = event.data ?? event.dataTransfer?.getData("text/plain")
    if (!pasted || pasted.length < 8000 || event.isComposing) return
    event.preventDefault()
    area.setRangeText(pasted.replace(/\r\n?/g, "\n"), area.selectionStart, area.selectionEnd, "end")
    paint()
    later()
  })
  area.addEventListener("blur", flush)
  area.addEventListener("scroll", scroll, { passive: true })
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { flush(); return }
    // The dialog asks before it closes, once the server knows what was typed.
    if (event.key === "Escape") { flush(); return }
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return
    // The next line starts where this one does, one step further below a key without a value.
    const line = area.value.slice(0, area.selectionStart).split("\n").pop()
    const indent = line.match(/^ */)[0] + (/:\s*$/.test(line) ? "  " : "")
    if (!indent) return
    event.preventDefault()
    document.execCommand("insertText", false, "\n" + indent)
  })
  go.addEventListener("click", () => cursor(model.problem_line, model.problem_column || 1))
  model.on("msg:custom", (data) => {
    if (typeof data.text === "string") {
      // What the person typed meanwhile wins over what the server thinks.
      if (isReady && area.value !== sent) { flush(); return }
      isReady = true
      sent = data.text
      if (area.value !== data.text) area.value = data.text
      paint()
    } else if (data.line) cursor(data.line, data.column)
  })
  const draw = () => {
    area.setAttribute("aria-label", model.label)
    area.setAttribute("aria-invalid", String(!!model.problem))
    area.placeholder = model.placeholder
    foot.hidden = !model.problem
    words.textContent = words.title = model.problem
    go.hidden = !model.problem_line
    marks()
  }
  model.on(["label", "placeholder", "problem", "problem_line", "problem_column"], draw)
  draw()
  model.on("remove", flush)
  // Not inside a render: the document may not know this component yet, and Bokeh would try to send the whole of it along.
  setTimeout(() => model.send_msg({ event: "ready" }), 0)
}
