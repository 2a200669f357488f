// What a person asked for and Python has not answered yet: the next press goes on from there.

/** What is asked for, by name or key; `is_answered` says whether the model holds it by now. What is not answered for three seconds was refused: `refused` is called, and the model is right. */
function asking(is_answered, refused = () => {}) {
  const open = new Map()
  const forget = (asked, is_over) => { for (const [key, value] of asked) if (open.get(key) === value && is_over(key, value)) open.delete(key) }
  return {
    get: (key, otherwise) => (open.has(key) ? open.get(key) : otherwise),
    ask: (asked) => {
      for (const [key, value] of asked) open.set(key, value)
      setTimeout(() => { forget(asked, () => true); refused() }, 3000)
    },
    answered: () => forget([...open], is_answered),
    drop: (key) => open.delete(key),
    clear: () => open.clear(),
  }
}
