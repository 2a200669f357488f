"""Controls of forms and bars, one a file: the look's own, text by textContent, disabled ones stay focusable and say why."""
