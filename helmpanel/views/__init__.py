"""What is on the screen: Panel only, one component a file; sees the cluster and the model, never helm, kube or charts.

How a view is made:

- Components of our own derive from `part.Part`: parameters go in, named messages come out (`part.on("press", handler)`), text is drawn by `textContent`.
  Browser code lies in `js/NAME.js` (it may use what `js/common.js` gives), rules in `css/NAME.css` after `css/shared.css`; both are joined by `assets`.
  A component's own <div> carries its class name in lower case as CSS class: name no rule after it.
- Colours, sizes, icons: custom properties, set once on the outermost element (`css/tokens.css`, `css/icons.css`) and inherited through shadow roots.
- Controls of forms are in `controls/`: Button, TextField, Select, Checkbox, RadioCards, Tabs, Callout.
- A dialog is a `dialog.Form` with a body and a foot, asked by `await dialogs.ask(form)`.
- A press that starts something asynchronous goes through `clicks.Clicks.run`, which shows its failure.
- panel-material-ui is never imported: the parts here need none of it, and importing it would restyle Panel's own widgets.
"""
