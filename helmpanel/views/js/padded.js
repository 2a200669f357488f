export function render({ model, el }) {
  const room = h("div.room")
  const fill = () => room.replaceChildren(...model.get_child("parts"))
  model.on("parts", fill)
  fill()
  drawn(model, ["is_sunken"], () => room.classList.toggle("sunken", model.is_sunken))
  el.append(room)
}
