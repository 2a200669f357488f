// What a person asked for and Python has not answered yet: the next press goes on from there.

/** What is asked for, by name or key; `is_answered` says whether the model holds it by now. What is not answered for three seconds was refused: `refused` is called, and the model is right. */
function asking(is_answered, refused = () => {}) {
  const open = new Map()  // name or key to { value } of the last press
  const forget = (presses, is_over) => { for (const [key, press] of presses) if (open.get(key) === press && is_over(key, press.value)) open.delete(key) }
  return {
    get: (key, otherwise) => (open.has(key) ? open.get(key).value : otherwise),
    ask: (asked) => {
      const presses = asked.map(([key, value]) => [key, { value }])
      for (const [key, press] of presses) open.set(key, press)
      setTimeout(() => { forget(presses, () => true); refused() }, 3000)
    },
    answered: () => forget([...open], is_answered),
    drop: (key) => open.delete(key),
    clear: () => open.clear(),
  }
}
