const KEPT = "helmpanel-theme"

export function render({ model, el }) {
  const root = shell(el)
  const system = matchMedia("(prefers-color-scheme: dark)")
  const notebook = () => document.body.dataset.jpThemeLight  // JupyterLab and Notebook 7 say "true" or "false" there
  let kept = null
  try { kept = localStorage.getItem(KEPT) } catch { /* a portal's iframe may have no storage */ }
  if (["light", "dark"].includes(kept)) model.mode = kept
  const apply = () => {
    const isDark = model.mode === "dark" || (model.mode === "system" && (notebook() ? notebook() === "false" : system.matches))
    // Where the page brings the tokens (our own template) its outermost element carries the class, else the dashboard's.
    for (const node of [root, document.documentElement]) if (node?.classList.contains("hp") || node?.classList.contains("hp-page")) node.classList.toggle("hp-dark", isDark)
    if (model.is_dark !== isDark) model.is_dark = isDark
  }
  const watcher = new MutationObserver(apply)
  if (notebook()) watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] })
  system.addEventListener("change", apply)
  model.on("remove", () => { watcher.disconnect(); system.removeEventListener("change", apply) })
  model.on("mode", () => {
    try { if (model.mode === "system") localStorage.removeItem(KEPT); else localStorage.setItem(KEPT, model.mode) } catch { /* as above */ }
    apply()
  })
  apply()
}
