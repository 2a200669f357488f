export function render({ model, el }) {
  const mark = h("span.st-i")
  const title = h("b")
  const subtitle = h("span.muted")
  const phase = h("span.phase.soft.cut", { role: "status" })
  const fill = h("i")
  const bar = h("span.bar", { role: "progressbar" }, fill)
  const time = h("span.t")
  const log_word = h("span.lbl")
  const log_button = h("button.btn.ghost.sm", { type: "button", "aria-expanded": "false" }, icon("log"), log_word)
  const cancel_word = h("span.lbl")
  const cancel = h("button.btn.ghost.sm", { type: "button", onclick: () => model.send_msg({ event: "cancel" }) }, icon("stop"), cancel_word)
  const why = h("p.why", { hidden: true })
  const log = h("pre.log", { tabindex: "0", hidden: true })
  const line = h("div", { role: "group" }, mark, h("div.what.cut", {}, title, " ", subtitle), phase, bar, time, h("div.acts", {}, log_button, cancel), why, log)

  let from = Date.now()
  const draw_time = () => {
    const seconds = Math.floor(model.elapsed + (model.is_counting ? (Date.now() - from) / 1000 : 0))
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  }
  drawn(model, ["title", "subtitle", "phase", "why", "group", "progress", "is_running", "cancel_word", "is_card"], () => {
    line.className = "op" + (model.is_card ? " card" : "")
    line.setAttribute("aria-label", model.title)
    title.textContent = model.title
    subtitle.textContent = model.subtitle
    title.parentElement.title = `${model.title} ${model.subtitle}`
    if (phase.textContent !== model.phase) phase.textContent = model.phase  // read out once, not with every percent
    phase.title = model.phase
    why.textContent = model.why
    why.hidden = !model.why
    phase.className = "phase cut " + (model.is_running ? "soft" : tone(model.group))
    mark.className = "st-i " + tone(model.group)
    mark.replaceChildren(shape(model.group))
    const isKnown = model.progress >= 0
    bar.className = "bar" + (model.is_running ? "" : " over") + (isKnown ? "" : " any")
    bar.style.setProperty("--w", `${Math.max(0, model.progress)}%`)
    bar.setAttribute("aria-label", `Progress of ${model.title}`)
    if (isKnown) bar.setAttribute("aria-valuenow", String(model.progress))
    else bar.removeAttribute("aria-valuenow")
    bar.setAttribute("aria-hidden", String(!model.is_running))
    cancel.hidden = !model.cancel_word
    cancel_word.textContent = model.cancel_word
    cancel.setAttribute("aria-label", `${model.cancel_word}: ${model.title}`)
    log.setAttribute("aria-label", `Log of ${model.title}`)
  })
  drawn(model, ["elapsed", "is_counting"], () => { from = Date.now(); draw_time() })
  ticking(model, 1000, draw_time)

  /* the log: text only, the newest lines, at its end unless the person scrolled up. In blocks, so that a new line lays out its own block alone */
  const BLOCK = 200
  const first = h("div")
  const blocks = h("div")
  let count = 0
  let follows = true
  const to_end = () => { if (follows) log.scrollTop = log.scrollHeight }
  const add = (line) => {
    let block = blocks.lastChild
    if (!block || block.childNodes.length >= BLOCK) blocks.append(block = h("div"))
    block.append(line + "\n")
    count += 1
  }
  const drop = () => {
    blocks.firstChild.firstChild.remove()
    if (!blocks.firstChild.firstChild) blocks.firstChild.remove()
    count -= 1
  }
  log.append(first, blocks)
  log.addEventListener("scroll", () => { follows = log.scrollHeight - log.scrollTop - log.clientHeight < 24 })
  const measure = new ResizeObserver(to_end)
  measure.observe(log)
  model.on("remove", () => measure.disconnect())
  model.on("msg:custom", (news) => {
    if (news.is_new) {
      follows = true
      blocks.replaceChildren()
      count = 0
    }
    for (const line of news.lines.slice(-model.log_lines)) add(line)
    while (count > model.log_lines) drop()
    first.textContent = news.dropped > 0 ? `… ${news.dropped.toLocaleString("en")} earlier lines are in the log file` : count ? "" : "helm has not said anything yet"
    to_end()
    requestAnimationFrame(to_end)
  })
  const show_log = (isOpen) => {
    log.hidden = !isOpen
    log_button.setAttribute("aria-expanded", String(isOpen))
    log_word.textContent = isOpen ? "Hide log" : "Log"
    log_button.setAttribute("aria-label", `${isOpen ? "Hide log" : "Log"} of ${model.title}`)
    if (model.is_log_open !== isOpen) model.is_log_open = isOpen
    if (isOpen) model.send_msg({ event: "log" })
  }
  log_button.addEventListener("click", () => show_log(log.hidden))
  model.on("is_log_open", () => { if (model.is_log_open === log.hidden) show_log(model.is_log_open) })
  show_log(model.is_log_open)
  el.append(line)
}
