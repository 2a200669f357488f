export function render({ model, el }) {
  el.append(h("dl", {}, model.shortcuts.flatMap(([what, keys]) => [h("dt", {}, what), h("dd", {}, keys.split(" ").map((key) => h("kbd", {}, key)))])))
}
