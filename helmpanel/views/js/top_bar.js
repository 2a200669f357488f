const THEMES = [["light", "Light", "sun"], ["system", "As the system", "system"], ["dark", "Dark", "moon"]]

export function render({ model, el }) {
  // The server behind this page is gone, or out of reach: what is shown stays, but nothing can be done until it is back.
  let isLost = false
  const name = h("span.cut")
  const server = h("small")
  const chip = h("span.ctx", {}, icon("context"), name, server)
  const middle = h("div.middle")
  const word = h("span")
  const mark = h("span", { style: "display:contents" })
  const live = h("button.live", { type: "button", onclick: () => { if (isLost) location.reload(); else model.send_msg({ event: "refresh" }) } }, mark, word, icon("refresh", ".end"))
  const said = h("span.sr", { role: "status" })
  const themes = THEMES.map(([mode, text, name_]) => h("button", { type: "button", role: "radio", "aria-label": text, title: `Theme: ${text.toLowerCase()}`, "data-mode": mode, onclick: () => pick(mode) }, icon(name_)))
  const seg = h("span.seg", { role: "radiogroup", "aria-label": "Theme" }, themes)
  const keys = h("button.icon.keys", { type: "button", "aria-label": "Keyboard shortcuts", title: "Keyboard shortcuts  ?", onclick: () => model.send_msg({ event: "help" }) }, icon("keys"))
  const bar = h("header", {}, h("h1.brand", {}, icon("mark"), h("span", {}, "helmpanel")), h("span.rule"), chip, middle, h("span.grow"), live, said, h("span.rule"), seg, keys)

  const pick = (mode) => {
    // On a narrow bar only the chosen one shows: pressing it goes to the next.
    const order = THEMES.map(([key]) => key)
    const next = mode === model.theme && seg.clientWidth < 60 ? order[(order.indexOf(mode) + 1) % 3] : mode
    model.send_msg({ event: "theme", mode: next })
  }
  seg.addEventListener("keydown", (event) => {
    const to = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!to) return
    const at = themes.findIndex((button) => button.dataset.mode === model.theme)
    const next = themes[(at + to + 3) % 3]
    model.send_msg({ event: "theme", mode: next.dataset.mode })
    next.focus()
    event.preventDefault()
  })
  drawn(model, ["context", "server", "helm"], () => {
    name.textContent = model.context || "…"
    server.textContent = model.server
    server.hidden = !model.server
    chip.title = [`Context ${model.context}`, model.server, model.helm && `helm ${model.helm}`].filter(Boolean).join("\n")
  })
  let last = ""
  const lasting = (from) => { const s = Math.max(0, Math.round((Date.now() - from) / 1000)); return s < 120 ? `${s} s` : s < 7200 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h` }
  const draw_live = () => {
    const age = model.read_at === null ? "" : ago(model.read_at).replace("Just now", "just now")
    const stale = model.since === null ? "" : lasting(model.since)
    const [shape_, text, number] = {
      loading: ["st-pending", "Connecting", ""],
      live: ["st-healthy", "Live", ""],
      "catching-up": ["st-pending", "Catching up", ""],
      ready: ["st-healthy", "Read ", age],
      stale: ["clock", "Stale ", stale],
      failed: ["unreachable", model.failure, ""],
    }[model.state]
    const isBusy = (model.is_reading || model.state === "catching-up") && !isLost
    live.className = "live " + (isLost ? "failed" : model.state)
    mark.replaceChildren(isBusy ? icon("st-pending", ".spin") : icon(shape_))
    word.replaceChildren(...(number ? [text, h("span.num", {}, number)] : [text]))
    const about = {
      live: "Changes show by themselves. Press to read everything anew",
      "catching-up": "What was missed is being asked for",
      ready: `Press to read again. Last read ${age}`,
      stale: model.since === null ? "" : `Not heard since ${new Date(model.since).toLocaleTimeString("en-GB")}. It is tried again by itself; press to try now`,
    }[model.state] || "Press to try again"
    live.title = isBusy && model.state !== "catching-up" ? "Reading the cluster now" : [about, model.state === "stale" && model.why, model.way].filter(Boolean).join("\n")
    if (isLost) {
      mark.replaceChildren(icon("unreachable"))
      word.textContent = "Disconnected"
      live.title = "This page has lost its server. Running operations go on without it. Press to load the page again"
    }
    live.setAttribute("aria-label", isLost ? "Disconnected from the server. Load the page again" : `${word.textContent}. Refresh`)
    // Changes of state are read out, the running age is not.
    const now = isLost ? "Disconnected from the server" : { loading: "Connecting", live: last && last !== "Connecting" ? "Live again" : "", "catching-up": last, ready: "", stale: "What is shown is stale", failed: model.failure }[model.state]
    if (now !== last) { last = now; said.textContent = now }
  }
  drawn(model, ["state", "failure", "read_at", "since", "why", "way", "is_reading"], draw_live)
  watching_connection(model, (lost) => { isLost = lost; draw_live() })
  if (model.document?.config) model.document.config.notify_connection_status = false  // said here, in our own words
  ticking(model, 1000, draw_live)
  drawn(model, ["theme"], () => {
    for (const button of themes) {
      const isOn = button.dataset.mode === model.theme
      button.setAttribute("aria-checked", String(isOn))
      button.tabIndex = isOn ? 0 : -1
    }
  })
  const fill = () => middle.replaceChildren(...model.get_child("middle"))
  model.on("middle", fill)
  fill()
  drawn(model, ["is_compact"], () => { bar.className = "top" + (model.is_compact ? " compact" : "") })
  el.append(bar)
}
