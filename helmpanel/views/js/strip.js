export function render({ model, el }) {
  const turn = h("span", { style: "display:contents" })
  const fold = h("button.t", { type: "button" }, turn, "Operations")
  const count = h("span.cnt")
  const past = h("button.btn.ghost.sm", { type: "button" })
  const running = h("div")
  const ended = h("div")
  const box = h("section", { "aria-label": "Operations" }, h("header", {}, fold, count, h("span.grow"), past), running, ended)
  // Narrow views start folded: the list of releases comes first there.
  let isOpen = (shell(el)?.clientWidth ?? innerWidth) > 760
  let isPast = false
  const draw = () => {
    const none = model.running_count === 0
    box.className = "ops" + (model.is_compact ? " compact" : "")
    turn.replaceChildren(icon(isOpen ? "down" : "right"))
    fold.setAttribute("aria-expanded", String(isOpen))
    count.textContent = none ? "None running" : `${model.running_count} running`
    past.hidden = model.ended_count === 0
    past.textContent = isPast ? "Hide ended" : `${model.ended_count} ended`
    past.setAttribute("aria-expanded", String(isPast))
    running.hidden = !isOpen
    ended.hidden = !isOpen || !isPast
  }
  const toggle = () => { isOpen = !isOpen; draw() }
  fold.addEventListener("click", toggle)
  past.addEventListener("click", () => { isPast = !isPast; if (isPast) isOpen = true; draw() })
  const root = shell(el)
  const on_key = () => { toggle(); fold.focus() }
  root?.addEventListener("hp-operations", on_key)
  model.on("remove", () => root?.removeEventListener("hp-operations", on_key))
  // Notifications stand above the strip, however high it is.
  const measure = new ResizeObserver(() => { if (!model.is_compact) root?.style.setProperty("--hp-strip", `${box.offsetHeight}px`) })
  measure.observe(box)
  model.on("remove", () => measure.disconnect())
  const fill = () => {
    arrange(running, model.get_child("running"))
    arrange(ended, model.get_child("ended"))
    draw()
  }
  model.on(["running", "ended"], fill)
  drawn(model, ["running_count", "ended_count", "is_compact"], draw)
  fill()
  el.append(box)
}
