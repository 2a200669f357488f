// Looks at every change of the page, shadow roots included, and keeps when what was asked for had been painted.
(() => {
  const roots = [document], waiting = []
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)])
  const look = () => {
    for (const one of waiting.filter((one) => one.is(all))) {
      waiting.splice(waiting.indexOf(one), 1)
      // A task after the next frame: by then the frame has been painted.
      requestAnimationFrame(() => setTimeout(() => one.done(performance.now())))
    }
  }
  const observer = new MutationObserver(look)
  const observe = (root) => observer.observe(root, { childList: true, subtree: true, characterData: true })
  observe(document)
  const attach = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options)
    roots.push(root)
    observe(root)
    return root
  }
  const painted = (is) => new Promise((done) => { waiting.push({ is, done }); look() })
  const texts = (all, column) => all(`[role=gridcell].c-${column}`).map((cell) => cell.textContent.trim())

  const first = painted((all) => texts(all, "name").length > 0)
  window.benchmark = {
    /** Milliseconds to the first row painted: from the document with its scripts loaded, and from the navigation, which is when the server builds the page. */
    first: async () => [(await first) - performance.getEntriesByType("navigation")[0].domContentLoadedEventStart, await first],
    /** Milliseconds from text typed into the search to only rows with it painted. */
    filter: async (text) => {
      const input = all("input").find((each) => (each.getAttribute("aria-label") || "").startsWith("Search releases"))
      const begun = performance.now()
      input.value = text
      input.dispatchEvent(new Event("input", { bubbles: true, composed: true }))
      return (await painted((all) => { const names = texts(all, "name"); return names.length > 0 && names.every((name) => name.includes(text)) })) - begun
    },
    /** Begin to wait for a revision. */
    expect: (revision) => { window.benchmark.expected = painted((all) => texts(all, "revision").includes(String(revision))) },
    /** When it was painted, in milliseconds since the epoch. */
    seen: async () => performance.timeOrigin + (await window.benchmark.expected),
  }
})()
