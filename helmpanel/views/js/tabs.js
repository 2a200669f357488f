export function render({ model, el }) {
  const list = h("div.tablist", { role: "tablist" })
  const holder = h("div", { style: "display:contents" })
  let panels = []
  const show = () => {
    for (const tab of list.children) {
      const isOn = tab.dataset.key === model.value
      tab.setAttribute("aria-selected", String(isOn))
      tab.tabIndex = isOn ? 0 : -1
    }
    panels.forEach((panel, i) => { panel.hidden = model.tabs[i]?.key !== model.value })
  }
  const choose = (key, takeFocus) => {
    model.value = key
    show()
    if (takeFocus) [...list.children].find((tab) => tab.dataset.key === key)?.focus()
  }
  const draw = () => {
    const at = list.contains(el.getRootNode().activeElement) ? model.value : null
    list.replaceChildren(...model.tabs.map((tab, i) => h("button", {
      type: "button", role: "tab", id: "tab-" + i, "aria-controls": "panel-" + i, "data-key": tab.key, onclick: () => choose(tab.key, false),
    }, tab.label, tab.count && h("span.cnt" + (tab.is_bad ? ".bad" : ""), {}, tab.count))))
    show()
    if (at !== null) choose(at, true)
  }
  const fill = () => {
    panels = model.get_child("panels").map((child, i) => h("div.panel" + (model.is_flush ? ".flush" : ""), {
      role: "tabpanel", id: "panel-" + i, "aria-labelledby": "tab-" + i, tabindex: "0",
    }, child))
    holder.replaceChildren(...panels)
    show()
  }
  list.addEventListener("keydown", (event) => {
    const keys = model.tabs.map((tab) => tab.key)
    const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const at = keys.indexOf(model.value)
    if (to) choose(keys[(at + to + keys.length) % keys.length], true)
    else if (event.key === "Home") choose(keys[0], true)
    else if (event.key === "End") choose(keys[keys.length - 1], true)
    else return
    event.preventDefault()
  })
  model.on("panels", fill)
  model.on("value", show)
  fill()
  drawn(model, ["tabs"], draw)
  el.append(list, holder)
}
